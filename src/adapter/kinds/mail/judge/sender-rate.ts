/** How many mails of one sender are taken in a time. */
export interface RateSettings {
  readonly mails: number;
  readonly minutes: number;
}

const MOST_SENDERS = 5_000;

/**
 * Counts mails per sender in windows of arrival time; kept in memory, per process. What it holds back is stored all the same, and ends
 * visibly.
 */
export class SenderRate {
  private readonly windows = new Map<string, { startedMs: number; count: number }>();

  /** Counts a mail of `sender` that arrived at `atMs`; true where it is one too many. */
  exceeds(sender: string, atMs: number, { mails, minutes }: RateSettings): boolean {
    const known = this.windows.get(sender);
    this.windows.delete(sender);
    const current = known !== undefined && atMs - known.startedMs < minutes * 60_000 ? known : { startedMs: atMs, count: 0 };
    current.count += 1;
    this.windows.set(sender, current);
    if (this.windows.size > MOST_SENDERS) this.windows.delete(this.windows.keys().next().value ?? '');
    return current.count > mails;
  }
}
