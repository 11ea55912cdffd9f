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

/** Whether all that a filter shows can be tried again at once: by state, endpoint, entity type and time; another filter would be lost on the way. */
export const mayTakeAll = ({ state, ticketId, said, rule, remembered }: MessageFilter): boolean => state === 'FAILED' && !isFiltered({ ticketId, said, rule, remembered });

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
