import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { WakeUps } from '../queue/index.js';
import { Database } from '../store/database.js';

/** What a readiness probe is told. Migrations are done before the process listens at all. */
export interface ReadinessReport {
  /** `stopping`: the process ends soon and takes no new connections in a moment. */
  readonly status: 'ok' | 'degraded' | 'unavailable' | 'stopping';
  readonly postgres: 'ok' | 'unavailable';
  /** `degraded`: wake-ups do not get through, the sweeper finds the work. */
  readonly redis: 'ok' | 'degraded' | 'not used';
}

const ASK_MS = 2_000;

/** Whether this process can do its work. */
@Injectable()
export class Readiness {
  private isLeaving = false;

  constructor(private readonly database: Database, private readonly wakeUps: WakeUps, @Inject(SETTINGS) private readonly settings: Settings) {}

  /** From now on nothing new should be sent here. */
  leave(): void {
    this.isLeaving = true;
  }

  async report(): Promise<ReadinessReport> {
    const postgres = (await this.answers()) ? 'ok' : 'unavailable';
    const redis = this.settings.redisUrl === undefined ? 'not used' : this.wakeUps.healthy ? 'ok' : 'degraded';
    return { status: this.isLeaving ? 'stopping' : postgres === 'unavailable' ? 'unavailable' : redis === 'degraded' ? 'degraded' : 'ok', postgres, redis };
  }

  private async answers(): Promise<boolean> {
    const late = new Promise<boolean>((resolve) => { setTimeout(() => resolve(false), ASK_MS).unref(); });
    return Promise.race([this.database.worker.query('SELECT 1').then(() => true, () => false), late]);
  }
}
