import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import type { ApiKeyRow } from '../store/identity/api-key.entity.js';
import { ApiKeyStore } from '../store/identity/api-key.store.js';
import { Problem, pageOf, readCursor, type Page } from '../web/index.js';
import type { ApiKeyBody } from './api-key.dto.js';
import { AuditLog } from './audit-log.js';
import { Authenticator } from './authenticator.js';
import { InboundGate } from './inbound-gate.js';
import type { Principal } from './principal.js';
import { makeApiKey, tokenHash } from './token.js';

/** API keys of an organization. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly database: Database, private readonly audit: AuditLog,
    private readonly authenticator: Authenticator, private readonly inbound: InboundGate,
  ) {}

  async list({ organization }: Principal, cursor: string | undefined, limit: number): Promise<Page<ApiKeyRow>> {
    const after = readCursor(cursor, 'uuid')?.[0] ?? null;
    const rows = await this.database.inOrganization(organization, (manager) => new ApiKeyStore(organization, manager).list(after, limit + 1));
    return pageOf(rows, limit, (row) => [row.id]);
  }

  /** Makes a key. Nobody hands out more than they have. */
  async create(principal: Principal, body: ApiKeyBody): Promise<{ readonly row: ApiKeyRow; readonly key: string }> {
    const excess = body.permissions.map((permission, at) => ({ permission, at })).filter(({ permission }) => !principal.permissions.has(permission));
    if (excess.length > 0) throw Problem.invalid(excess.map(({ at }) => ({ pointer: `/permissions/${at}`, detail: 'is a permission that you do not have' })));
    const expiresAt = body.expiresAt === undefined ? null : new Date(body.expiresAt);
    if (expiresAt !== null && !(expiresAt.getTime() > Date.now())) throw Problem.invalid([{ pointer: '/expiresAt', detail: 'must be in the future' }]);
    const { key, prefix } = makeApiKey();
    const { organization } = principal;
    const row = await this.database.inOrganization(organization, async (manager) => {
      const made = await new ApiKeyStore(organization, manager).create({
        id: randomUUID(), name: body.name, prefix, hash: tokenHash(key), permissions: body.permissions, createdBy: principal.name, expiresAt,
      });
      await this.audit.record(manager, organization, principal, 'api-key.create', `api-key:${made.id}`, { name: body.name, permissions: body.permissions, expiresAt: body.expiresAt ?? null });
      return made;
    });
    return { row, key };
  }

  /** Ends a key for good: here at once, on other instances within ten seconds. */
  async revoke(principal: Principal, id: string): Promise<void> {
    const { organization } = principal;
    await this.database.inOrganization(organization, async (manager) => {
      if ((await new ApiKeyStore(organization, manager).revoke(id)) === null) throw Problem.missing('such API key');
      await this.audit.record(manager, organization, principal, 'api-key.revoke', `api-key:${id}`);
    });
    this.authenticator.forgetKeys();
    this.inbound.forget();
  }
}
