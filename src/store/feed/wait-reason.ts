/** What a delayed execution may wait for, each in words. */
const WORDS = { Time: 'a time', ConversationAttribute: 'a conversation attribute', TicketId: 'a ticket id', Order: 'those before it' } as const;

export type WaitReasonName = keyof typeof WORDS;

export const WAIT_REASONS = Object.keys(WORDS) as readonly WaitReasonName[];

/** SQL for what a row of `delayed_execution` waits for, in words; null where it waits for nothing. */
export const waitsForWords = (alias: string): string => `(SELECT string_agg(DISTINCT CASE w->>'type' ${Object.entries(WORDS).map(([type, words]) => `WHEN '${type}' THEN '${words}'`).join(' ')} ELSE w->>'type' END, ', ')
  FROM jsonb_array_elements(${alias}.waiting_for) w)`;
