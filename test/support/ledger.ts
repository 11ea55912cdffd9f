/** One thing that a source says of a ticket. Step 0 opens it, the others change it, in this order. */
export interface Entry {
  readonly ticket: string;
  readonly step: number;
}

/** What a target did with a request that carried an entry. */
export interface Effect extends Entry {
  /** The target's own id of the ticket that the request made or changed. */
  readonly targetId: string;
  readonly kind: 'create' | 'update';
  /** False where the target recognised the request's idempotency key and only repeated its answer. */
  readonly isNew: boolean;
}

/** What a run came to. Repeats are requests that did nothing because the target honours idempotency keys: they are no fault. */
export interface LedgerCounts {
  readonly attempted: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicate_creates: number;
  readonly duplicate_updates: number;
  readonly order_violations: number;
  readonly unaccounted: number;
  readonly repeats: number;
}

/** Counts that must be zero whatever was broken. */
export const CLEAN = { lost: 0, duplicate_creates: 0, duplicate_updates: 0, order_violations: 0, unaccounted: 0 } as const;

export const summaryOf = (counts: LedgerCounts): string => Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ');

const keyOf = ({ ticket, step }: Entry): string => `${ticket}/${step}`;

interface Watch {
  readonly isReached: () => boolean;
  readonly resolve: () => void;
}

/** The book in which a source writes what it sends and a target what it gets; both live longer than what is tested. */
export class Ledger {
  private readonly attempted = new Set<string>();
  private readonly acknowledged = new Set<string>();
  /** Acknowledged and not arrived: looked at with every arrival, so that it is kept and not counted anew. */
  private readonly awaited = new Map<string, Entry>();
  private readonly effects: Effect[] = [];
  private readonly delivered = new Set<string>();
  private watches: Watch[] = [];

  attempt(entry: Entry): void {
    this.attempted.add(keyOf(entry));
  }

  acknowledge(entry: Entry): void {
    const key = keyOf(entry);
    this.acknowledged.add(key);
    if (!this.delivered.has(key)) this.awaited.set(key, entry);
    this.look();
  }

  record(effect: Effect): void {
    this.effects.push(effect);
    this.delivered.add(keyOf(effect));
    this.awaited.delete(keyOf(effect));
    this.look();
  }

  get requests(): number {
    return this.effects.length;
  }

  /** Entries that were acknowledged and have not arrived. */
  missing(): Entry[] {
    return [...this.awaited.values()];
  }

  /** Resolves when the target has got this many requests. */
  untilRequests(count: number, limitMs: number): Promise<void> {
    return this.until(() => this.effects.length >= count, limitMs, `the target got ${count} requests`);
  }

  untilAcknowledged(count: number, limitMs: number): Promise<void> {
    return this.until(() => this.acknowledged.size >= count, limitMs, `${count} entries were acknowledged`);
  }

  /** Resolves when everything that was acknowledged has arrived. */
  untilDelivered(limitMs: number): Promise<void> {
    return this.until(() => this.acknowledged.size > 0 && this.awaited.size === 0, limitMs, 'everything arrived');
  }

  counts(): LedgerCounts {
    const fresh = this.effects.filter((effect) => effect.isNew);
    const byTicket = Map.groupBy(fresh, (effect) => effect.ticket);
    const sum = (count: (effects: readonly Effect[]) => number): number => [...byTicket.values()].reduce((total, effects) => total + count(effects), 0);
    return {
      attempted: this.attempted.size,
      acknowledged: this.acknowledged.size,
      delivered: this.delivered.size,
      lost: this.awaited.size,
      duplicate_creates: sum((effects) => Math.max(0, effects.filter(({ kind }) => kind === 'create').length - 1)),
      duplicate_updates: sum((effects) => {
        const updates = effects.filter(({ kind }) => kind === 'update').map(({ step }) => step);
        return updates.length - new Set(updates).size;
      }),
      order_violations: sum(disorderOf),
      unaccounted: fresh.filter((effect) => !this.attempted.has(keyOf(effect))).length,
      repeats: this.effects.length - fresh.length,
    };
  }

  private look(): void {
    if (this.watches.length === 0) return;
    const reached = new Set(this.watches.filter(({ isReached }) => isReached()));
    this.watches = this.watches.filter((watch) => !reached.has(watch));
    for (const { resolve } of reached) resolve();
  }

  private until(isReached: () => boolean, limitMs: number, what: string): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const missing = this.missing().slice(0, 5).map(keyOf).join(' ');
        reject(new Error(`waited ${limitMs} ms in vain until ${what}: ${summaryOf(this.counts())}; missing: ${missing}`));
      }, limitMs);
      this.watches.push({ isReached, resolve: () => { clearTimeout(timer); resolve(); } });
    });
  }
}

/** Places where a ticket's steps do not grow, its first request is no create, or a request names another ticket than the create made. */
function disorderOf(effects: readonly Effect[]): number {
  const [first] = effects;
  let disorder = first?.kind === 'create' && first.step === 0 ? 0 : 1;
  for (let i = 1; i < effects.length; i++) {
    const [before, now] = [effects[i - 1]!, effects[i]!];
    if (now.step < before.step || now.targetId !== before.targetId) disorder++;
  }
  return disorder;
}
