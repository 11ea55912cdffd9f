import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Recurring } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { addUnmapped } from '../../store/rule/unmapped.store.js';
import { UNMAPPED } from './unmapped-counts.js';

const EVERY_MS = 10_000;

/** Writes down which values this process met that tables have no row for. A process that is killed takes its last ten seconds of them with it; they come again. */
@Injectable()
export class UnmappedCount implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('unmapped');
  private readonly writes = new Recurring(EVERY_MS, () => this.writeNow());

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
    const counted = UNMAPPED.take();
    try {
      await addUnmapped(this.database.worker, [...counted.values()]);
    } catch (error) {
      UNMAPPED.putBack(counted);
      this.log.warn({ event: 'unmapped.uncounted', err: error, message: 'values without a row could not be written down; tried again' });
    }
  }
}
