import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { SecretBox } from '../../identity/index.js';
import { METRICS, Recurring } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { settleNotice, takeNotices, type DueNotice } from '../../store/monitoring/alert.store.js';
import { newsOf } from './alert-news.js';
import { AlertPost } from './alert-post.service.js';
import { readTarget } from './alert-target.js';
import { transportOf } from './transport/transports.js';

const EVERY_MS = 3_000;
const AT_ONCE = 16;
/** Longer than any sending takes. */
const LEASE_MS = 60_000;
const FIRST_RETRY_MS = 30_000;
const MOST_RETRY_MS = 3_600_000;
/** About a day. */
const MOST_ATTEMPTS = 30;

/** When a notice is tried again after its n-th attempt failed; null: it is given up. */
export const retryMsAfter = (attempts: number): number | null =>
  attempts >= MOST_ATTEMPTS ? null : Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MOST_RETRY_MS);

/** Tells routes what they are owed: each in the order in which it happened, until it was taken. At least once; the id tells a repeat. */
@Injectable()
export class AlertSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('alerts');
  private readonly stopping = new AbortController();
  private readonly rounds = new Recurring(EVERY_MS, () => this.sendDue());

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly secrets: SecretBox, private readonly post: AlertPost) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.rounds.stop();
  }

  /** Sends everything that is due now. */
  run(): Promise<void> {
    return this.rounds.run();
  }

  private async sendDue(): Promise<void> {
    try {
      for (let due = await this.take(); due.length > 0; due = await this.take()) await Promise.all(due.map((notice) => this.send(notice)));
    } catch (error) {
      this.log.warn({ event: 'alerts.unsent', err: error, message: 'alerts could not be read or written; tried again' });
    }
  }

  private take(): Promise<DueNotice[]> {
    return this.stopping.signal.aborted ? Promise.resolve([]) : takeNotices(this.database.worker, AT_ONCE, LEASE_MS);
  }

  private async send(notice: DueNotice): Promise<void> {
    const { route } = notice;
    const error = await this.trySend(notice);
    const retryMs = error === null ? null : retryMsAfter(notice.attempts);
    await settleNotice(this.database.worker, notice, error, retryMs);
    const outcome = error === null ? 'sent' : retryMs === null ? 'given-up' : 'failed';
    METRICS.alertNotices.inc({ transport: route.kind, outcome });
    const line = { event: `alerts.${outcome}`, organization: route.organization, route: route.name, kind: notice.alert.kind, change: notice.change, attempt: notice.attempts };
    if (error === null) this.log.log({ ...line, message: 'an alert was told' });
    else this.log.warn({ ...line, error, retryMs, message: retryMs === null ? 'an alert could not be told and is given up' : 'an alert could not be told; tried again' });
  }

  private async trySend(notice: DueNotice): Promise<string | null> {
    const { route } = notice;
    try {
      const target = readTarget(this.secrets, route.organization, route.id, route.target);
      return await this.post.send(route.organization, transportOf(route.kind).compose(newsOf(notice, this.settings.publicUrl), target, Date.now()), this.stopping.signal);
    } catch (error) {
      return (error as Error).message; // a target that cannot be opened: the key has changed
    }
  }
}
