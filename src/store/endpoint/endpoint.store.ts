import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { raiseRevision } from '../rule/revision.js';
import { EndpointRow } from './endpoint.entity.js';

/** What may be written of an endpoint; the rest is kept by the store. */
export type EndpointContent = Pick<EndpointRow, 'name' | 'adapter' | 'status' | 'settings' | 'secrets' | 'entityTypes' | 'maintenance' | 'preset'>;

/** What an endpoint is doing, as opposed to how it is set. */
export interface EndpointRuntime {
  readonly pausedReason: string | null;
  readonly pausedAt: Date | null;
  readonly circuit: string;
  readonly openUntil: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastError: string | null;
  readonly failuresInRow: number;
}

/** What decides whether anything is sent to an endpoint; windows as its document says them. */
export interface EndpointStanding {
  readonly id: string;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly pausedReason: string | null;
  readonly maintenance: readonly unknown[];
}

/** The endpoints of one organization, in one transaction. Whoever writes calls `beginChange` first. */
export class EndpointStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  beginChange(): Promise<void> {
    return raiseRevision(this.manager, this.organization);
  }

  all(): Promise<EndpointRow[]> {
    return this.manager.find(EndpointRow, { where: { organizationId: this.organization }, order: { id: 'ASC' } });
  }

  find(id: string): Promise<EndpointRow | null> {
    return this.manager.findOneBy(EndpointRow, { organizationId: this.organization, id });
  }

  async create(id: string, content: EndpointContent, by: string | null): Promise<EndpointRow> {
    const now = new Date();
    const row = this.manager.create(EndpointRow, {
      organizationId: this.organization, id, ...content, version: 1, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by,
    });
    await this.manager.save(row);
    return row;
  }

  async update(known: EndpointRow, content: Partial<EndpointContent>, by: string | null): Promise<EndpointRow> {
    const changed = this.manager.create(EndpointRow, { ...known, ...content, version: known.version + 1, updatedAt: new Date(), updatedBy: by });
    await this.manager.save(changed);
    return changed;
  }

  async remove(id: string): Promise<void> {
    await this.manager.delete(EndpointRow, { organizationId: this.organization, id });
  }

  /** Lets a paused endpoint (wrong credentials, open circuit) be tried again at once; answers whether it was. */
  async clearPause(id: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown, number]>(
      `UPDATE endpoint_runtime SET paused_reason = NULL, paused_at = NULL, circuit = 'closed', open_until = NULL, opened_times = 0
       WHERE organization_id = $1 AND endpoint = $2 AND (paused_reason IS NOT NULL OR circuit <> 'closed')`, [this.organization, id]);
    return count > 0;
  }

  /** What the endpoints are doing, by id; those that never sent anything are not in it. */
  async runtimes(): Promise<ReadonlyMap<string, EndpointRuntime>> {
    const rows = await this.manager.query<(EndpointRuntime & { readonly endpoint: string })[]>(
      `SELECT endpoint, paused_reason AS "pausedReason", paused_at AS "pausedAt", circuit, open_until AS "openUntil", last_success_at AS "lastSuccessAt",
         last_failure_at AS "lastFailureAt", last_error AS "lastError", failures_in_row AS "failuresInRow"
       FROM endpoint_runtime WHERE organization_id = $1`, [this.organization]);
    return new Map(rows.map((row) => [row.endpoint, row]));
  }

  /** How some endpoints stand, by id: what decides whether anything is sent to them. */
  async standings(ids: readonly string[]): Promise<EndpointStanding[]> {
    return this.manager.query<EndpointStanding[]>(
      `SELECT e.id, e.status, e.maintenance, r.paused_reason AS "pausedReason" FROM endpoint e LEFT JOIN endpoint_runtime r ON r.organization_id = e.organization_id AND r.endpoint = e.id
       WHERE e.organization_id = $1 AND e.id = ANY ($2::text[])`, [this.organization, ids]);
  }

  /** Whether anything was ever received from or sent to it, or waits to be sent; then it may only be suspended. */
  async hasHistory(id: string): Promise<boolean> {
    const [found] = await this.manager.query<{ used: boolean }[]>(
      `SELECT EXISTS (SELECT FROM conversation_key WHERE organization_id = $1 AND endpoint = $2)
           OR EXISTS (SELECT FROM receive_lane WHERE organization_id = $1 AND endpoint = $2)
           OR EXISTS (SELECT FROM ticket_link WHERE organization_id = $1 AND endpoint = $2)
           OR EXISTS (SELECT FROM endpoint_runtime WHERE organization_id = $1 AND endpoint = $2) AS used`, [this.organization, id]);
    return found?.used ?? false;
  }
}
