import type { BulkPlanDto, MessageSummary } from '../api/models';

/** The filters of the message feed as they stand in the address. */
export interface MessageFilter {
  readonly ticketId?: string | undefined;
  readonly state?: string | undefined;
  /** In what was received. */
  readonly said?: string | undefined;
  /** Id of a rule that took part. */
  readonly rule?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly entityType?: string | undefined;
  /** What their conversations remember now, as `name=value`. */
  readonly remembered?: readonly string[] | undefined;
  /** A length of time back from now: `15m`, `1h`, `7d`. */
  readonly since?: string | undefined;
}

/** Whether any filter narrows the feed. */
export const isFiltered = (filter: MessageFilter): boolean => Object.values(filter).some((value) => value !== undefined && value !== '');

/** States of messages that may have sent something. */
const SENDING: readonly (string | undefined)[] = [undefined, 'ROUTED', 'DELAYED', 'FAILED'];

/** The acts on all that a filter finds, not only on what is shown of it; `from`: the instant that its length of time named. Failed messages are tried again; of the others it is their deliveries that wait. */
export function actsOnAll(filter: MessageFilter, from: string | undefined): readonly BulkPlanDto[] {
  if (!isFiltered(filter)) return [];
  const { ticketId, said, rule, state, endpoint, entityType, remembered } = filter;
  const search = set({ ticketId, text: said, rule, endpoint, entityType, conversationAttribute: remembered === undefined ? undefined : [...remembered], from });
  const messages = { ...search, ...set({ state: state as MessageSummary['state'] | undefined }) };
  return [
    ...(state === undefined || state === 'FAILED' ? [{ action: 'message.retry' as const, filter: search }] : []),
    ...(SENDING.includes(state) ? (['delivery.retry', 'delivery.hold', 'delivery.skip'] as const).map((action) => ({ action, filter: { messages } })) : []),
  ];
}

const set = <T extends object>(members: T): Partial<T> => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== '')) as Partial<T>;

const PREFIX = 'conversation.';

/** What an address asks of conversations: `conversation.<name>=<value>`. */
export function rememberedIn({ keys, get }: { readonly keys: readonly string[]; readonly get: (key: string) => string | null }): readonly string[] | undefined {
  const found = keys.filter((key) => key.startsWith(PREFIX) && key.length > PREFIX.length && get(key)).map((key) => `${key.slice(PREFIX.length)}=${get(key) ?? ''}`);
  return found.length === 0 ? undefined : found;
}

/** How `name=value` stands in the address; undefined where it says no name or no value. */
export function rememberedKey(text: string): { readonly key: string; readonly value: string } | undefined {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
  return at === -1 || name === '' || value === '' ? undefined : { key: PREFIX + name, value };
}
