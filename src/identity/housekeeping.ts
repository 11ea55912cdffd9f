import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Database } from '../store/database.js';
import { IdempotencyStore } from '../store/identity/idempotency.store.js';
import { OrganizationStore } from '../store/identity/organization.store.js';
import { forgetAudit } from '../store/retention/old-audit.js';
import type { OrganizationId } from '../store/organization.js';
import { AuditLog } from './audit-log.js';
import { SYSTEM } from './principal.js';
import { SessionService } from './session.service.js';

const EVERY_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Removes what has run out: sessions, sign-in counters, answers kept for repeats, entries of the audit log that are old. Harmless on several instances at once. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Identity');
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly sessions: SessionService, private readonly audit: AuditLog) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.logger.warn({ message: 'what has run out could not be removed', err: error }));
    }, EVERY_MS * (0.9 + Math.random() / 5));
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    await this.sessions.sweep();
    for (const organization of await new OrganizationStore(this.database.app.manager).all()) {
      await this.database.inOrganization(organization, (manager) => new IdempotencyStore(organization, manager).sweep());
      if (this.settings.retentionAuditDays > 0) await this.forgetAudit(organization, new Date(Date.now() - this.settings.retentionAuditDays * DAY_MS));
    }
  }

  /** The log itself tells that its oldest entries are gone. */
  async forgetAudit(organization: OrganizationId, before: Date): Promise<void> {
    const entries = await this.database.asWorker((client) => forgetAudit(client, organization, before));
    if (entries > 0) await this.database.inOrganization(organization, (manager) => this.audit.record(manager, organization, SYSTEM, 'audit.forget', 'audit', { entries, before: before.toISOString() }));
  }
}
