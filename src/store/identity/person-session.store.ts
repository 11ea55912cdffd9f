import { MoreThan, type EntityManager } from 'typeorm';
import { PersonSessionRow } from './person-session.entity.js';

/** Sessions of people. */
export class PersonSessionStore {
  constructor(private readonly manager: EntityManager) {}

  async create(session: Omit<PersonSessionRow, 'createdAt' | 'lastSeenAt' | 'expiresAt'>, lifetimeMs: number): Promise<void> {
    await this.manager.query(
      `INSERT INTO person_session (id, person_id, token_hash, active_organization_id, bound_organization_id, provider_id, address, user_agent, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 ms')`,
      [session.id, session.personId, session.tokenHash, session.activeOrganizationId, session.boundOrganizationId, session.providerId, session.address, session.userAgent, lifetimeMs]);
  }

  find(id: string): Promise<PersonSessionRow | null> {
    return this.manager.findOneBy(PersonSessionRow, { id });
  }

  /** Notes that a session is in use; its idle time begins anew. */
  async touch(id: string): Promise<void> {
    await this.manager.query('UPDATE person_session SET last_seen_at = now() WHERE id = $1', [id]);
  }

  /** Live sessions of a person, newest first; `boundTo`: those that are good in this organization only. */
  live(person: string, idleMs: number, boundTo: string | null): Promise<PersonSessionRow[]> {
    return this.manager.find(PersonSessionRow, {
      where: { personId: person, ...(boundTo === null ? {} : { boundOrganizationId: boundTo }), expiresAt: MoreThan(new Date()), lastSeenAt: MoreThan(new Date(Date.now() - idleMs)) }, order: { createdAt: 'DESC' }, take: 200,
    });
  }

  async setActiveOrganization(id: string, organization: string): Promise<void> {
    await this.manager.update(PersonSessionRow, { id }, { activeOrganizationId: organization });
  }

  /** Ends one session of a person; false where there is none. */
  async end(person: string, id: string, boundTo: string | null): Promise<boolean> {
    const { affected } = await this.manager.delete(PersonSessionRow, { id, personId: person, ...(boundTo === null ? {} : { boundOrganizationId: boundTo }) });
    return (affected ?? 0) > 0;
  }

  async endByHash(hash: Buffer): Promise<void> {
    await this.manager.delete(PersonSessionRow, { tokenHash: hash });
  }

  /** Ends all sessions of a person, but for one. */
  async endAll(person: string, except: string | null): Promise<void> {
    await this.manager.query('DELETE FROM person_session WHERE person_id = $1 AND ($2::uuid IS NULL OR id <> $2)', [person, except]);
  }

  /** Removes what has run out. */
  async sweep(idleMs: number): Promise<void> {
    await this.manager.query(`DELETE FROM person_session WHERE expires_at < now() OR last_seen_at < now() - $1 * interval '1 ms'`, [idleMs]);
  }
}
