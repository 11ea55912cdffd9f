import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { trialOf } from '../core/delivery/blame.js';
import type { Claim } from '../store/pipeline/lane.js';
import { refusalOf } from '../store/pipeline/statement.js';
import type { Instance } from './instance.service.js';
import { fairShare } from './fair-share.js';
import { METRICS } from './metrics.js';
import { settle } from './settle.js';
import type { StageWorker } from './stage-hub.js';

/** A stage that only decides: claim, read, decide, commit. Loop, batches, claims, refusals and retries are the runtime's. */
export interface BatchStage<Lane, Context, Result> {
  readonly name: string;
  /** Takes ready lanes from the store, oldest first; `full`: there may be more. */
  claim(claim: Claim): Promise<{ readonly lanes: readonly Lane[]; readonly full: boolean }>;
  /** Reads what the claims protect, for all lanes together. */
  read(lanes: readonly Lane[]): Promise<Context>;
  /** Decides one lane: pure functions of what was read. */
  decide(lane: Lane, context: Context): Result;
  /**
   * Fetches what a decision lacks, outside of any transaction; null: it lacks nothing. Afterwards its lane is decided again,
   * and a decision that still lacks something must say so visibly instead of asking for ever.
   */
  supply?(result: Result): Promise<void> | null;
  /** Writes results in one transaction, takes the next stage's idle lanes under a new claim, and hands them over once that is committed. */
  commit(results: readonly Result[]): Promise<void>;
  /** A lane that crashes whoever takes it, or whose result the database refuses: its head ends visibly, its lane goes on. */
  condemn(lane: Lane, reason: string): Result;
  /** How many items of a lane were claimed with it. */
  size(lane: Lane): number;
  /** The lane with its first `count` items only; the others stay for the next claim. */
  first(lane: Lane, count: number): Lane;
  /** Gives a lane back unworked. */
  release(lane: Lane): Promise<void>;
  crashCount(lane: Lane): number;
  /** Notes in the store that a suspected lane is about to be tried alone. */
  accuse(lane: Lane): Promise<void>;
  /** Whose a lane is: what is in hand is divided among all who have some. */
  ownerOf(lane: Lane): string;
}

/** A decision, and what it was made of. */
interface Decided<Lane, Context, Result> {
  readonly lane: Lane;
  readonly context: Context;
  readonly result: Result;
}

const MOST_LANES = 64;

/** Runs one batch stage. */
export class BatchRunner<Lane, Context, Result> implements StageWorker<Lane> {
  private handed: Lane[] = [];
  private behind = false;
  /** Lanes in hand that were so at several ends of a process: each is tried alone, by its head. */
  private suspects: Lane[] = [];
  private isTrying = false;
  private running = 0;
  private stopping = false;
  private idle: (() => void)[] = [];
  private readonly log: Logger;

  constructor(private readonly stage: BatchStage<Lane, Context, Result>, private readonly instance: Instance, private readonly inFlight: number) {
    this.log = new Logger(stage.name);
    instance.whenLost(() => {
      this.handed = [];
      this.suspects = [];
    });
  }

  get depth(): number {
    return this.handed.length + this.suspects.length;
  }

  hand(lanes: readonly Lane[]): void {
    this.handed.push(...lanes);
    this.pump();
  }

