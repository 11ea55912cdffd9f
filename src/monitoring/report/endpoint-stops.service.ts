import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Database } from '../../store/database.js';
import { endStopsOfRemoved, restingEndpoints, writeStop } from '../../store/report/endpoint-stops.js';
import { stopOf } from './stop-of.js';

const EVERY_MS = 10_000;

/** Writes down when endpoints begin and cease to stand still, and why: looked at every few seconds by one process of all, so that nothing that sends pays for it. */
@Injectable()
export class EndpointStops implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('reports');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database) {}

  onApplicationBootstrap(): void {
    if (this.settings.role !== 'web') this.timer = setInterval(() => void this.look(), EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Looks once. Never throws. */
  look(): Promise<void> {
    this.looking ??= this.compare().catch((error: unknown) => {
      this.log.warn({ event: 'reports.stops-unseen', err: error, message: 'which endpoints stand still could not be looked at; tried again' });
    }).finally(() => { this.looking = null; });
    return this.looking;
  }

  private async compare(): Promise<void> {
    await this.database.asWorker(async (client) => {
      const resting = await restingEndpoints(client);
      if (resting === null) return;
      for (const endpoint of resting.endpoints) {
        const cause = stopOf(endpoint, resting.nowMs);
        if (cause !== endpoint.known) await writeStop(client, endpoint, cause);
      }
      await endStopsOfRemoved(client);
    });
  }
}
