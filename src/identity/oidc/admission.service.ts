import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from '../../store/data-source.js';
import { MembershipStore } from '../../store/identity/membership.store.js';
import { PersonIdentityStore, type Subject } from '../../store/identity/person-identity.store.js';
import type { PersonRow } from '../../store/identity/person.entity.js';
import { PersonStore } from '../../store/identity/person.store.js';
import type { SignInProviderRow } from '../../store/identity/sign-in-provider.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { AuditLog } from '../audit-log.js';
import { hashPassword } from '../password.js';
import { nameOf, roleOf, verifiedEmail, type Claims } from './claims.js';
import { SignInRefused } from './refusal.js';

/** Finds whom a provider means: by its subject, else once by the verified address of a member, else somebody new where that is wanted. */
@Injectable()
export class Admission {
  constructor(private readonly audit: AuditLog) {}

  /** In the transaction of the session that is opened. */
  async personOf(manager: EntityManager, organization: OrganizationId, provider: SignInProviderRow, claims: Claims): Promise<PersonRow> {
    const subject = { issuer: provider.issuer, subject: claims.sub };
    const identities = new PersonIdentityStore(organization, manager);
    const email = verifiedEmail(claims, provider.emailDomains);
    const linked = await identities.find(subject);
    if (linked !== null) {
      await identities.noteUse(subject);
      const person = await new PersonStore(manager).byId(linked);
      // Somebody took them out of the organization: they do not come back by themselves.
      if (person === null || (await new MembershipStore(organization, manager).find(linked)) === null) throw new SignInRefused('not-a-member');
      return person;
    }
    const person = await this.memberOf(manager, organization, { provider, claims, email });
    // An address that the provider gave to somebody else since must not open the account of before.
    if (await identities.isLinked(subject.issuer, person.id)) throw new SignInRefused('linked-elsewhere');
    await this.link(manager, organization, { provider, subject, person });
    return person;
  }

  private async memberOf(manager: EntityManager, organization: OrganizationId, { provider, claims, email }: { readonly provider: SignInProviderRow; readonly claims: Claims; readonly email: string }): Promise<PersonRow> {
    const people = new PersonStore(manager);
    const members = new MembershipStore(organization, manager);
    const known = await people.byEmail(email);
    if (known !== null && (await members.find(known.id)) !== null) return known;
    if (!provider.createsPeople) throw new SignInRefused('not-a-member');
    const role = roleOf(claims, provider);
    if (role === null) throw new SignInRefused('no-role');
    const id = known?.id ?? randomUUID();
    // Nobody knows this password: the provider is the way in, until an administrator sets another one.
    if (known === null) await people.create({ id, email, name: nameOf(claims, email), passwordHash: await hashPassword(randomBytes(32).toString('base64url')) });
    await members.add(id, role);
    await this.audit.record(manager, organization, { kind: 'person', id, name: email }, 'user.create', `user:${id}`, { email, role, provider: provider.name });
    return known ?? (await people.byId(id))!;
  }

  private async link(manager: EntityManager, organization: OrganizationId, { provider, subject, person }: { readonly provider: SignInProviderRow; readonly subject: Subject; readonly person: PersonRow }): Promise<void> {
    await new PersonIdentityStore(organization, manager).link(subject, person.id);
    await this.audit.record(manager, organization, { kind: 'person', id: person.id, name: person.email }, 'user.link', `user:${person.id}`, { provider: provider.name, ...subject });
  }
}
