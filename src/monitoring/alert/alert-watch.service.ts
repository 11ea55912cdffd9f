import { statfs } from 'node:fs/promises';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { DEFAULT_ORGANIZATION } from '../../identity/index.js';
import { METRICS, Recurring, WakeUps } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { forgetAlerts, mayWatch, openAlerts, raiseAlert, refreshAlert, resolveAlert } from '../../store/monitoring/alert.store.js';
import { readBlockers } from '../../store/monitoring/blockers.js';
import { organizationBySlug, readStates } from '../../store/monitoring/conditions.js';
import { AlertChangesSince, type Condition } from './alert-changes.js';
import { ALERT_KIND_NAMES, alertKind } from './alert-kind.js';
import { BlockersSince, sayBlocker } from './blockers-since.js';
import { muted } from './muted.js';

const EVERY_MS = 10_000;
const KEEP_DAYS = 90;
const FORGET_EVERY_LOOKS = 360;
/** Less free room than both of these is nearly full. */
const LEAST_FREE_PART = 0.1;
const LEAST_FREE_BYTES = 5 * 1024 ** 3;

/** Looks every few seconds, in one process of all, for states that somebody should know of, and stores what has changed. */
@Injectable()
export class AlertWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('alerts');
  private readonly changes = new AlertChangesSince();
  private readonly blockers = new BlockersSince();
  private readonly watch = new Recurring(EVERY_MS, () => this.compare().catch((error: unknown) => {
    this.log.warn({ event: 'alerts.unseen', err: error, message: 'what should be told could not be looked at; tried again' });
  }));
  private looks = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly wakeUps: WakeUps) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    this.watch.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watch.stop();
  }

  /** Looks once; where another process looks already, does nothing. Never throws. */
  look(): Promise<void> {
    return this.watch.run();
  }

  private async compare(): Promise<void> {
    const own = await this.ownConditions();
    await this.database.asWorker(async (client) => {
      if (!(await mayWatch(client))) return;
      const open = await openAlerts(client);
      const states = await readStates(client, own.some(({ kind }) => kind === 'database-locked'));
      // Where somebody keeps the tables locked nobody knows what is in them: nothing has changed.
      const seen: Condition[] = states === null ? open.filter(({ kind }) => alertKind(kind)?.scope !== 'installation') : muted(states.conditions, states.maintained);
      const installation = own.length === 0 ? null : await organizationBySlug(client, DEFAULT_ORGANIZATION);
      if (installation !== null) seen.push(...own.map((condition) => ({ ...condition, organization: installation })));
      const { raised, resolved } = this.changes.look(open, seen, performance.now());
      for (const condition of raised) await raiseAlert(client, condition);
      for (const alert of resolved) await resolveAlert(client, alert);
      for (const alert of open) {
        const now = seen.find(({ organization, kind, subject }) => organization === alert.organization && kind === alert.kind && subject === alert.subject);
        if (now !== undefined && (now.detail !== alert.detail || now.count !== alert.count)) await refreshAlert(client, { ...alert, detail: now.detail, count: now.count });
      }
      this.tell(raised, open.length + raised.length - resolved.length, [...open.filter((alert) => !resolved.includes(alert)), ...raised]);
    });
    if (this.looks++ % FORGET_EVERY_LOOKS === 0) await forgetAlerts(this.database.worker, KEEP_DAYS);
  }

  private tell(raised: readonly Condition[], count: number, open: readonly { readonly kind: string }[]): void {
    for (const kind of ALERT_KIND_NAMES) METRICS.alertsOpen.set({ kind }, open.filter((alert) => alert.kind === kind).length);
    for (const { organization, kind, subject, detail } of raised) {
      METRICS.alertsRaised.inc({ kind });
      this.log.warn({ event: 'alerts.raised', organization, kind, endpoint: subject, detail, open: count, message: 'an alert was raised' });
    }
  }

  /** What concerns the installation. */
  private async ownConditions(): Promise<Omit<Condition, 'organization'>[]> {
    const since = new Date();
    const found: Omit<Condition, 'organization'>[] = [];
    if (this.settings.redisUrl !== undefined && !this.wakeUps.healthy) found.push({ kind: 'redis', subject: '', detail: 'wake-ups do not get through', count: 1, since });
    const [blocker] = this.blockers.look(await readBlockers(this.database.worker), performance.now());
    if (blocker !== undefined) found.push({ kind: 'database-locked', subject: '', detail: sayBlocker(blocker), count: blocker.waiting, since: new Date(since.getTime() - blocker.forMs) });
    const disk = await statfs(this.settings.dataDir).catch(() => null); // no data folder: no store of ours on this disk
    if (disk !== null) {
      const free = disk.bavail * disk.bsize;
      if (free < LEAST_FREE_BYTES && disk.bavail < disk.blocks * LEAST_FREE_PART) found.push({ kind: 'disk', subject: '', detail: `${(free / 1024 ** 3).toFixed(1)} GB are free where the data folder is`, count: 1, since });
    }
    return found;
  }
}
