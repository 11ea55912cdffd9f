import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Database } from '../../store/database.js';
import { countTraffic, forgetTraffic } from '../../store/monitoring/traffic.js';

const EVERY_MS = 10_000;
/** Deliveries that are finished later than this are seen by the long look. */
const SHORT_MS = 3 * 60_000;
const LONG_MS = 70 * 60_000;
const LONG_EVERY = 60;

/** Counts traffic per minute behind the pipeline, in one process of all. What was counted is counted anew until it is old: a count that was missed mends itself. */
@Injectable()
export class TrafficCount implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('traffic');
  private timer: NodeJS.Timeout | undefined;
  private counting: Promise<void> | null = null;
  private looks = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    this.timer = setInterval(() => void this.count(), EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.counting;
  }

  /** Counts once; where another process counts already, does nothing. Never throws. */
  count(): Promise<void> {
    this.counting ??= this.countNow().catch((error: unknown) => {
      this.log.warn({ event: 'traffic.uncounted', err: error, message: 'traffic could not be counted; tried again' });
    }).finally(() => { this.counting = null; });
    return this.counting;
  }

  private async countNow(): Promise<void> {
    const isLong = this.looks % LONG_EVERY === 0;
    const hasCounted = await this.database.asWorker((client) => countTraffic(client, Date.now() - (isLong ? LONG_MS : SHORT_MS)));
    this.looks += 1;
    if (isLong && hasCounted) await forgetTraffic(this.database.worker);
  }
}
