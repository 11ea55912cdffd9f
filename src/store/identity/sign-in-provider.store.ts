import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** Which value of the provider's claim gives which role. */
export interface RoleOfValue {
  readonly value: string;
  readonly role: string;
}

/** Someone whom an organization lets say who its people are, as stored; the secret sealed. */
export interface SignInProviderRow {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Buffer | null;
  readonly scopes: string;
  readonly enabled: boolean;
  /** Whether people whom nobody knows here are made members. */
  readonly createsPeople: boolean;
  readonly defaultRole: string | null;
  readonly roleClaim: string | null;
  readonly roleMap: readonly RoleOfValue[];
  /** Empty: any. */
  readonly emailDomains: readonly string[];
  readonly updatedAt: Date;
}

const PROVIDER = `id, name, issuer, client_id AS "clientId", client_secret AS "clientSecret", scopes, enabled, creates_people AS "createsPeople", default_role AS "defaultRole",
  role_claim AS "roleClaim", role_map AS "roleMap", email_domains AS "emailDomains", updated_at AS "updatedAt"`;

/** The sign-in providers of one organization, in one transaction. */
export class SignInProviderStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  all(): Promise<SignInProviderRow[]> {
    return this.manager.query<SignInProviderRow[]>(`SELECT ${PROVIDER} FROM sign_in_provider WHERE organization_id = $1 ORDER BY name COLLATE "C"`, [this.organization]);
  }

  async find(id: string): Promise<SignInProviderRow | null> {
    const [row] = await this.manager.query<SignInProviderRow[]>(`SELECT ${PROVIDER} FROM sign_in_provider WHERE organization_id = $1 AND id = $2`, [this.organization, id]);
    return row ?? null;
  }

  /** Inserts or overwrites. A name that another one has raises 23505. */
  async save(row: Omit<SignInProviderRow, 'updatedAt'>): Promise<void> {
    await this.manager.query(
      `INSERT INTO sign_in_provider (organization_id, id, name, issuer, client_id, client_secret, scopes, enabled, creates_people, default_role, role_claim, role_map, email_domains)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret, scopes = excluded.scopes,
         enabled = excluded.enabled, creates_people = excluded.creates_people, default_role = excluded.default_role, role_claim = excluded.role_claim, role_map = excluded.role_map,
         email_domains = excluded.email_domains, updated_at = now()`,
      [this.organization, row.id, row.name, row.issuer, row.clientId, row.clientSecret, row.scopes, row.enabled, row.createsPeople, row.defaultRole, row.roleClaim, JSON.stringify(row.roleMap), row.emailDomains]);
  }

  /** Answers whether there was one. */
  async remove(id: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>('DELETE FROM sign_in_provider WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return count > 0;
  }
}
