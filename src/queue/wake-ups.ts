import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { failpoint } from './failpoint.js';
import { StageHub, type StageName } from './stage-hub.js';

/** How often one stage is announced at most, in milliseconds: Redis is cheap, the PostgreSQL backend is not. */
export const ANNOUNCE_EVERY_MS = { redis: 20, postgres: 250 } as const;

/** Rows that are due within the same tenth of a second share one delayed job. */
const DUE_SLOT_MS = 100;

interface Pending {
  timer: NodeJS.Timeout | undefined;
  adding: boolean;
  again: boolean;
  lastAt: number;
}

/**
 * Tells other processes that a stage has work: one coalesced job per stage. A wake-up carries nothing, is awaited by nobody and may be lost:
 * the sweeper finds what nobody was woken for.
 */
@Injectable()
export class WakeUps implements OnApplicationBootstrap {
  private readonly log = new Logger('wake-ups');
  private readonly queues: ReadonlyMap<StageName, Queue>;
  private readonly pending = new Map<StageName, Pending>();
  private everyMs: number = ANNOUNCE_EVERY_MS.redis;
  /** Wake-ups that could not be added, since the start. */
  failures = 0;
  private failing = false;
  private lastSlot = 0;
  private rung: (dueMs: number) => void = () => undefined;

  constructor(
    @InjectQueue('normalize') normalize: Queue, @InjectQueue('route') route: Queue, @InjectQueue('deliver') deliver: Queue, @InjectQueue('delay') delay: Queue,
    private readonly hub: StageHub,
  ) {
    this.queues = new Map<StageName, Queue>([['normalize', normalize], ['route', route], ['deliver', deliver], ['delay', delay]]);
    for (const queue of this.queues.values()) queue.on('error', (error) => this.failed(error));
    this.everyMs = intervalOf(delay);
  }

  onApplicationBootstrap(): void {
    this.hub.announceBy((stage) => this.announce(stage));
  }

  /** Sets who hears of each due instant in this process as well: it need not wait for the queue. */
  whenRung(listener: (dueMs: number) => void): void {
    this.rung = listener;
  }

  /** Whether the queue answered last time. */
  get healthy(): boolean {
    return !this.failing;
  }

  /** At most one add per stage is under way, and at most one per interval. */
  announce(stage: StageName): void {
    const state = this.pending.get(stage) ?? { timer: undefined, adding: false, again: false, lastAt: 0 };
    this.pending.set(stage, state);
    if (state.adding || state.timer !== undefined) {
      state.again = true;
      return;
    }
    const waitMs = state.lastAt + this.everyMs - performance.now();
    if (waitMs <= 0) this.add(stage, state);
    else state.timer = setTimeout(() => { state.timer = undefined; this.add(stage, state); }, waitMs).unref();
  }

  /** Rings the delay stage when the slot of `dueMs` (epoch) has come. */
  ringAt(dueMs: number): void {
    this.rung(dueMs);
    const slot = Math.ceil(dueMs / DUE_SLOT_MS);
    // However many rows are due in a slot, it gets one job.
    if (slot === this.lastSlot) return;
    this.lastSlot = slot;
    const delay = Math.max(0, slot * DUE_SLOT_MS - Date.now());
    this.queues.get('delay')!.add('due', {}, { jobId: `due-${slot}`, delay, removeOnComplete: true, removeOnFail: true }).then(() => this.worked(), (error: unknown) => this.failed(error));
  }

  private add(stage: StageName, state: Pending): void {
    state.adding = true;
    state.lastAt = performance.now();
    this.ring(stage)
      .then(() => this.worked(), (error: unknown) => this.failed(error))
      .finally(() => {
        state.adding = false;
        if (state.again) {
          state.again = false;
          this.announce(stage);
        }
      });
  }

  private async ring(stage: StageName): Promise<void> {
    await failpoint('wake-ups.before-add');
    await this.queues.get(stage)!.add('wake', {}, { deduplication: { id: stage, keepLastIfActive: true }, removeOnComplete: true, removeOnFail: true });
    await failpoint('wake-ups.after-add');
  }

  private worked(): void {
    if (this.failing) this.log.log({ event: 'wake-ups.recovered', message: 'the queue answers again' });
    this.failing = false;
  }

  private failed(error: unknown): void {
    this.failures++;
    if (!this.failing) this.log.warn({ event: 'wake-ups.failing', error: String(error), message: 'the queue does not answer; the sweeper finds the work until it does' });
    this.failing = true;
  }
}

const intervalOf = (queue: Queue): number => (typeof (queue.opts.connection as { connectionString?: unknown } | undefined)?.connectionString === 'string' ? ANNOUNCE_EVERY_MS.postgres : ANNOUNCE_EVERY_MS.redis);
