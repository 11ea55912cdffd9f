import type { DeliveryLane } from '../../store/pipeline/lane.js';

/** How long trials may keep others waiting: one for calls under way to end, and for its own; all in a row. Slow targets, or many suspects, are no reason to stop everybody. */
const PATIENCE_MS = 2_000;

/** What a trial needs of the stage. */
export interface TrialStage {
  /** Calls under way. */
  calls(): number;
  /** Notes in the store that the lane is tried alone; and takes that back. */
  accuse(lane: DeliveryLane): Promise<void>;
  acquit(lane: DeliveryLane): Promise<void>;
  /** Starts this lane before all others of its endpoint. */
  begin(lane: DeliveryLane): void;
  /** Lets the others start again. */
  goOn(): void;
}

/**
 * Tries lanes one after the other that were in hand at several ends of a process: each alone, the least suspected first, so that the next end tells whose
 * fault it is. Where it cannot be alone for long, it is sent beside the others and blamed for nothing.
 */
export class Trials {
  private waiting: DeliveryLane[] = [];
  private current: DeliveryLane | null = null;
  private state: 'none' | 'quieting' | 'accusing' | 'alone' = 'none';
  private timer: NodeJS.Timeout | undefined;
  /** Since when the others wait; null: they do not. */
  private quietSinceMs: number | null = null;
  private isPausing = false;

  constructor(private readonly stage: TrialStage) {}

  add(lane: DeliveryLane): void {
    this.waiting.push(lane);
    this.next();
  }

  /** Whether a lane may start now. */
  permits(lane: DeliveryLane): boolean {
    return this.current === null || (this.state === 'alone' && lane === this.current);
  }

  /** A call ended. */
  slotFreed(): void {
    if (this.state === 'quieting' && this.stage.calls() === 0) void this.tryAlone();
  }

  /** This process is done with a lane, for now. */
  ended(lane: DeliveryLane): void {
    if (lane !== this.current) return;
    this.clear();
    this.goOn();
  }

  /** Forgets the lanes that wait for their trial, and answers them; the one that is being tried is where it was begun. */
  forget(): readonly DeliveryLane[] {
    const lanes = this.state === 'quieting' ? [this.current!, ...this.waiting] : this.waiting;
    this.waiting = [];
    if (this.state === 'quieting') {
      this.clear();
      this.quietSinceMs = null;
    }
    return lanes;
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.current = null;
    this.state = 'none';
  }

  /** The next trial, or the others' turn. */
  private goOn(): void {
    if (performance.now() - this.quietSinceMs! < PATIENCE_MS) this.next();
    if (this.current !== null) return;
    this.quietSinceMs = null;
    if (this.waiting.length > 0) this.pause();
    this.stage.goOn();
  }

  private pause(): void {
    this.isPausing = true;
    this.timer = setTimeout(() => {
      this.isPausing = false;
      this.next();
    }, PATIENCE_MS).unref();
  }

  private next(): void {
    if (this.current !== null || this.isPausing || this.waiting.length === 0) return;
    this.quietSinceMs ??= performance.now();
    this.waiting.sort((a, b) => a.crashCount - b.crashCount);
    this.current = this.waiting.shift()!;
    this.state = 'quieting';
    this.timer = setTimeout(() => this.giveUp(), PATIENCE_MS).unref();
    if (this.stage.calls() === 0) void this.tryAlone();
  }

  private async tryAlone(): Promise<void> {
    const lane = this.current!;
    this.state = 'accusing';
    clearTimeout(this.timer);
    try {
      await this.stage.accuse(lane);
    } catch {
      // Who cannot be accused is not blamed: it is sent all the same.
    }
    if (this.current !== lane) return;
    this.state = 'alone';
    this.timer = setTimeout(() => this.giveUp(), PATIENCE_MS).unref();
    this.stage.begin(lane);
  }

  /** It takes too long: the others go on beside it. */
  private giveUp(): void {
    const lane = this.current!;
    const isBegun = this.state === 'alone';
    this.clear();
    const settled = isBegun ? this.stage.acquit(lane).catch(() => undefined) : Promise.resolve();
    void settled.then(() => {
      if (!isBegun) this.stage.begin(lane);
      this.goOn();
    });
  }
}
