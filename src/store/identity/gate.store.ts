import type pg from 'pg';
import { organizationId, type OrganizationId } from '../organization.js';

export interface FoundApiKey {
  readonly organization: OrganizationId;
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  /** Whether its last use was noted so long ago that it should be noted again. */
  readonly isStale: boolean;
}

export interface FoundSession {
  readonly sessionId: string;
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly organization: OrganizationId;
  readonly role: string;
  readonly isStale: boolean;
  /** Whether it is good in this organization only. */
  readonly isBound: boolean;
}

export interface FoundMembership {
  readonly organization: OrganizationId;
  readonly slug: string;
  readonly name: string;
  readonly role: string;
}

/** The look-ups from a credential's hash to its organization; the only statements that `parley_gate` may run. */
export class GateStore {
  constructor(private readonly gate: pg.Pool) {}

  /** A live key by its hash; with a slug only where it is a key of that organization. */
  async apiKey(hash: Buffer, slug: string | null): Promise<FoundApiKey | null> {
    const { rows } = await this.gate.query<{ organization_id: string; id: string; name: string; permissions: string[]; stale: boolean }>(
      { name: 'gate_api_key', text: 'SELECT * FROM gate_api_key($1, $2)', values: [hash, slug] });
    const row = rows[0];
    return row === undefined ? null
      : { organization: organizationId(row.organization_id), id: row.id, name: row.name, permissions: row.permissions, isStale: row.stale };
  }

  /** A live session by its hash, in the named or else its active organization; null where the person is no member of it. */
  async session(hash: Buffer, slug: string | null, idleMs: number): Promise<FoundSession | null> {
    const { rows } = await this.gate.query<{ session_id: string; person_id: string; email: string; name: string; organization_id: string; role: string; stale: boolean; bound: boolean }>(
      { name: 'gate_session', text: `SELECT * FROM gate_session($1, $2, $3 * interval '1 ms')`, values: [hash, slug, idleMs] });
    const row = rows[0];
    return row === undefined ? null : {
      sessionId: row.session_id, personId: row.person_id, email: row.email, name: row.name,
      organization: organizationId(row.organization_id), role: row.role, isStale: row.stale, isBound: row.bound,
    };
  }

  /** The organizations of a person, by slug. */
  async memberships(person: string): Promise<readonly FoundMembership[]> {
    const { rows } = await this.gate.query<{ organization_id: string; slug: string; name: string; role: string }>(
      'SELECT * FROM gate_memberships($1)', [person]);
    return rows.map((row) => ({ organization: organizationId(row.organization_id), slug: row.slug, name: row.name, role: row.role }));
  }

  /** The organization whose endpoint has an inbound credential of this hash, and where that may be sent. */
  async inbound(slug: string, endpoint: string, hash: Buffer): Promise<{ readonly organization: OrganizationId; readonly kind: string } | null> {
    const { rows } = await this.gate.query<{ organization_id: string; kind: string }>(
      { name: 'gate_inbound', text: 'SELECT * FROM gate_inbound($1, $2, $3)', values: [slug, endpoint, hash] });
    const row = rows[0];
    return row === undefined ? null : { organization: organizationId(row.organization_id), kind: row.kind };
  }
}
