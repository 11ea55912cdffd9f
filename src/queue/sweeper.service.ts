import { Injectable, Logger } from '@nestjs/common';
import { Instance } from './instance.service.js';
import { STAGES, StageHub } from './stage-hub.js';
import { WakeUps } from './wake-ups.js';

const SWEEP_MS = 1_000;
/** While the queue is away, sweeps are all there is between processes. */
const SWEEP_WITHOUT_QUEUE_MS = 250;

/** Finds what nobody woke: looks at every stage each second, and takes over from instances that fell silent. */
@Injectable()
export class Sweeper {
  private readonly log = new Logger('sweeper');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly hub: StageHub, private readonly wakeUps: WakeUps, private readonly instance: Instance) {}

  start(): void {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    const everyMs = this.wakeUps.healthy ? SWEEP_MS : SWEEP_WITHOUT_QUEUE_MS;
    // Jitter, so that several instances do not sweep in step.
    this.timer = setTimeout(() => void this.sweep(), everyMs * (0.8 + Math.random() * 0.4));
  }

  private async sweep(): Promise<void> {
    for (const stage of STAGES) this.hub.wake(stage);
    try {
      await this.instance.takeOver();
    } catch (error) {
      this.log.warn({ event: 'sweeper.failed', error: String(error), message: 'the sweep could not read the store' });
    }
    if (!this.stopped) this.schedule();
  }
}
