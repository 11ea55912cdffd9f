import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from '../store/data-source.js';
import { Database } from '../store/database.js';
import { GateStore, type FoundMembership } from '../store/identity/gate.store.js';
import type { PersonSessionRow } from '../store/identity/person-session.entity.js';
import { PersonSessionStore } from '../store/identity/person-session.store.js';
import type { PersonRow } from '../store/identity/person.entity.js';
import { PersonStore } from '../store/identity/person.store.js';
import type { OrganizationId } from '../store/organization.js';
import { Problem } from '../web/index.js';
import { AuditLog } from './audit-log.js';
import { SESSION_IDLE_MS, SESSION_LIFETIME_MS } from './authenticator.js';
import { DEFAULT_ORGANIZATION } from './first-start.js';
import { hashPassword, isOutdatedHash, isPassword } from './password.js';
import { ROLE_PERMISSIONS, type Role } from './permission.js';
import type { Principal } from './principal.js';
import type { CurrentSessionView } from './session.dto.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { makeSessionToken, tokenHash } from './token.js';

/** From where someone signs in. */
export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  /** The organization that the path names; null: the person's own choice. */
  readonly slug: string | null;
  /** Token of a session that this sign-in replaces. */
  readonly replaces: string | null;
}

export interface Opened {
  readonly token: string;
  readonly view: CurrentSessionView;
}

/** Sessions of people: sign in and out, list, end, change the password. */
@Injectable()
export class SessionService {
  private readonly gate: GateStore;

  constructor(private readonly database: Database, private readonly throttle: SignInThrottle, private readonly audit: AuditLog) {
    this.gate = new GateStore(database.gate);
  }

  /** Opens a session. Wrong password and unknown address are refused in the same words and the same time. */
  async signIn(email: string, password: string, visitor: Visitor): Promise<Opened> {
    const person = await new PersonStore(this.database.app.manager).byEmail(email);
    const right = await this.throttle.attempt(email, visitor.address, () => isPassword(password, person?.passwordHash ?? null));
    if (person === null || !right) throw Problem.unauthenticated('E-mail address or password is wrong.');
    const memberships = await this.gate.memberships(person.id);
    const active = visitor.slug === null ? memberships.find(({ slug }) => slug === DEFAULT_ORGANIZATION) ?? memberships[0] : memberships.find(({ slug }) => slug === visitor.slug);
    if (active === undefined) throw Problem.denied('no-organization', 'You are not a member of this organization.');
    const rehashed = isOutdatedHash(person.passwordHash) ? await hashPassword(password) : null;
    const token = await this.database.inOrganization(active.organization, async (manager) => {
      if (rehashed !== null) await new PersonStore(manager).rehash(person.id, rehashed);
      return this.openIn(manager, { person, organization: active.organization, visitor, provider: null });
    });
    return { token, view: viewOf(person, active, memberships) };
  }

  /**
   * Opens a session for somebody whose identity is certain, and answers its token. One that an organization's own `provider` vouched
   * for is good in that organization only.
   */
  async openIn(manager: EntityManager, { person, organization, visitor, provider }: { readonly person: Pick<PersonRow, 'id' | 'email'>; readonly organization: OrganizationId; readonly visitor: Visitor; readonly provider: { readonly id: string; readonly name: string } | null }): Promise<string> {
    const token = makeSessionToken();
    const sessions = new PersonSessionStore(manager);
    if (visitor.replaces !== null) await sessions.endByHash(tokenHash(visitor.replaces));
    const session = {
      id: randomUUID(), personId: person.id, tokenHash: tokenHash(token), activeOrganizationId: organization, boundOrganizationId: provider === null ? null : organization, providerId: provider?.id ?? null,
      address: visitor.address, userAgent: visitor.userAgent,
    };
    await sessions.create(session, SESSION_LIFETIME_MS);
    const details = { address: visitor.address, ...(provider === null ? {} : { provider: provider.name }) };
    await this.audit.record(manager, organization, { kind: 'person', id: person.id, name: person.email }, 'session.open', `session:${session.id}`, details);
    return token;
  }

  async current(principal: Principal): Promise<CurrentSessionView> {
    const memberships = await this.membershipsOf(principal);
    const active = memberships.find(({ organization }) => organization === principal.organization);
    const person = await new PersonStore(this.database.app.manager).byId(principal.id);
    if (active === undefined || person === null) throw Problem.unauthenticated();
    const provider = principal.isBound === true && principal.session !== null ? ((await new PersonSessionStore(this.database.app.manager).find(principal.session))?.providerId ?? null) : null;
    return { ...viewOf(person, active, memberships), signOutUrl: provider === null ? null : `/api/v1/o/${encodeURIComponent(active.slug)}/sign-in/${provider}/end` };
  }

  /** Goes on in another organization of the person. */
  async switchTo(principal: Principal, session: string, slug: string): Promise<void> {
    const target = (await this.membershipsOf(principal)).find((one) => one.slug === slug);
    if (target === undefined) throw Problem.invalid([{ pointer: '/organization', detail: 'is not an organization of yours' }]);
    await new PersonSessionStore(this.database.app.manager).setActiveOrganization(session, target.organization);
  }

  async list(principal: Principal): Promise<PersonSessionRow[]> {
    return new PersonSessionStore(this.database.app.manager).live(principal.id, SESSION_IDLE_MS, boundTo(principal));
  }

  async end(principal: Principal, session: string): Promise<void> {
    await this.database.inOrganization(principal.organization, async (manager) => {
      if (!(await new PersonSessionStore(manager).end(principal.id, session, boundTo(principal)))) throw Problem.missing('such session of yours');
      await this.audit.record(manager, principal.organization, principal, 'session.end', `session:${session}`);
    });
  }

  /** Changes the person's password; every other session of theirs ends. */
  async changePassword(principal: Principal, current: string, next: string, address: string): Promise<void> {
    const person = await new PersonStore(this.database.app.manager).byId(principal.id);
    if (person === null) throw Problem.unauthenticated();
    const right = await this.throttle.attempt(person.email, address, () => isPassword(current, person.passwordHash));
    if (!right) throw Problem.invalid([{ pointer: '/currentPassword', detail: 'is wrong' }]);
    const hashed = await hashPassword(next);
    await this.database.inOrganization(principal.organization, async (manager) => {
      await new PersonStore(manager).setPassword(person.id, hashed);
      await new PersonSessionStore(manager).endAll(person.id, principal.session);
      await this.audit.record(manager, principal.organization, principal, 'user.change-password', `user:${person.id}`);
    });
  }

  /** The organizations in which the session is good. */
  private async membershipsOf(principal: Principal): Promise<readonly FoundMembership[]> {
    const all = await this.gate.memberships(principal.id);
    return principal.isBound === true ? all.filter(({ organization }) => organization === principal.organization) : all;
  }

  async sweep(): Promise<void> {
    await new PersonSessionStore(this.database.app.manager).sweep(SESSION_IDLE_MS);
    await this.throttle.sweep();
  }
}

const boundTo = (principal: Principal): OrganizationId | null => (principal.isBound === true ? principal.organization : null);

function viewOf(person: { readonly id: string; readonly email: string; readonly name: string }, active: FoundMembership, all: readonly FoundMembership[]): CurrentSessionView {
  const organization = (one: FoundMembership): CurrentSessionView['organization'] => ({ id: one.organization, slug: one.slug, name: one.name, role: one.role });
  return {
    person: { id: person.id, email: person.email, name: person.name },
    organization: organization(active),
    organizations: all.map(organization),
    permissions: [...ROLE_PERMISSIONS[active.role as Role]],
    signOutUrl: null,
  };
}
