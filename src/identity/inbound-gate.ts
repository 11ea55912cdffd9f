import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import { GateStore } from '../store/identity/gate.store.js';
import type { OrganizationId } from '../store/organization.js';
import { Authenticator } from './authenticator.js';
import { CredentialCache } from './credential-cache.js';
import { DEFAULT_ORGANIZATION } from './first-start.js';
import { InstallationKey } from './installation-key.js';

/** What a request to an inbound address says of itself. */
export interface InboundKnock {
  /** The organization that the path names; null: the default one, or the API key's. */
  readonly organizationSlug: string | null;
  readonly endpoint: string;
  readonly authorization: string | undefined;
  /** The query parameter `token`. */
  readonly token: string | undefined;
}

/** Whose endpoint the request may send to. Through an API key the endpoint itself may still not exist. */
export interface Admission {
  readonly organization: OrganizationId;
  readonly by: 'credential' | 'api-key';
}

interface Secret {
  readonly text: string;
  readonly isInUrl: boolean;
}

/** The door of inbound addresses: endpoint credentials and API keys. On the hot path: a known credential costs a hash and a Map read. */
@Injectable()
export class InboundGate {
  private readonly gate: GateStore;
  private readonly admissions = new CredentialCache<Admission>();

  constructor(database: Database, private readonly key: InstallationKey, private readonly authenticator: Authenticator) {
    this.gate = new GateStore(database.gate);
  }

  /** The admission of a request; null means 401: nothing it carries is valid for this endpoint. */
  async admit(knock: InboundKnock): Promise<Admission | null> {
    const given = knock.authorization ?? (knock.token === undefined ? undefined : `url ${knock.token}`);
    if (given === undefined) return null;
    // The secrets themselves stay out of long-lived memory.
    const cacheKey = hash('sha256', `${knock.organizationSlug ?? ''}\n${knock.endpoint}\n${given}`, 'base64');
    return this.admissions.peek(cacheKey) ?? this.admissions.get(cacheKey, () => this.lookUp(knock));
  }

  /** What a secret is stored and found as: HMAC-SHA-256 under the installation key, 32 bytes. */
  hashOf(secret: string): Buffer {
    return this.key.hmac('inbound', secret);
  }

  /** Believes no admission any longer without asking: a credential was changed. To be called after the commit. */
  forget(): void {
    this.admissions.clear();
  }

  private async lookUp(knock: InboundKnock): Promise<Admission | null> {
    const secret = secretOf(knock);
    if (secret === null) return null;
    const found = await this.gate.inbound(knock.organizationSlug ?? DEFAULT_ORGANIZATION, knock.endpoint, this.hashOf(secret.text));
    // An address with its token in it ends up in logs: only secrets made for that may be sent so.
    if (found !== null && (!secret.isInUrl || found.kind === 'url')) return { organization: found.organization, by: 'credential' };
    if (secret.isInUrl || !/^bearer /i.test(knock.authorization ?? '')) return null;
    const principal = await this.authenticator.byApiKey(secret.text, knock.organizationSlug);
    return principal?.permissions.has('inbound:write') === true ? { organization: principal.organization, by: 'api-key' } : null;
  }
}

function secretOf({ authorization, token, endpoint }: InboundKnock): Secret | null {
  if (authorization === undefined) return token === undefined || token === '' ? null : { text: token, isInUrl: true };
  const [, scheme = '', credential = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { text: credential, isInUrl: false };
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon > 0 && pair.slice(0, colon) === endpoint && colon + 1 < pair.length ? { text: pair.slice(colon + 1), isInUrl: false } : null;
}
