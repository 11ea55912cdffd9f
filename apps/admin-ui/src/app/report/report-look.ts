import type { ServiceLevelView } from '../api/models';

/** How often a report is looked at again while there may be something to count, in milliseconds. It is counted once a minute. */
const LOOK_EVERY_MS = 20_000;
/** Looks after the last thing that happened: until then it is counted. */
const LOOKS = 6;

/** Whether two readings have the same months and the same pairs in the same order: then figures change in their places, and no row moves. */
export const isInPlace = (shown: ServiceLevelView, fresh: ServiceLevelView): boolean => JSON.stringify(rowsOf(shown)) === JSON.stringify(rowsOf(fresh));

const rowsOf = ({ months }: ServiceLevelView): unknown => months.map(({ month, pairs }) => [month, pairs.map(({ source, target }) => [source, target])]);

/** Looks again, calmly, for a while after something happened. */
export class CalmLooks {
  private timer: ReturnType<typeof setInterval> | undefined;
  private left = 0;

  constructor(private readonly look: () => void, private readonly isSeen: () => boolean = () => document.visibilityState === 'visible') {}

  /** Something happened that will be counted. */
  happened(): void {
    this.left = LOOKS;
    this.timer ??= setInterval(() => { this.next(); }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private next(): void {
    if (!this.isSeen()) return;
    this.left -= 1;
    if (this.left <= 0) this.stop();
    this.look();
  }
}