  wake(): void {
    this.behind = true;
    this.pump();
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.stopping = true;
    if (this.running === 0 && this.depth === 0) return;
    this.pump();
    await new Promise<void>((resolve) => {
      this.idle.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private pump(): void {
    if (this.isTrying || !this.instance.mayWork()) return;
    if (this.suspects.length > 0) {
      if (this.running === 0) this.begin(() => this.tryAlone());
      return; // what is under way ends first
    }
    while (this.running < this.inFlight && (this.handed.length > 0 || (this.behind && !this.stopping)) && this.suspects.length === 0) this.begin(() => this.run());
  }

  private begin(work: () => Promise<void>): void {
    this.running++;
    void work().finally(() => {
      this.running--;
      if (this.depth > 0 || this.behind) setImmediate(() => this.pump());
      if (this.running === 0 && this.depth === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
  }

  /** Nothing else of this stage is under way: should the process end now, it is this lane's fault. */
  private async tryAlone(): Promise<void> {
    this.isTrying = true;
    this.suspects.sort((a, b) => this.stage.crashCount(a) - this.stage.crashCount(b));
    const lane = this.suspects.shift()!;
    try {
      await this.stage.accuse(lane);
      await this.work([this.stage.first(lane, 1)]);
    } catch (error) {
      this.log.error({ event: 'stage.batch-dropped', lanes: 1, error: String(error), message: 'a batch was dropped; its lanes will be taken up again' });
      await this.giveBack([lane]);
    } finally {
      this.isTrying = false;
    }
  }

  private async run(): Promise<void> {
    // Lanes that waited in the store go before those that were claimed as they got work.
    let lanes: readonly Lane[] = [];
    if (this.behind && !this.stopping) {
      this.behind = false;
      try {
        const claimed = await this.instance.claiming((claim) => this.stage.claim(claim));
        lanes = claimed.lanes;
        if (claimed.full) this.behind = true;
      } catch (error) {
        this.log.warn({ event: 'stage.claim-failed', error: String(error), message: 'ready lanes could not be claimed; the next sweep tries again' });
      }
    }
    const { taken, left } = fairShare(this.handed, MOST_LANES, (lane) => this.stage.ownerOf(lane));
    this.handed = left;
    const [batch, suspects] = apart([...lanes, ...taken], (lane) => trialOf(this.stage.crashCount(lane)) !== 'alone');
    this.suspects.push(...suspects);
    if (batch.length === 0) return;
    const startedAt = performance.now();
    try {
      await this.work(batch);
      METRICS.batchLanes.observe({ stage: this.stage.name }, batch.length);
      METRICS.batchSeconds.observe({ stage: this.stage.name }, (performance.now() - startedAt) / 1_000);
    } catch (error) {
      this.log.error({ event: 'stage.batch-dropped', lanes: batch.length, error: String(error), message: 'a batch was dropped; its lanes will be taken up again' });
      await this.giveBack(batch);
    }
  }

  private async work(batch: readonly Lane[]): Promise<void> {
    const parts = await settle<Lane, { lanes: readonly Lane[]; context?: Context }>(batch, {
      write: async (lanes) => ({ lanes, context: await this.stage.read(lanes) }),
      refuse: async (lane, _culprit, error) => {
        await this.condemn(lane, String(error));
        return { lanes: [] };
      },
      mayWork: () => this.instance.mayWork(),
      onRetry: (error) => this.log.warn({ event: 'stage.read-retried', error: String(error), message: 'lanes could not be read; trying again' }),
    });
    const decided = parts.flatMap(({ lanes, context }) => lanes.map((lane) => this.decide(lane, context as Context))).filter((one) => !this.isSupplied(one));
    if (decided.length === 0) return;
    await settle(decided, {
      write: (items) => this.stage.commit(items.map(({ result }) => result)),
      refuse: (item, culprit, error) => (culprit === 'guard' ? this.giveBack([item.lane]) : this.isolate(item, String(error))),
      mayWork: () => this.instance.mayWork(),
      onRetry: (error) => this.log.warn({ event: 'stage.commit-retried', error: String(error), message: 'a batch could not be written; trying again' }),
    });
  }

  /** Whether a decision lacks something; then it is being fetched, and its lane comes back. */
  private isSupplied({ lane, result }: Decided<Lane, Context, Result>): boolean {
    const supply = this.stage.supply?.(result) ?? null;
    if (supply === null) return false;
    supply.catch((error: unknown) => this.log.error({ event: 'stage.supply-failed', err: error, message: 'what a decision lacks could not be fetched' }))
      .finally(() => this.hand([lane]));
    return true;
  }

  /** A lane that cannot be decided is tried by its head alone, which then is condemned; the other lanes do not notice. */
  private decide(lane: Lane, context: Context): Decided<Lane, Context, Result> {
    if (trialOf(this.stage.crashCount(lane)) === 'guilty') return { lane, context, result: this.stage.condemn(lane, 'ended the process each time that it was tried') };
    try {
      return { lane, context, result: this.stage.decide(lane, context) };
    } catch (error) {
      if (this.stage.size(lane) > 1) return this.decide(this.stage.first(lane, 1), context);
      this.log.error({ event: 'stage.condemned', error: error instanceof Error ? error.stack : String(error), message: 'a lane could not be decided' });
      return { lane, context, result: this.stage.condemn(lane, `could not be processed: ${String(error)}`) };
    }
  }

  /** The database refuses what one item of a lane came to: fewer and fewer are tried, at last the head alone, which then is condemned. */
  private async isolate({ lane, context }: Decided<Lane, Context, Result>, reason: string): Promise<void> {
    for (let count = this.stage.size(lane) >> 1; count >= 1; count >>= 1) {
      const fewer = this.decide(this.stage.first(lane, count), context);
      if (this.isSupplied(fewer)) return;
      try {
        await this.stage.commit([fewer.result]);
        return;
      } catch (error) {
        if (refusalOf(error) !== 'row') return this.giveBack([lane]);
        reason = String(error);
      }
    }
    await this.condemn(lane, reason);
  }

  private async condemn(lane: Lane, reason: string): Promise<void> {
    this.log.error({ event: 'stage.refused', reason, message: 'the database refused the result of a lane' });
    try {
      await this.stage.commit([this.stage.condemn(lane, reason)]);
    } catch (error) {
      // Whatever is wrong with this lane, the others of its batch go on.
      this.log.error({ event: 'stage.stuck', error: String(error), message: 'that a lane was refused could not be written; it is taken up again' });
      await this.giveBack([lane]);
    }
  }

  /** Gives lanes back unworked, as long as their claims may be ours: one that stayed claimed by a living process would stand still for ever. */
  private async giveBack(lanes: readonly Lane[]): Promise<void> {
    for (let left = [...lanes], delayMs = 100; left.length > 0 && this.instance.mayWork(); delayMs = Math.min(delayMs * 2, 2_000)) {
      const outcomes = await Promise.allSettled(left.map((lane) => this.stage.release(lane)));
      left = left.filter((_, i) => outcomes[i]!.status === 'rejected');
      if (left.length > 0) await sleep(delayMs);
    }
  }
}

function apart<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => isFirst(item)), items.filter((item) => !isFirst(item))];
}
