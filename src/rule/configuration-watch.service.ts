import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '../store/database.js';
import type { OrganizationId } from '../store/organization.js';
import { readRevisions } from '../store/rule/revision.js';

const POLL_MS = 1_000;

/**
 * Reads what it keeps in memory of one organization again and answers how to put it in place, without waiting for anything.
 * Called for one organization at a time; what was read may be thrown away and read once more.
 */
export type Reload = (organization: OrganizationId) => Promise<() => void>;

/** Reads before what was read is taken although it changes again and again. */
const MOST_READS = 5;

/**
 * Tells whoever keeps rules or endpoints in memory that an organization's configuration changed: at once where this
 * process changed it, within about a second where another instance did.
 */
@Injectable()
export class ConfigurationWatch implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('configuration');
  private readonly reloads: Reload[] = [];
  private readonly known = new Map<OrganizationId, string>();
  private queue: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(private readonly database: Database) {}

  /** To be called from constructors: everything is loaded once before the process starts its work. */
  onChange(reload: Reload): void {
    this.reloads.push(reload);
  }

  async onModuleInit(): Promise<void> {
    await this.poll();
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.queue.catch(() => undefined);
  }

  /** To be called after the commit of a change; resolves when this process works with it. */
  changed(organization: OrganizationId): Promise<void> {
    return this.inTurn(() => this.reload(organization));
  }

  /** Looks for changes that other instances made. */
  poll(): Promise<void> {
    return this.inTurn(async () => {
      for (const [organization, revision] of await readRevisions(this.database.worker)) {
        if (this.known.get(organization) === revision) continue;
        await this.reload(organization);
        this.known.set(organization, revision);
      }
    });
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.poll().then(() => this.noteBack(), (error: unknown) => this.noteAway(error)).finally(() => {
        if (this.timer !== undefined) this.schedule();
      });
    }, POLL_MS);
    this.timer.unref();
  }

  /**
   * Everything of one revision, put in place at once: an endpoint that is seen before its rules would take messages that
   * nobody routes.
   */
  private async reload(organization: OrganizationId): Promise<void> {
    for (let read = 1; ; read++) {
      const before = await this.revisionOf(organization);
      const places: (() => void)[] = [];
      for (const reload of this.reloads) places.push(await reload(organization));
      if (read < MOST_READS && before !== (await this.revisionOf(organization))) continue;
      for (const put of places) put();
      return;
    }
  }

  private async revisionOf(organization: OrganizationId): Promise<string | undefined> {
    return (await readRevisions(this.database.worker)).get(organization);
  }

  /** One load after the other, so that an older state never replaces a newer one. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private noteAway(error: unknown): void {
    if (!this.isAway) this.logger.warn(`changes of rules and endpoints cannot be looked for: ${error instanceof Error ? error.message : String(error)}`);
    this.isAway = true;
  }

  private noteBack(): void {
    if (this.isAway) this.logger.log('changes of rules and endpoints are looked for again');
    this.isAway = false;
  }
}
