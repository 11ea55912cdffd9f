import { setTimeout as sleep } from 'node:timers/promises';
import type { StageHub } from '../../queue/index.js';

/** Work that may be accepted and unfinished, as time at the present rate. */
const AHEAD_MS = 150;
/** Never fewer lanes than this: small bursts are not held. */
const LEAST_AHEAD = 200;
const LONGEST_MS = 1_000;
const STEP_MS = 5;
/** Without a delivery finished in this time there is no progress: a target that is down holds nobody. */
const PROGRESS_MS = 250;
/** Below this share of its time at work this process is not what is short: what waits in it waits for somebody else. */
const BUSY = 0.5;

/** What time is told by, in milliseconds, and slept through. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}
const CLOCK: Clock = { now: () => performance.now(), sleep };

/** The share of its time that this thread worked since it was last asked: 0 to 1. */
export function busyMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/**
 * Keeps acceptance from running far ahead of delivery: what is accepted faster than this process can work only waits longer.
 * Holds at most a second, and only while deliveries make progress and the process is busy: a target that is slow or down holds nobody,
 * however many of its lanes are in hand.
 */
export class Pace {
  private rate = 0;
  private countedAt: number;
  private counted = 0;
  private progressAt = Number.NEGATIVE_INFINITY;
  private busy = 0;

  constructor(private readonly hub: StageHub, private readonly askBusy: () => number = busyMeter(), private readonly clock: Clock = CLOCK) {
    this.countedAt = clock.now();
  }

  async admit(): Promise<void> {
    this.measure();
    const heldSince = this.clock.now();
    while (this.backlog() > this.mostAhead() && this.isShort() && this.clock.now() - heldSince < LONGEST_MS) {
      await this.clock.sleep(STEP_MS);
      this.measure();
    }
  }

  private backlog(): number {
    return this.hub.depth('route') + this.hub.pressing('deliver');
  }

  private mostAhead(): number {
    return Math.max(LEAST_AHEAD, (this.rate * AHEAD_MS) / 1_000);
  }

  /** Whether this process itself is what work waits for. */
  private isShort(): boolean {
    return this.busy >= BUSY && this.clock.now() - this.progressAt < PROGRESS_MS;
  }

  /** Deliveries finished per second, smoothed over about a second. */
  private measure(): void {
    const now = this.clock.now();
    const finished = this.hub.finishedCount;
    if (finished !== this.counted) this.progressAt = now;
    const elapsedMs = now - this.countedAt;
    if (elapsedMs < 100) return;
    this.busy = this.askBusy();
    const current = ((finished - this.counted) * 1_000) / elapsedMs;
    this.rate += (current - this.rate) * Math.min(1, elapsedMs / 1_000);
    this.counted = finished;
    this.countedAt = now;
  }
}
