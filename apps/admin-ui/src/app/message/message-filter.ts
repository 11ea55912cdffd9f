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
  /** A length of time back from now: `15m`, `1h`, `7d`. */
  readonly since?: string | undefined;
}

/** Whether any filter narrows the feed. */
export const isFiltered = (filter: MessageFilter): boolean => Object.values(filter).some((value) => value !== undefined && value !== '');

/** Whether all that a filter shows can be tried again at once: by state, endpoint, entity type and time; another filter would be lost on the way. */
export const mayTakeAll = ({ state, ticketId, said, rule }: MessageFilter): boolean => state === 'FAILED' && !isFiltered({ ticketId, said, rule });
