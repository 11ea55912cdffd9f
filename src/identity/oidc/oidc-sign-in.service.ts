import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../store/database.js';
import { OrganizationStore } from '../../store/identity/organization.store.js';
import { SignInProviderStore, type SignInProviderRow } from '../../store/identity/sign-in-provider.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { isUniqueViolation } from '../../web/index.js';
import { AuditLog } from '../audit-log.js';
import { DEFAULT_ORGANIZATION } from '../first-start.js';
import { SYSTEM } from '../principal.js';
import { SessionService, type Visitor } from '../session.service.js';
import { Admission } from './admission.service.js';
import type { SignInUnderWay } from './beginning-cookie.js';
import type { Claims } from './claims.js';
import { OidcClient } from './oidc-client.js';
import { SignInRefused } from './refusal.js';
import { SignInProviders, type OwnAddress } from './sign-in-providers.service.js';

/** A provider of an organization that browsers are sent to. */
export interface PlacedProvider {
  readonly organization: OrganizationId;
  readonly slug: string;
  readonly row: SignInProviderRow;
}

/** Signing in by a provider: what there is to choose from, the way there, and who comes back. Failures are `SignInRefused`. */
@Injectable()
export class OidcSignIn {
  private readonly log = new Logger('Identity');

  constructor(
    private readonly database: Database, private readonly client: OidcClient, private readonly providers: SignInProviders, private readonly admission: Admission,
    private readonly sessions: SessionService, private readonly audit: AuditLog,
  ) {}

  /** What somebody may choose from; nothing where there is no such organization. */
  async choices(slug: string | null): Promise<readonly PlacedProvider[]> {
    const placed = await this.placeOf(slug);
    if (placed === null) return [];
    const rows = await this.database.inOrganization(placed.organization, (manager) => new SignInProviderStore(placed.organization, manager).all());
    return rows.filter(({ enabled }) => enabled).map((row) => ({ ...placed, row }));
  }

  async find(slug: string | null, id: string): Promise<PlacedProvider> {
    const found = (await this.choices(slug)).find(({ row }) => row.id === id);
    if (found === undefined) throw new SignInRefused('provider-unknown');
    return found;
  }

  /** Where to send the browser, and what it must keep meanwhile. */
  async begin({ organization, slug, row }: PlacedProvider, next: string, own: OwnAddress): Promise<{ readonly url: string; readonly underWay: SignInUnderWay }> {
    const { url, beginning } = await this.client.begin(this.providers.opened(organization, row), this.providers.redirectUri(slug, row.id, own));
    return { url, underWay: { ...beginning, next } };
  }

  /** Opens the session of whoever came back; answers its token. */
  async finish(placed: PlacedProvider, underWay: SignInUnderWay | null, query: string, visitor: Visitor): Promise<string> {
    if (underWay === null || new URLSearchParams(query).get('state') !== underWay.state) throw new SignInRefused('sign-in-expired');
    const { organization, row } = placed;
    const claims = await this.client.finish(this.providers.opened(organization, row), underWay, query);
    try {
      return await this.open(placed, claims, visitor);
    } catch (error) {
      if (error instanceof SignInRefused) await this.noteRefusal(placed, claims, error);
      throw error;
    }
  }

  /** Where to sign out at the provider; null where it does not say how. */
  async end({ organization, slug, row }: PlacedProvider, own: OwnAddress): Promise<string | null> {
    return this.client.end(this.providers.opened(organization, row), this.providers.signedOutUri(slug, own));
  }

  /** Two tabs of somebody new may come back at once: the second finds what the first has made. */
  private async open(placed: PlacedProvider, claims: Claims, visitor: Visitor): Promise<string> {
    const work = (): Promise<string> => this.database.inOrganization(placed.organization, async (manager) => {
      const person = await this.admission.personOf(manager, placed.organization, placed.row, claims);
      return this.sessions.openIn(manager, { person, organization: placed.organization, visitor, provider: placed.row });
    });
    try {
      return await work();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return work();
    }
  }

  /** Whom the provider vouches for and who is not let in all the same stands in the audit log. */
  private async noteRefusal({ organization, row }: PlacedProvider, { sub, email }: Claims, { code }: SignInRefused): Promise<void> {
    this.log.warn({ event: 'sign-in.refused', organization, provider: row.name, code, message: 'somebody whom a sign-in provider named was not let in' });
    await this.database.inOrganization(organization, (manager) =>
      this.audit.record(manager, organization, SYSTEM, 'session.refuse', `sign-in-provider:${row.id}`, { provider: row.name, code, subject: sub, email: typeof email === 'string' ? email.slice(0, 320) : null }));
  }

  private async placeOf(given: string | null): Promise<{ readonly organization: OrganizationId; readonly slug: string } | null> {
    const slug = given ?? DEFAULT_ORGANIZATION;
    const organization = await new OrganizationStore(this.database.app.manager).bySlug(slug);
    return organization === null ? null : { organization, slug };
  }
}
