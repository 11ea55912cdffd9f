import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Recurring } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { endStopsOfRemoved, restingEndpoints, writeStop } from '../../store/report/endpoint-stops.js';
import { stopOf } from './stop-of.js';

const EVERY_MS = 10_000;

/** Writes down when endpoints begin and cease to stand still, and why: looked at every few seconds by one process of all, so that nothing that sends pays for it. */
@Injectable()
export class EndpointStops implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('reports');
  private readonly looks = new Recurring(EVERY_MS, () => this.compare());

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database) {}

  onApplicationBootstrap(): void {
    if (this.settings.role !== 'web') this.looks.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.looks.stop();
  }

  /** Looks once. Never throws. */
  look(): Promise<void> {
    return this.looks.run();
  }

  private async compare(): Promise<void> {
    try {
      await this.database.asWorker(async (client) => {
        const resting = await restingEndpoints(client);
        if (resting === null) return;
        for (const endpoint of resting.endpoints) {
          const cause = stopOf(endpoint, resting.nowMs);
          if (cause !== endpoint.known) await writeStop(client, endpoint, cause);
        }
        await endStopsOfRemoved(client);
      });
    } catch (error) {
      this.log.warn({ event: 'reports.stops-unseen', err: error, message: 'which endpoints stand still could not be looked at; tried again' });
    }
  }
}
