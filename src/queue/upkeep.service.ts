import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { forgetRepeats, makePartitions } from '../store/pipeline/upkeep.js';
import { forgetOld } from '../store/retention/forget.js';
import { applyRetention, type RetentionRun } from '../store/retention/retention.js';
import { Instance } from './instance.service.js';
import { METRICS } from './metrics.js';

/** Four times a day, spread over instances by chance: each piece of work is harmless done twice. */
const EVERY_MS = 6 * 3_600_000;
/** After a start, so that a process that is started anew each day does it too. */
const FIRST_MS = 5 * 60_000;
const FEWEST_WEEKS_AHEAD = 2;

/** What must be done now and then: partitions ahead of time, old weeks dropped, what is over forgotten. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('upkeep');
  private timer: NodeJS.Timeout | undefined;
  private conversationsAfter: string | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly instance: Instance) {}

  onApplicationBootstrap(): void {
    if (this.settings.role !== 'web') this.schedule(FIRST_MS);
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** One after the other: what fails keeps nothing else from being done. */
  async run(): Promise<void> {
    const { databaseUrl: url, retentionDays: messageDays, retentionDeadDays: deadDays, retentionUnmappedDays: unmappedDays } = this.settings;
    if (url === undefined) return;
    const nowMs = this.instance.nowMs();
    const outcomes = [
      await this.attempt('partitions', () => makePartitions(url), 'partitions could not be made ahead; in four weeks without it messages go where nothing is dropped'),
      await this.attempt('repeats', () => forgetRepeats(url, nowMs), 'keys of old requests could not be forgotten'),
      await this.attempt('retention', async () => this.tell(await applyRetention(url, { messageDays, deadDays, nowMs, isDry: false })), 'old weeks could not be dropped'),
      await this.attempt('old', async () => {
        const { rows, conversationsUpTo } = await forgetOld(url, { messageDays, unmappedDays, nowMs, ...(this.conversationsAfter === undefined ? {} : { conversationsAfter: this.conversationsAfter }) });
        this.conversationsAfter = conversationsUpTo;
        return rows;
      }, 'what is over could not be forgotten'),
    ];
    if (outcomes.includes(null)) return;
    METRICS.upkeepAt.set(Date.now() / 1_000);
    this.log.log({ event: 'upkeep.done', forgottenKeys: outcomes[1], retention: outcomes[2], forgotten: outcomes[3], message: 'partitions are made ahead, old weeks are dropped, what is over is forgotten' });
  }

  private schedule(inMs: number): void {
    this.timer = setTimeout(() => void this.run().finally(() => {
      if (this.timer !== undefined) this.schedule(EVERY_MS);
    }), inMs * (0.8 + Math.random() * 0.4)).unref();
  }

  /** What came of one piece of work; null: it failed, and that is told. */
  private async attempt(name: string, work: () => Promise<unknown>, failure: string): Promise<unknown> {
    try {
      return (await work()) ?? true;
    } catch (error) {
      this.log.error({ event: 'upkeep.failed', work: name, err: error, message: failure });
      return null;
    }
  }

  private tell({ ran, weeks, strayRows, weeksAhead }: RetentionRun): object {
    if (!ran) return { ran };
    METRICS.partitionWeeksAhead.set(weeksAhead);
    METRICS.partitionStrayRows.set(strayRows);
    for (const action of ['small', 'keep', 'postponed']) METRICS.retentionWeeks.set({ action }, weeks.filter((week) => week.action === action).length);
    const cut = weeks.filter(({ action }) => action === 'drop' || action === 'shrink');
    METRICS.retentionBytes.inc(cut.reduce((sum, { bytes }) => sum + bytes, 0));
    if (strayRows > 0) this.log.warn({ event: 'upkeep.stray-rows', rows: strayRows, message: 'rows belong into no partition: a clock was wrong, or upkeep did not run' });
    if (weeksAhead < FEWEST_WEEKS_AHEAD) this.log.error({ event: 'upkeep.no-partitions-ahead', weeks: weeksAhead, message: 'there are hardly any partitions ahead' });
    for (const { week, action, reason, open } of weeks) {
      if (action === 'keep' || action === 'postponed') this.log.warn({ event: 'upkeep.week-kept', week, action, reason, open, message: 'a week that is older than messages are kept is still there' });
    }
    return { dropped: cut.map(({ week, action }) => `${week} ${action}`), old: weeks.length - cut.length };
  }
}
