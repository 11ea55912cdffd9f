import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { Database } from '../../store/database.js';
import { progressOf, type RequestProgress } from '../../store/pipeline/settled.js';
import type { OrganizationId } from '../../store/organization.js';
import type { SettledRequest } from '../contract.js';

/** Between two looks; each is one statement per organization for all who wait, and no connection is held in between. */
const LOOK_MS = 100;
/** Whoever comes when so many of its organization wait is answered at once. */
const MOST_WAITING = 200;

const OPEN_STATES: ReadonlySet<string> = new Set(['QUEUED', 'SENDING', 'RETRYING']);
const DONE_STATES: ReadonlySet<string> = new Set(['SENT', 'SKIPPED']);

interface Waiting {
  readonly organization: OrganizationId;
  readonly request: string;
  readonly untilMs: number;
  readonly tell: (settled: SettledRequest | null) => void;
}

/** Senders that wait for what becomes of their requests. Whoever does the work, in whichever process: it is seen in the store. */
@Injectable()
export class SettledRequests implements BeforeApplicationShutdown {
  private readonly log = new Logger('ingest');
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | null = null;
  private wasListening = false;

  constructor(private readonly database: Database, private readonly http: HttpAdapterHost) {}

  /** What became of a request, once nothing of it is under way; null where that is not known in time, or the sender is gone. */
  wait(organization: OrganizationId, request: string, { forMs, signal }: { readonly forMs: number; readonly signal: AbortSignal }): Promise<SettledRequest | null> {
    if (signal.aborted || [...this.waiting].filter((one) => one.organization === organization).length >= MOST_WAITING) return Promise.resolve(null);
    return new Promise((resolve) => {
      const one: Waiting = {
        organization, request, untilMs: performance.now() + forMs,
        tell: (settled) => {
          this.waiting.delete(one);
          signal.removeEventListener('abort', onAbort);
          resolve(settled);
        },
      };
      const onAbort = (): void => one.tell(null);
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(one);
      this.timer ??= setTimeout(() => void this.look(), LOOK_MS);
    });
  }

  beforeApplicationShutdown(): void {
    for (const one of this.waiting) one.tell(null);
  }

  private async look(): Promise<void> {
    const isLeaving = this.isLeaving();
    for (const one of this.waiting) if (isLeaving || one.untilMs <= performance.now()) one.tell(null);
    for (const [organization, all] of Map.groupBy(this.waiting, (one) => one.organization)) await this.lookAt(organization, all);
    this.timer = this.waiting.size === 0 ? null : setTimeout(() => void this.look(), LOOK_MS);
  }

  private async lookAt(organization: OrganizationId, all: readonly Waiting[]): Promise<void> {
    try {
      const progress = new Map((await progressOf(this.database.worker, organization, [...new Set(all.map((one) => one.request))])).map((one) => [one.request, one]));
      for (const one of all) {
        const seen = progress.get(one.request);
        const settled = seen === undefined ? null : settledOf(seen);
        if (settled !== null) one.tell(settled);
      }
    } catch (error) {
      // They are told in the end that their request is kept, which it is.
      this.log.warn({ event: 'ingest.wait-failed', organization, err: error, message: 'what became of requests could not be read' });
    }
  }

  /** A process that takes no connections any more answers those it has. */
  private isLeaving(): boolean {
    const server = this.http.httpAdapter?.getHttpServer() as Server | undefined;
    const isListening = server?.listening === true;
    this.wasListening ||= isListening;
    return this.wasListening && !isListening;
  }
}

/** Null while something of it is under way. What is held waits for an operator, and nobody for that. */
export function settledOf({ isRouted, deliveries }: RequestProgress): SettledRequest | null {
  if (!isRouted || deliveries.some(({ state }) => OPEN_STATES.has(state))) return null;
  const outcome = deliveries.length === 0 ? 'none' : deliveries.every(({ state }) => DONE_STATES.has(state)) ? 'done' : deliveries.some(({ state }) => state === 'HELD') ? 'held' : 'failed';
  return { outcome, deliveries };
}
