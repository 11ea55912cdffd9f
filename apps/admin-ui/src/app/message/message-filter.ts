/** The filters of the message feed as they stand in the address. */
export interface MessageFilter {
  readonly ticketId?: string | undefined;
  readonly state?: string | undefined;
  /** In what was received. */
  readonly said?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly entityType?: string | undefined;
  /** A length of time back from now: `15m`, `1h`, `7d`. */
  readonly since?: string | undefined;
}

/** Whether any filter narrows the feed. */
export const isFiltered = (filter: MessageFilter): boolean => Object.values(filter).some((value) => value !== undefined && value !== '');
