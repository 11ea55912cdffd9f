import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Database } from '../store/database.js';
import { ApiKeyStore } from '../store/identity/api-key.store.js';
import { GateStore, type FoundApiKey } from '../store/identity/gate.store.js';
import { PersonSessionStore } from '../store/identity/person-session.store.js';
import { stateOf } from '../web/index.js';
import { readSessionCookie } from './cookie.js';
import { CredentialCache } from './credential-cache.js';
import { ROLE_PERMISSIONS, isPermission, type Role } from './permission.js';
import type { Principal } from './principal.js';
import { isMistypedApiKey, tokenHash } from './token.js';

/** A session that is not used for this long has ended. */
export const SESSION_IDLE_MS = 30 * 60_000;
/** A session ends after this long however much it is used. */
export const SESSION_LIFETIME_MS = 12 * 3_600_000;

const BEARER = /^Bearer +(\S+)$/i;

/** Finds who makes a request, by API key or session cookie. */
@Injectable()
export class Authenticator {
  private readonly logger = new Logger('Identity');
  private readonly gate: GateStore;
  private readonly keys = new CredentialCache<Principal>();

  constructor(private readonly database: Database, @Inject(SETTINGS) private readonly settings: Settings) {
    this.gate = new GateStore(database.gate);
  }

  /** The principal of a request in the organization that its path names; null where nothing it carries is valid there. */
  async authenticate(request: FastifyRequest): Promise<Principal | null> {
    const { organizationSlug } = stateOf(request);
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = BEARER.exec(authorization)?.[1];
      return key === undefined ? null : this.byApiKey(key, organizationSlug);
    }
    const token = readSessionCookie(request);
    return token === null ? null : this.bySession(token, organizationSlug);
  }

  /** The principal of an API key, in the named organization or, with null, in the key's own. */
  async byApiKey(key: string, slug: string | null): Promise<Principal | null> {
    if (isMistypedApiKey(key) && key !== this.settings.bootstrapApiKey) return null;
    const hash = tokenHash(key);
    return this.keys.get(`${hash.toString('base64')} ${slug ?? ''}`, async () => {
      const found = await this.gate.apiKey(hash, slug);
      if (found === null) return null;
      if (found.isStale) this.noteUse(found);
      return {
        organization: found.organization, kind: 'api-key', id: found.id, name: found.name, session: null,
        permissions: new Set(found.permissions.filter(isPermission)),
      };
    });
  }

  /** Believes no key any longer without asking: one was revoked. */
  forgetKeys(): void {
    this.keys.clear();
  }

  private async bySession(token: string, slug: string | null): Promise<Principal | null> {
    const found = await this.gate.session(tokenHash(token), slug, SESSION_IDLE_MS);
    if (found === null) return null;
    if (found.isStale) await new PersonSessionStore(this.database.app.manager).touch(found.sessionId);
    return {
      organization: found.organization, kind: 'person', id: found.personId, name: found.email, session: found.sessionId, isBound: found.isBound,
      permissions: new Set(ROLE_PERMISSIONS[found.role as Role]),
    };
  }

  /** Beside the request: whether the note succeeds changes nothing for the caller. */
  private noteUse(found: FoundApiKey): void {
    this.database.inOrganization(found.organization, (manager) => new ApiKeyStore(found.organization, manager).noteUse(found.id))
      .catch((error: unknown) => this.logger.warn({ message: 'the use of an API key could not be noted', err: error }));
  }
}
