import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { MembershipRow } from './membership.entity.js';

/** A member as lists show it. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Date;
}

const MEMBER = `SELECT p.id, p.email, p.name, m.role, m.created_at AS "createdAt" FROM membership m JOIN person p ON p.id = m.person_id WHERE m.organization_id = $1`;

/** The members of one organization, in one transaction. */
export class MembershipStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Members by id, from after `after`. */
  list(after: string | null, limit: number): Promise<Member[]> {
    return this.manager.query<Member[]>(`${MEMBER} AND ($2::uuid IS NULL OR m.person_id > $2) ORDER BY m.person_id LIMIT $3`, [this.organization, after, limit]);
  }

  async find(person: string): Promise<Member | null> {
    const [row] = await this.manager.query<Member[]>(`${MEMBER} AND m.person_id = $2`, [this.organization, person]);
    return row ?? null;
  }

  async add(person: string, role: string): Promise<void> {
    await this.manager.insert(MembershipRow, { organizationId: this.organization, personId: person, role, createdAt: new Date() });
  }

  async setRole(person: string, role: string): Promise<void> {
    await this.manager.update(MembershipRow, { organizationId: this.organization, personId: person }, { role });
  }

  async remove(person: string): Promise<void> {
    await this.manager.delete(MembershipRow, { organizationId: this.organization, personId: person });
  }

  /** Whether another administrator would remain. Locks all administrators, so that two cannot remove each other at once. */
  async hasOtherAdministrator(person: string): Promise<boolean> {
    const rows = await this.manager.query<{ person_id: string }[]>(
      `SELECT person_id FROM membership WHERE organization_id = $1 AND role = 'administrator' ORDER BY person_id FOR UPDATE`, [this.organization]);
    return rows.some((row) => row.person_id !== person);
  }
}
