import { randomBytes, randomUUID } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import type { Database } from '../store/database.js';
import { ApiKeyStore } from '../store/identity/api-key.store.js';
import { InstallationStore } from '../store/identity/installation.store.js';
import { MembershipStore } from '../store/identity/membership.store.js';
import { OrganizationStore } from '../store/identity/organization.store.js';
import { PersonStore } from '../store/identity/person.store.js';
import { organizationId } from '../store/organization.js';
import { AuditLog } from './audit-log.js';
import { hashPassword } from './password.js';
import { PERMISSIONS } from './permission.js';
import { SYSTEM } from './principal.js';
import { tokenHash } from './token.js';

/** The organization of credentials and paths that name none. */
export const DEFAULT_ORGANIZATION = 'default';
const BOOTSTRAP = 'bootstrap';

/** What the first start made; null where there was everything. */
export interface FirstStart {
  readonly email: string;
  /** The generated password, to be shown once; null where it was given. */
  readonly password: string | null;
}

/**
 * Makes the default organization, its administrator and the bootstrap key, once. Of several instances that
 * start at once one does it and the others wait. A bootstrap key that is given later is made then.
 */
export async function firstStart(database: Database, settings: Settings): Promise<FirstStart | null> {
  const password = settings.adminPassword ?? randomBytes(15).toString('base64url');
  return database.app.transaction(async (manager) => {
    await new InstallationStore(manager).lockFirstStart();
    const organizations = new OrganizationStore(manager);
    const audit = new AuditLog();
    const known = await organizations.bySlug(DEFAULT_ORGANIZATION);
    const organization = known ?? organizationId(randomUUID());
    await organizations.enter(organization);
    if (known === null) {
      await organizations.create({ id: organization, slug: DEFAULT_ORGANIZATION, name: 'Default' });
      const person = { id: randomUUID(), email: settings.adminEmail, name: 'Administrator', passwordHash: await hashPassword(password) };
      await new PersonStore(manager).create(person);
      await new MembershipStore(organization, manager).add(person.id, 'administrator');
      await audit.record(manager, organization, SYSTEM, 'organization.create', `organization:${organization}`, { slug: DEFAULT_ORGANIZATION });
      await audit.record(manager, organization, SYSTEM, 'user.create', `user:${person.id}`, { email: person.email, role: 'administrator' });
    }
    const keys = new ApiKeyStore(organization, manager);
    if (settings.bootstrapApiKey !== undefined && !(await keys.exists(BOOTSTRAP))) {
      const key = await keys.create({
        id: randomUUID(), name: BOOTSTRAP, prefix: `${settings.bootstrapApiKey.slice(0, 4)}…`, hash: tokenHash(settings.bootstrapApiKey),
        permissions: [...PERMISSIONS], createdBy: SYSTEM.name, expiresAt: null,
      });
      await audit.record(manager, organization, SYSTEM, 'api-key.create', `api-key:${key.id}`, { name: BOOTSTRAP });
    }
    return known === null ? { email: settings.adminEmail, password: settings.adminPassword === undefined ? password : null } : null;
  });
}

/** The block that shows the first administrator on the terminal. */
export function tellFirstStart({ email, password }: FirstStart): string {
  const line = '─'.repeat(64);
  const secret = password === null ? '  password   (as given by PARLEY_ADMIN_PASSWORD)' : `  password   ${password}\n\n  This password is shown only now; change it after signing in.`;
  return `\n${line}\n  First administrator of this installation\n\n  e-mail     ${email}\n${secret}\n${line}\n`;
}
