import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Database } from '../../store/database.js';
import { OrganizationStore } from '../../store/identity/organization.store.js';
import { SignInProviderStore, type SignInProviderRow } from '../../store/identity/sign-in-provider.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { isUniqueViolation, Problem, type ProblemError } from '../../web/index.js';
import { AuditLog } from '../audit-log.js';
import { DEFAULT_ORGANIZATION } from '../first-start.js';
import type { Role } from '../permission.js';
import type { Principal } from '../principal.js';
import { SecretBox, type SecretPlace } from '../secret-box.js';
import { refuseExcess } from '../role-excess.js';
import { isLoopback, OidcClient, type OpenedProvider } from './oidc-client.js';
import { SignInRefused } from './refusal.js';
import type { SignInProviderBody, SignInProviderCheckView, SignInProviderView } from './sign-in-provider.dto.js';

/** Where a request was sent to, as its browser sees it: for addresses that are told to others. */
export interface OwnAddress {
  readonly origin: string;
}

/** The sign-in providers of organizations, as administrators see and change them. */
@Injectable()
export class SignInProviders {
  constructor(
    private readonly database: Database, private readonly secrets: SecretBox, private readonly audit: AuditLog, private readonly client: OidcClient, @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async all({ organization }: Principal, own: OwnAddress): Promise<SignInProviderView[]> {
    return this.database.inOrganization(organization, async (manager) => {
      const slug = await slugOf(new OrganizationStore(manager), organization);
      return (await new SignInProviderStore(organization, manager).all()).map((row) => this.viewOf(row, slug, own));
    });
  }

  /** Makes (`id` null) or changes one. Whoever sets a provider can become anybody here: it takes all rights. */
  async save(by: Principal, id: string | null, body: SignInProviderBody, own: OwnAddress): Promise<SignInProviderView> {
    const { organization } = by;
    refuseExcess(by, 'administrator');
    const problems = problemsOf(body);
    if (problems.length > 0) throw Problem.invalid(problems);
    return this.database.inOrganization(organization, async (manager) => {
      const store = new SignInProviderStore(organization, manager);
      const known = id === null ? null : found(await store.find(id));
      const row = this.rowOf(organization, known?.id ?? randomUUID(), body, known);
      await store.save(row).catch((error: unknown) => {
        throw isUniqueViolation(error) ? Problem.conflict('name-taken', `There is a sign-in provider "${body.name}" already.`) : error;
      });
      const { clientSecret: _, ...told } = row;
      await this.audit.record(manager, organization, by, known === null ? 'sign-in-provider.create' : 'sign-in-provider.change', `sign-in-provider:${row.id}`, { ...told, secret: body.clientSecret === undefined ? 'kept' : body.clientSecret === null ? 'none' : 'set' });
      return this.viewOf(found(await store.find(row.id)), await slugOf(new OrganizationStore(manager), organization), own);
    });
  }

  async remove(by: Principal, id: string): Promise<void> {
    refuseExcess(by, 'administrator');
    await this.database.inOrganization(by.organization, async (manager) => {
      const store = new SignInProviderStore(by.organization, manager);
      const { name } = found(await store.find(id));
      await store.remove(id);
      await this.audit.record(manager, by.organization, by, 'sign-in-provider.remove', `sign-in-provider:${id}`, { name });
    });
  }

  /** Asks the provider what it says of itself, now. */
  async check({ organization }: Principal, id: string): Promise<SignInProviderCheckView> {
    const row = await this.database.inOrganization(organization, async (manager) => found(await new SignInProviderStore(organization, manager).find(id)));
    try {
      await this.client.check(this.opened(organization, row));
      return { ok: true, message: 'The provider answers, and says what is needed.' };
    } catch (error) {
      if (error instanceof SignInRefused) return { ok: false, message: error.message };
      throw error;
    }
  }

  /** A provider with its secret in clear. */
  opened(organization: OrganizationId, row: SignInProviderRow): OpenedProvider {
    const { id, issuer, clientId, clientSecret, scopes, roleClaim, updatedAt } = row;
    return {
      key: `${organization} ${id} ${updatedAt.getTime()}`, issuer, clientId, scopes, roleClaim,
      clientSecret: clientSecret === null ? null : this.secrets.openText(placeOf(organization, id), clientSecret),
    };
  }

  /** Where browsers come back to: one address per provider, so that no provider can hand over another one's answer. */
  redirectUri(slug: string, id: string, own: OwnAddress): string {
    return `${this.base(own)}/api/v1/o/${encodeURIComponent(slug)}/sign-in/${id}/callback`;
  }

  /** Where browsers come back to once they signed out at the provider: the door of the organization. */
  signedOutUri(slug: string, own: OwnAddress): string {
    return `${this.base(own)}/sign-in${slug === DEFAULT_ORGANIZATION ? '' : `?organization=${encodeURIComponent(slug)}`}`;
  }

  private base({ origin }: OwnAddress): string {
    return this.settings.publicUrl?.replace(/\/+$/, '') ?? origin;
  }

  private rowOf(organization: OrganizationId, id: string, body: SignInProviderBody, known: SignInProviderRow | null): Omit<SignInProviderRow, 'updatedAt'> {
    const { name, issuer, clientId, clientSecret, scopes = 'openid email profile', enabled = true, createsPeople = false, defaultRole = null, roleClaim = null, roleMap = [], emailDomains = [] } = body;
    return {
      id, name, issuer, clientId, scopes, enabled, createsPeople, defaultRole, roleClaim, roleMap: roleMap.map(({ value, role }) => ({ value, role })), emailDomains,
      clientSecret: clientSecret === undefined ? (known?.clientSecret ?? null) : clientSecret === null ? null : this.secrets.seal(placeOf(organization, id), clientSecret),
    };
  }

  private viewOf({ clientSecret, updatedAt: _, ...row }: SignInProviderRow, slug: string, own: OwnAddress): SignInProviderView {
    return {
      ...row, defaultRole: row.defaultRole as Role | null, roleMap: row.roleMap.map(({ value, role }) => ({ value, role: role as Role })), emailDomains: [...row.emailDomains],
      hasSecret: clientSecret !== null, redirectUri: this.redirectUri(slug, row.id, own), signedOutUri: this.signedOutUri(slug, own),
    };
  }
}

const placeOf = (organization: OrganizationId, row: string): SecretPlace => ({ organization, table: 'sign_in_provider', column: 'client_secret', row });

function problemsOf({ issuer, scopes, createsPeople, defaultRole, roleMap, roleClaim }: SignInProviderBody): ProblemError[] {
  const problems: ProblemError[] = [];
  const isUrl = URL.canParse(issuer) && (new URL(issuer).protocol === 'https:' || isLoopback(issuer));
  if (!isUrl || /[?#@]/.test(issuer)) problems.push({ pointer: '/issuer', detail: 'must be an https address without query' });
  if (scopes !== undefined && !scopes.split(' ').includes('openid')) problems.push({ pointer: '/scopes', detail: 'must contain openid' });
  const hasMap = roleMap !== undefined && roleMap.length > 0;
  if (hasMap && (roleClaim === undefined || roleClaim === null)) problems.push({ pointer: '/roleClaim', detail: 'is needed where there is a map of roles' });
  if (createsPeople === true && (defaultRole === undefined || defaultRole === null) && !hasMap) problems.push({ pointer: '/defaultRole', detail: 'is needed where people are made members, or a map of roles' });
  return problems;
}

function found(row: SignInProviderRow | null): SignInProviderRow {
  if (row === null) throw Problem.missing('such sign-in provider');
  return row;
}

async function slugOf(organizations: OrganizationStore, organization: OrganizationId): Promise<string> {
  const row = await organizations.byId(organization);
  if (row === null) throw new Error('An organization that somebody works in is not there.');
  return row.slug;
}
