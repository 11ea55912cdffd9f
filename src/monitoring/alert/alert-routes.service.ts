import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { AuditLog, SecretBox, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { AlertRouteStore, type AlertRouteRow } from '../../store/monitoring/alert-route.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { newId } from '../../store/pipeline/uuid.js';
import { isUniqueViolation, Problem } from '../../web/index.js';
import { newsOf } from './alert-news.js';
import { AlertPost } from './alert-post.service.js';
import { readTarget, sealTarget } from './alert-target.js';
import type { AlertRouteInputDto, AlertRouteView } from './alert.dto.js';
import { transportOf } from './transport/transports.js';

const CODE_MS = 24 * 3_600_000;
/** A code of six digits stands a handful of guesses. */
const MOST_TRIES = 5;

const hashOf = (route: string, code: string): Buffer => createHash('sha256').update(`${route}.${code}`).digest();

/** Routes as people see and change them. */
@Injectable()
export class AlertRoutes {
  constructor(private readonly database: Database, private readonly secrets: SecretBox, private readonly audit: AuditLog, private readonly post: AlertPost, @Inject(SETTINGS) private readonly settings: Settings) {}

  async all(organization: OrganizationId): Promise<AlertRouteView[]> {
    const rows = await this.database.inOrganization(organization, (manager) => new AlertRouteStore(organization, manager).all());
    return rows.map(viewOf);
  }

  /** Adds or changes a route. An e-mail route with a new target is sent a code. */
  async save(by: Principal, id: string, given: AlertRouteInputDto, state: 'new' | 'known'): Promise<AlertRouteView> {
    const { organization } = by;
    const transport = transportOf(given.kind);
    if (transport.kind === 'mail' && !this.post.canMail) throw noMailServer();
    const saved = await this.database.inOrganization(organization, async (manager) => {
      const store = new AlertRouteStore(organization, manager);
      const known = await store.find(id);
      if (state === 'known' && known === null) throw Problem.missing('alert route');
      const kept = given.target === undefined && known?.kind === given.kind ? known : null;
      const target = kept === null ? given.target ?? {} : readTarget(this.secrets, organization, id, kept.target);
      const problems = transport.problems(target);
      if (problems.length > 0) throw Problem.invalid(problems.map(({ member, detail }) => ({ pointer: `/target/${member}`, detail })));
      const verifiedAt = kept !== null ? kept.verifiedAt : transport.needsVerification ? null : new Date();
      await store.save({
        id, name: given.name, kind: given.kind, target: sealTarget(this.secrets, organization, id, target), shown: transport.shown(target),
        alertKinds: given.alertKinds ?? [], enabled: given.enabled ?? true, verifiedAt,
      }).catch((error: unknown) => {
        throw isUniqueViolation(error) ? new Problem(409, 'name-taken', `There is an alert route "${given.name}" already.`) : error;
      });
      await this.audit.record(manager, organization, by, 'alert-route.save', `alert-route:${id}`, { name: given.name, kind: given.kind, shown: transport.shown(target), alertKinds: given.alertKinds ?? [] });
      return found(await store.find(id));
    });
    if (saved.verifiedAt === null && given.target !== undefined) await this.sendCode(organization, id);
    return viewOf(saved);
  }

  async remove(by: Principal, id: string): Promise<void> {
    const { organization } = by;
    await this.database.inOrganization(organization, async (manager) => {
      if (!(await new AlertRouteStore(organization, manager).remove(id))) throw Problem.missing('alert route');
      await this.audit.record(manager, organization, by, 'alert-route.remove', `alert-route:${id}`);
    });
  }

  /** Sends a new code; the old one is void. A mail server that does not take it is a 502. */
  async sendCode(organization: OrganizationId, id: string): Promise<void> {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const { to = [] } = await this.database.inOrganization(organization, async (manager) => {
      const store = new AlertRouteStore(organization, manager);
      const row = found(await store.find(id));
      if (row.verifiedAt !== null) throw new Problem(409, 'confirmed-already', 'This route is confirmed already.');
      await store.setCode(id, hashOf(id, code), CODE_MS);
      return readTarget(this.secrets, organization, id, row.target);
    });
    const text = [`The code is ${code}. It is valid for a day.`, '', 'Somebody wants alerts of a Parley instance to be sent here. Whoever did not ask for it need not do anything: without the code nothing more is sent.'].join('\n');
    const error = await this.post.send(organization, { mail: { to, id: newId(), subject: '[Parley] Confirm this address for alerts', text } }, AbortSignal.timeout(30_000));
    if (error !== null) throw new Problem(502, 'mail-not-sent', error);
  }

  /** Confirms with a code; after five wrong ones a new code is needed. */
  async confirm(by: Principal, id: string, code: string): Promise<AlertRouteView> {
    const { organization } = by;
    const confirmed = await this.database.inOrganization(organization, async (manager) => {
      const store = new AlertRouteStore(organization, manager);
      const row = found(await store.find(id));
      if (row.codeHash === null || row.codeUntil === null || row.codeUntil < new Date() || row.codeTries >= MOST_TRIES) return null;
      await store.countTry(id);
      if (!timingSafeEqual(row.codeHash, hashOf(id, code))) return null;
      await store.verified(id);
      await this.audit.record(manager, organization, by, 'alert-route.confirm', `alert-route:${id}`, { shown: row.shown });
      return store.find(id);
    });
    // Outside of the transaction: the try must stay counted.
    if (confirmed === null) throw new Problem(422, 'code-wrong', 'This is not the code, or it is too old, or it was tried too often. Ask for a new one.');
    return viewOf(confirmed);
  }

  /** Sends a test now. A receiver that does not take it is a 502 with the reason. */
  async test(organization: OrganizationId, id: string): Promise<void> {
    const row = await this.database.inOrganization(organization, async (manager) => found(await new AlertRouteStore(organization, manager).find(id)));
    if (row.verifiedAt === null) throw new Problem(409, 'not-confirmed', 'This route must be confirmed first.');
    const now = new Date();
    const alert = { id: newId(), organization, kind: 'test', subject: '', detail: 'This route works.', count: 1, since: now, raisedAt: now, resolvedAt: null };
    const news = { ...newsOf({ id: alert.id, change: 'TEST', alert }, this.settings.publicUrl), title: 'A test of this alert route', advice: 'There is nothing to do.' };
    const error = await this.post.send(organization, transportOf(row.kind).compose(news, readTarget(this.secrets, organization, id, row.target), Date.now()), AbortSignal.timeout(30_000));
    if (error !== null) throw new Problem(502, 'alert-not-sent', error);
  }
}

const noMailServer = (): Problem => new Problem(409, 'no-mail-server', 'No mail server is set: the installation needs PARLEY_SMTP_URL for alerts by e-mail.');

function found(row: AlertRouteRow | null): AlertRouteRow {
  if (row === null) throw Problem.missing('alert route');
  return row;
}

const viewOf = ({ id, name, kind, shown, alertKinds, enabled, verifiedAt, lastSentAt, lastError }: AlertRouteRow): AlertRouteView =>
  ({ id, name, kind, shown, alertKinds: [...alertKinds], enabled, verified: verifiedAt !== null, lastSentAt: lastSentAt?.toISOString() ?? null, lastError });
