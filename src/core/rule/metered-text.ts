/** Thrown where a text is read too often: the only way to stop a reader that knows no other end. */
class WorkSpent extends Error {}

/** What finding or taking a piece of the text costs, in characters read: each match of a replacement does some of it. */
const PIECE_COST = 8;

/**
 * A text that counts how often its characters are read, and stops its reader once that is too often: a bound on the
 * work of whoever reads it that needs no clock.
 */
export class MeteredText extends String {
  private reads = 0;

  constructor(
    text: string,
    private readonly maxReads: number,
  ) {
    super(text);
  }

  override charCodeAt(at: number): number {
    this.spend(1);
    return super.charCodeAt(at);
  }

  override indexOf(sought: string, from?: number): number {
    this.spend(PIECE_COST);
    return super.indexOf(sought, from);
  }

  override substring(from: number, to?: number): string {
    this.spend(PIECE_COST);
    return super.substring(from, to);
  }

  private spend(reads: number): void {
    this.reads += reads;
    // eslint-disable-next-line no-restricted-syntax -- it stops an engine that knows no other stop, and is caught around it
    if (this.reads > this.maxReads) throw new WorkSpent();
  }
}
