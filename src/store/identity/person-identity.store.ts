import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** Whom an issuer means: its subject never changes, an e-mail address may. */
export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

/** Who the subjects of issuers are in one organization, in one transaction. */
export class PersonIdentityStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** The person's id; null where nobody was linked yet. */
  async find({ issuer, subject }: Subject): Promise<string | null> {
    const [row] = await this.manager.query<{ person: string }[]>('SELECT person_id AS person FROM person_identity WHERE organization_id = $1 AND issuer = $2 AND subject = $3', [this.organization, issuer, subject]);
    return row?.person ?? null;
  }

  /** Whether this issuer has named the person before, by another subject. */
  async isLinked(issuer: string, person: string): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>('SELECT 1 FROM person_identity WHERE organization_id = $1 AND issuer = $2 AND person_id = $3', [this.organization, issuer, person]);
    return rows.length > 0;
  }

  async link({ issuer, subject }: Subject, person: string): Promise<void> {
    await this.manager.query('INSERT INTO person_identity (organization_id, issuer, subject, person_id) VALUES ($1, $2, $3, $4)', [this.organization, issuer, subject, person]);
  }

  /** Nobody is linked to the person any more: the next sign-in links them anew. */
  async forget(person: string): Promise<void> {
    await this.manager.query('DELETE FROM person_identity WHERE organization_id = $1 AND person_id = $2', [this.organization, person]);
  }

  async noteUse({ issuer, subject }: Subject): Promise<void> {
    await this.manager.query('UPDATE person_identity SET last_used_at = now() WHERE organization_id = $1 AND issuer = $2 AND subject = $3', [this.organization, issuer, subject]);
  }
}
