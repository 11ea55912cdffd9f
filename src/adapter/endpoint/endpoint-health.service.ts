import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Recurring } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { writeHealth, type EndpointHealthRow } from '../../store/pipeline/endpoint-runtime.js';

const WRITE_MS = 2_000;

/** One call's end, as an endpoint's health sees it. */
export interface NotedCall {
  readonly organization: string;
  readonly endpoint: string;
  /** Whether it speaks against the endpoint as a whole. */
  readonly failed: boolean;
  readonly error: string | null;
}

/** Shows how calls to endpoints go: collected here, written every two seconds where something was called, read by whoever looks. */
@Injectable()
export class EndpointHealth implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('deliver');
  private readonly changed = new Map<string, EndpointHealthRow>();
  private readonly streaks = new Map<string, number>();
  private readonly writes = new Recurring(WRITE_MS, () => this.write());

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.writes.stop();
    await this.writes.run();
  }

  note({ organization, endpoint, failed, error }: NotedCall): void {
    const key = `${organization} ${endpoint}`;
    const known = this.changed.get(key);
    const failuresInRow = failed ? (this.streaks.get(key) ?? 0) + 1 : 0;
    this.streaks.set(key, failuresInRow);
    const now = Date.now();
    this.changed.set(key, {
      organization, endpoint, failuresInRow,
      lastSuccessMs: failed ? (known?.lastSuccessMs ?? null) : now,
      lastFailureMs: failed ? now : (known?.lastFailureMs ?? null),
      lastError: failed ? (error?.replaceAll('\0', '').slice(0, 500).toWellFormed() ?? null) : (known?.lastError ?? null),
    });
  }

  private async write(): Promise<void> {
    if (this.changed.size === 0) return;
    const rows = [...this.changed.values()];
    this.changed.clear();
    try {
      await writeHealth(this.database.worker, rows);
    } catch (error) {
      this.log.debug({ event: 'endpoint.health-unwritten', err: error, message: 'how endpoints are doing could not be shown' });
    }
  }
}
