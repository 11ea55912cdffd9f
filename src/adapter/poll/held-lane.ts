import type { PollLane } from '../../store/pipeline/poll-lane.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';

/** A channel that this process owns: how it stands as committed, and what ends or wakes its waiting. */
export class HeldLane {
  cursor: unknown;
  failuresInRow: number;
  ended: Promise<void> = Promise.resolve();
  isWaiting = false;
  isWatching = false;
  /** Aborts when the lane is to be given up: the endpoint changed, the process ends, or its claims are gone. */
  readonly signal: AbortSignal;
  private readonly aborter = new AbortController();
  private awaken: () => void = () => undefined;
  private isNews = false;

  /** `lost` aborts when the claims of this process are not valid any more. */
  constructor(readonly lane: PollLane, readonly endpoint: LiveEndpoint, lost: AbortSignal) {
    this.cursor = lane.cursor;
    this.failuresInRow = lane.failuresInRow;
    this.signal = AbortSignal.any([this.aborter.signal, lost]);
  }

  abort(): void {
    this.aborter.abort();
    this.awaken();
  }

  /** Ends the waiting; news that come while a poll is under way end the next one at once. */
  wake(): void {
    this.isNews = true;
    this.awaken();
  }

  /** Waits until it is woken or given up. */
  async wait(): Promise<void> {
    this.isWaiting = true;
    if (!this.isNews && !this.signal.aborted) await new Promise<void>((resolve) => { this.awaken = resolve; });
    this.isWaiting = false;
    this.isNews = false;
  }
}
