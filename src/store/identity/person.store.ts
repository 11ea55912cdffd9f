import type { EntityManager } from 'typeorm';
import { PersonRow } from './person.entity.js';

/** How e-mail addresses are compared. */
export const foldEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** People of the installation. */
export class PersonStore {
  constructor(private readonly manager: EntityManager) {}

  byEmail(email: string): Promise<PersonRow | null> {
    return this.manager.findOneBy(PersonRow, { emailFolded: foldEmail(email) });
  }

  byId(id: string): Promise<PersonRow | null> {
    return this.manager.findOneBy(PersonRow, { id });
  }

  async create(person: Pick<PersonRow, 'id' | 'email' | 'name' | 'passwordHash'>): Promise<void> {
    const now = new Date();
    await this.manager.insert(PersonRow, { ...person, email: person.email.trim(), emailFolded: foldEmail(person.email), passwordChangedAt: now, createdAt: now });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.manager.update(PersonRow, { id }, { name });
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.manager.update(PersonRow, { id }, { passwordHash, passwordChangedAt: new Date() });
  }

  /** Stores the same password under newer parameters. */
  async rehash(id: string, passwordHash: string): Promise<void> {
    await this.manager.update(PersonRow, { id }, { passwordHash });
  }
}
