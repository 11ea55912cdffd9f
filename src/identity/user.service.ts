import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import { GateStore } from '../store/identity/gate.store.js';
import { MembershipStore, type Member } from '../store/identity/membership.store.js';
import { PersonIdentityStore } from '../store/identity/person-identity.store.js';
import { PersonSessionStore } from '../store/identity/person-session.store.js';
import { PersonStore } from '../store/identity/person.store.js';
import { Problem, isUniqueViolation, pageOf, readCursor, type Page } from '../web/index.js';
import { AuditLog } from './audit-log.js';
import { hashPassword } from './password.js';
import type { Role } from './permission.js';
import type { Principal } from './principal.js';
import { refuseExcess } from './role-excess.js';
import type { UserBody, UserChange } from './user.dto.js';

/** The people of an organization. */
@Injectable()
export class UserService {
  private readonly gate: GateStore;

  constructor(private readonly database: Database, private readonly audit: AuditLog) {
    this.gate = new GateStore(database.gate);
  }

  async list({ organization }: Principal, cursor: string | undefined, limit: number): Promise<Page<Member>> {
    const after = readCursor(cursor, 'uuid')?.[0] ?? null;
    const rows = await this.database.inOrganization(organization, (manager) => new MembershipStore(organization, manager).list(after, limit + 1));
    return pageOf(rows, limit, (row) => [row.id]);
  }

  /** Makes someone a member. Who is known from another organization keeps name and password. */
  async add(principal: Principal, body: UserBody): Promise<{ readonly member: Member; readonly initialPassword: string | null }> {
    const { organization } = principal;
    refuseExcess(principal, body.role);
    const known = await new PersonStore(this.database.app.manager).byEmail(body.email);
    const generated = known === null && body.password === undefined ? randomBytes(15).toString('base64url') : null;
    const passwordHash = known === null ? await hashPassword(body.password ?? generated ?? '') : '';
    const id = known?.id ?? randomUUID();
    try {
      const member = await this.database.inOrganization(organization, async (manager) => {
        if (known === null) await new PersonStore(manager).create({ id, email: body.email, name: body.name ?? body.email, passwordHash });
        const members = new MembershipStore(organization, manager);
        await members.add(id, body.role);
        // Somebody wants them in: whoever a sign-in provider means by their address is linked anew.
        await new PersonIdentityStore(organization, manager).forget(id);
        await this.audit.record(manager, organization, principal, 'user.create', `user:${id}`, { email: body.email, role: body.role });
        return members.find(id);
      });
      if (member === null) throw new Error('A member that was just added is not there.');
      return { member, initialPassword: generated };
    } catch (error) {
      if (isUniqueViolation(error)) throw Problem.conflict('user-exists', 'This person is a member already.');
      throw error;
    }
  }

  /** Changes role, name or password of a member. */
  async change(principal: Principal, id: string, change: UserChange): Promise<Member> {
    const { organization } = principal;
    const touchesPerson = change.name !== undefined || change.password !== undefined;
    // A person's name and password are theirs in every organization: else one could take over another's administrator.
    if (touchesPerson && (await this.gate.memberships(id)).some((one) => one.organization !== organization)) {
      throw Problem.denied('person-of-others', 'This person belongs to other organizations too; only they themselves may change name and password.');
    }
    const passwordHash = change.password === undefined ? null : await hashPassword(change.password);
    return this.database.inOrganization(organization, async (manager) => {
      const members = new MembershipStore(organization, manager);
      const member = await members.find(id);
      if (member === null) throw Problem.missing('such user');
      refuseExcess(principal, member.role as Role);
      if (change.role !== undefined) {
        refuseExcess(principal, change.role);
        if (change.role !== 'administrator' && !(await members.hasOtherAdministrator(id))) throw lastAdministrator();
        await members.setRole(id, change.role);
      }
      const people = new PersonStore(manager);
      if (change.name !== undefined) await people.rename(id, change.name);
      if (passwordHash !== null) {
        await people.setPassword(id, passwordHash);
        await new PersonSessionStore(manager).endAll(id, null);
      }
      await this.audit.record(manager, organization, principal, 'user.change', `user:${id}`, { role: change.role, name: change.name, password: passwordHash === null ? undefined : 'changed' });
      return (await members.find(id))!;
    });
  }

  /** Takes someone out of the organization; they are signed out of it at once. */
  async remove(principal: Principal, id: string): Promise<void> {
    const { organization } = principal;
    await this.database.inOrganization(organization, async (manager) => {
      const members = new MembershipStore(organization, manager);
      const member = await members.find(id);
      if (member === null) throw Problem.missing('such user');
      refuseExcess(principal, member.role as Role);
      if (!(await members.hasOtherAdministrator(id))) throw lastAdministrator();
      await members.remove(id);
      await this.audit.record(manager, organization, principal, 'user.remove', `user:${id}`, { email: member.email });
    });
  }
}

const lastAdministrator = (): Problem => Problem.conflict('last-administrator', 'An organization keeps at least one administrator.');
