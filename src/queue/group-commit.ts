import { fairShare } from './fair-share.js';

/** How items are put together. */
export interface GroupCommitOptions {
  readonly maxItems: number;
  /** How long an item waits for company while a write is under way, in milliseconds. */
  readonly maxWaitMs: number;
  /** Writes that may be under way at once. */
  readonly inFlight: number;
}

/** Whose an item is: where more waits than one write takes, everybody gets a share of it. */
type GroupOf<T> = (item: T) => string;

const ONE_GROUP = (): string => '';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Where company is likely, the first item waits for it this long, in milliseconds: a write of one costs nearly as much as one of twenty. */
const GATHER_MS = 2;
/** A write of so many items says that company is likely. */
const COMPANY = 4;

/**
 * Puts items that come one by one into few writes. An item that comes alone goes at the end of this turn of the loop; under
 * load the first waits a moment for others, and what comes while writes are under way goes together when one ends, or after
 * `maxWaitMs` where another may begin. `write` answers in the order of its items; what it throws, every item of that write gets.
 */
export class GroupCommit<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running = 0;
  private timer: NodeJS.Timeout | undefined;
  private turn: NodeJS.Immediate | undefined;
  private lastSize = 0;

  constructor(private readonly write: (items: readonly T[]) => Promise<readonly R[]>, private readonly options: GroupCommitOptions, private readonly groupOf: GroupOf<T> = ONE_GROUP) {}

  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.wait()) this.turn ??= setImmediate(() => this.flush());
    });
  }

  /** Items that wait for a write. */
  get depth(): number {
    return this.waiting.length;
  }

  /** Whether what waits is better off waiting on: for a write to end, or for company. */
  private wait(): boolean {
    if (this.running >= this.options.inFlight) return true; // the write that ends takes it along
    if (this.waiting.length >= this.options.maxItems) return false;
    const waitMs = this.running > 0 ? this.options.maxWaitMs : this.lastSize >= COMPANY && this.waiting.length < COMPANY ? GATHER_MS : null;
    if (waitMs !== null) this.timer ??= setTimeout(() => this.flush(), waitMs);
    return this.timer !== undefined;
  }

  private flush(): void {
    clearTimeout(this.timer);
    if (this.turn !== undefined) clearImmediate(this.turn);
    this.timer = this.turn = undefined;
    if (this.waiting.length === 0 || this.running >= this.options.inFlight) return;
    const { taken: batch, left } = fairShare(this.waiting, this.options.maxItems, ({ item }) => this.groupOf(item));
    this.waiting = left;
    this.running++;
    this.lastSize = batch.length;
    void this.run(batch);
  }

  private async run(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.write(batch.map((one) => one.item));
      batch.forEach((one, i) => one.resolve(results[i]!));
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      this.running--;
      if (this.waiting.length > 0 && !this.wait()) this.flush();
    }
  }
}
