import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Instance } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { countReports, forgetReports } from '../../store/report/count-reports.js';

const SOONEST_MS = 60_000;
/** Soon after a start there is something to see. */
const FIRST_MS = 5_000;
/** A run begins no further slice after this; then it rests so many times as long as it worked, so that counting costs a fiftieth of a core at most. */
const BUDGET_MS = 1_500;
const RESTS = 50;
const FORGET_EVERY = 720;

/** Counts deliveries for reports, after the fact: the hot path pays nothing, and what is counted again comes out the same. */
@Injectable()
export class ReportCount implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('reports');
  private timer: NodeJS.Timeout | undefined;
  private counting: Promise<void> = Promise.resolve();
  private runs = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly instance: Instance) {}

  onApplicationBootstrap(): void {
    if (this.settings.role !== 'web' && this.settings.databaseUrl !== undefined) this.schedule(this.settings.databaseUrl, FIRST_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.counting;
  }

  private schedule(url: string, inMs: number): void {
    this.timer = setTimeout(() => {
      const startedAt = performance.now();
      this.counting = this.run(url).then(() => {
        if (this.timer !== undefined) this.schedule(url, Math.max(SOONEST_MS, RESTS * (performance.now() - startedAt)));
      });
    }, inMs).unref();
  }

  /** Never throws. */
  private async run(url: string): Promise<void> {
    try {
      await countReports(url, { nowMs: this.instance.nowMs(), messageDays: this.settings.retentionDays, budgetMs: BUDGET_MS });
      if (this.runs++ % FORGET_EVERY === 0) await forgetReports(this.database.worker);
    } catch (error) {
      this.log.warn({ event: 'reports.uncounted', err: error, message: 'deliveries could not be counted for reports; tried again' });
    }
  }
}
