import type { OpenedMail } from '../mime/opened-mail.js';

/** What is remembered of a thread for mails that go into it. */
export interface ThreadNote {
  /** Ids of the chain, oldest first, without brackets; the last is that of the newest mail. */
  readonly chain: readonly string[];
  readonly subject: string;
  /** Whom to answer. */
  readonly replyTo: string;
}

/** RFC 5322 lets a chain be cut; the first id and the newest ones are what clients thread by. */
const MOST_IDS = 20;
const LONGEST_ID = 300;

/** What a mail tells of its thread. Answers never go to ourselves. */
export function threadNote(mail: OpenedMail, ownAddresses: readonly string[]): Readonly<Record<string, unknown>> {
  const replyTo = [...mail.replyTo, ...mail.from].map((one) => one.address).find((address) => !ownAddresses.includes(address)) ?? '';
  const chain = cutChain([...(mail.references.length > 0 ? mail.references : mail.inReplyTo), ...(mail.messageId === null ? [] : [mail.messageId])]);
  const note: ThreadNote = { chain, subject: mail.subject.slice(0, 500), replyTo };
  return { ...note };
}

export function cutChain(ids: readonly string[]): readonly string[] {
  const usable = [...new Set(ids)].filter((id) => id.length <= LONGEST_ID);
  return usable.length <= MOST_IDS ? usable : [usable[0]!, ...usable.slice(1 - MOST_IDS)];
}

/** A note as it was kept; null where it is none. */
export function readThreadNote(kept: Readonly<Record<string, unknown>> | null | undefined): ThreadNote | null {
  if (kept === null || kept === undefined || !Array.isArray(kept['chain'])) return null;
  const text = (name: string): string => (typeof kept[name] === 'string' ? kept[name] : '');
  return { chain: (kept['chain'] as unknown[]).filter((id) => typeof id === 'string'), subject: text('subject'), replyTo: text('replyTo') };
}
