import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { GuardedHttp } from '../net/index.js';
import { Database } from '../store/database.js';
import { findSandboxByName, listSandboxNames } from '../store/sandbox/sandbox.store.js';
import type { SandboxRow } from '../store/sandbox/sandbox-row.js';

const REFRESH_MS = 2_000;
const TOOL_PATH = /^\/sandbox\/([a-z0-9][a-z0-9-]{0,39})(?:\/|$)/;

/** Name of the tool that a path belongs to; null where it is no tool's. Exact: what a proxy or router could read in another way is none. */
export function toolOfPath(path: string): string | null {
  if (/%2f|%5c|\\|\/\//i.test(path)) return null;
  return TOOL_PATH.exec(path)?.[1] ?? null;
}

/** Knows which tools exist, and opens exactly their addresses for endpoints of this installation. */
@Injectable()
export class SandboxDirectory implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private names: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database, http: GuardedHttp) {
    http.openOwnPaths((path) => {
      const name = toolOfPath(path);
      return name !== null && this.names.has(name);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    // Other instances make and remove tools too.
    this.timer = setInterval(() => void this.refresh().catch((error: unknown) => this.logger.warn({ message: 'the tools could not be read', err: error })), REFRESH_MS);
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Whether there is any tool at all; up to two seconds old. */
  get isEmpty(): boolean {
    return this.names.size === 0;
  }

  async refresh(): Promise<void> {
    this.names = new Set(await listSandboxNames(this.database.worker));
  }

  find(name: string): Promise<SandboxRow | null> {
    return findSandboxByName(this.database.worker, name);
  }
}
