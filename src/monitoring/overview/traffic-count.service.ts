import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Recurring, TRAFFIC } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { addTraffic, forgetTraffic } from '../../store/monitoring/traffic.js';

const EVERY_MS = 10_000;
const FORGET_EVERY = 360;

/** Writes down what this process counted of its traffic. A process that is killed takes its last ten seconds of counts with it: counts, no messages. */
@Injectable()
export class TrafficCount implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('traffic');
  private readonly writes = new Recurring(EVERY_MS, () => this.writeNow());
  private looks = 0;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.writes.stop();
    await this.write();
  }

  /** Writes once. Never throws: what could not be written waits for the next time. */
  write(): Promise<void> {
    return this.writes.run();
  }

  private async writeNow(): Promise<void> {
    const counted = TRAFFIC.take();
    try {
      await addTraffic(this.database.worker, counted);
    } catch (error) {
      TRAFFIC.putBack(counted);
      this.log.warn({ event: 'traffic.uncounted', err: error, message: 'traffic could not be counted; tried again' });
      return;
    }
    if (this.looks++ % FORGET_EVERY === 0) await forgetTraffic(this.database.worker).catch((error: unknown) => { this.log.warn({ event: 'traffic.kept', err: error, message: 'old counts could not be removed; tried again' }); });
  }
}
