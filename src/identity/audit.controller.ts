import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Database } from '../store/database.js';
import { AuditStore, type AuditEntry, type AuditFilter } from '../store/identity/audit.store.js';
import type { OrganizationId } from '../store/organization.js';
import { pageOf, readCursor } from '../web/index.js';
import { Allow, CurrentPrincipal } from './allow.js';
import { AuditLog } from './audit-log.js';
import { AuditCheckView, AuditExportQuery, AuditListQuery, AuditListView, type AuditQuery } from './audit.dto.js';
import { auditCsv, auditJson } from './audit-file.js';
import type { Principal } from './principal.js';

/** Entries that are read at once for a file. */
const PAGE = 500;

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly database: Database, private readonly audit: AuditLog) {}

  @Get() @Allow('audit:read')
  @ApiOperation({ summary: 'Who changed what, newest first.' })
  @ApiOkResponse({ type: AuditListView })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() query: AuditListQuery): Promise<AuditListView> {
    const { cursor, limit } = query;
    const before = readCursor(cursor, 'whole')?.[0] ?? null;
    const found = await this.database.inOrganization(organization, (manager) => new AuditStore(organization, manager).newestFirst(filterOf(query), before, limit + 1));
    const { items, nextCursor } = pageOf(found, limit, (entry) => [entry.seq]);
    return {
      items: items.map(({ previousHash: _, ...entry }) => ({ ...entry, at: entry.at.toISOString(), hash: entry.hash.toString('hex') })),
      nextCursor,
    };
  }

  @Get('export') @Allow('audit:read')
  @ApiOperation({ summary: 'All entries that fit, oldest first, as a file', description: 'With the hashes, so that the chain can be followed elsewhere: each is SHA-256 over the hash before it and the entry.' })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  export(@CurrentPrincipal() { organization }: Principal, @Query() query: AuditExportQuery): StreamableFile {
    const [lines, type, ending] = query.format === 'csv' ? [auditCsv, 'text/csv; charset=utf-8', 'csv'] as const : [auditJson, 'application/x-ndjson', 'ndjson'] as const;
    return new StreamableFile(Readable.from(lines(this.pages(organization, filterOf(query))), { objectMode: false }), { type, disposition: `attachment; filename="audit-log.${ending}"` });
  }

  @Get('check') @Allow('audit:read')
  @ApiOperation({ summary: 'Follow the chain of hashes and say whether it is whole.' })
  @ApiOkResponse({ type: AuditCheckView })
  async check(@CurrentPrincipal() { organization }: Principal): Promise<AuditCheckView> {
    const found = await this.database.inOrganization(organization, (manager) => this.audit.verify(manager, organization));
    return found.intact
      ? { intact: true, entries: found.entries, forgotten: found.forgotten, brokenAt: null, reason: null }
      : { intact: false, entries: null, forgotten: null, brokenAt: found.brokenAt, reason: found.reason };
  }

  /** Each page in a transaction of its own: a slow reader holds nothing. */
  private async *pages(organization: OrganizationId, filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
    for (let after = '0'; ;) {
      const from = after;
      const page = await this.database.inOrganization(organization, (manager) => new AuditStore(organization, manager).oldestFirst(filter, from, PAGE));
      yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.seq;
    }
  }
}

const filterOf = ({ actor, action, subject, from, to }: AuditQuery): AuditFilter => ({
  ...(actor === undefined ? {} : { actor }), ...(action === undefined ? {} : { action }), ...(subject === undefined ? {} : { subject }),
  ...(from === undefined ? {} : { from: new Date(from) }), ...(to === undefined ? {} : { to: new Date(to) }),
});
