import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Instance, StageHub, WakeUps, type StageWorker } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { settleProvisional } from '../../store/pipeline/provisional.js';
import { nextWakeMs, ringDue } from '../../store/pipeline/delayed.js';

/** Executions that one round makes ready at most; live work goes between rounds. */
const PER_ROUND = 500;
/** A timer of this process beside the queue's delayed job: whichever rings first, the other finds nothing. */
const LONGEST_TIMER_MS = 60_000;
/** How soon a conversation is looked at again that somebody held. */
const HELD_MS = 10;

/** Makes conversations ready that waited: for a time, or for the answer that may name their ticket. Their route lanes do the rest. */
@Injectable()
export class DelayStage implements StageWorker<never>, OnModuleInit, OnApplicationBootstrap {
  readonly depth = 0;
  private readonly log = new Logger('delay');
  private ringing = false;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private timerMs = 0;

  constructor(
    private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance, private readonly wakeUps: WakeUps,
  ) {}

  onModuleInit(): void {
    this.hub.register('delay', this);
  }

  onApplicationBootstrap(): void {
    if (this.hub.runs('delay')) this.wakeUps.whenRung((dueMs) => this.ringHere(dueMs));
  }

  hand(): void {}

  wake(): void {
    this.again = true;
    if (!this.ringing && !this.stopped) void this.ring();
  }

  drain(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    return Promise.resolve();
  }

  private async ring(): Promise<void> {
    this.ringing = true;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        const settled = await settleProvisional(this.database);
        const count = await ringDue(this.database.worker);
        if (count + settled.merged + settled.released > 0) this.hub.left('route');
        if (count >= PER_ROUND) {
          this.again = true;
          await new Promise((resolve) => { setTimeout(resolve, 10); });
        }
      }
      await this.setTimer();
    } catch (error) {
      this.log.warn({ event: 'delay.failed', err: error, message: 'due executions could not be looked for; the next sweep tries again' });
    } finally {
      this.ringing = false;
    }
  }

  private async setTimer(): Promise<void> {
    const next = await nextWakeMs(this.database.worker);
    // What is due and could not be rung (somebody holds its conversation) is tried again in a moment.
    if (next !== null) this.ringHere(Math.max(next, this.instance.nowMs() + HELD_MS));
  }

  /** One timer, for the earliest: each round asks for the next. */
  private ringHere(dueMs: number): void {
    if (this.stopped) return;
    const waitMs = Math.max(0, dueMs - this.instance.nowMs()) + 1;
    if (waitMs > LONGEST_TIMER_MS || (this.timer !== undefined && dueMs >= this.timerMs)) return;
    clearTimeout(this.timer);
    this.timerMs = dueMs;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.wake();
    }, waitMs);
  }
}
