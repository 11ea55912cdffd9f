/** A heartbeat that took longer says too little of when the database looked at its clock. */
const LONGEST_LOOK_MS = 1_000;
/** Beyond this, signatures with times, certificates and dates in mails begin to be judged wrongly. */
const TOO_FAR_MS = 2_000;

/** When a heartbeat was sent and answered by this machine's clock, and what the database's clock said; milliseconds since 1970. */
export interface ClockLook {
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly databaseMs: number;
}

/** How far this machine's clock is ahead of the database's (negative: behind), and whether that has just become too much, or is right again. */
export interface ClockNews {
  readonly offsetMs: number;
  readonly turned: 'wrong' | 'right' | null;
}

/** Follows how far this machine's clock is from the database's; each turn is told once. */
export class ClockOffset {
  private isWrong = false;

  /** Null where the look took too long to say anything. */
  note({ sentMs, answeredMs, databaseMs }: ClockLook): ClockNews | null {
    // A clock that was set back meanwhile answers before it asked.
    if (Math.abs(answeredMs - sentMs) > LONGEST_LOOK_MS) return null;
    const offsetMs = Math.round((sentMs + answeredMs) / 2 - databaseMs);
    const isWrong = Math.abs(offsetMs) > TOO_FAR_MS;
    if (isWrong === this.isWrong) return { offsetMs, turned: null };
    this.isWrong = isWrong;
    return { offsetMs, turned: isWrong ? 'wrong' : 'right' };
  }
}
