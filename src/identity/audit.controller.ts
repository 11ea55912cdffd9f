import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../store/database.js';
import { AuditStore } from '../store/identity/audit.store.js';
import { PageQuery, pageOf, readCursor } from '../web/index.js';
import { Allow, CurrentPrincipal } from './allow.js';
import { AuditLog } from './audit-log.js';
import { AuditCheckView, AuditListView } from './audit.dto.js';
import type { Principal } from './principal.js';

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly database: Database, private readonly audit: AuditLog) {}

  @Get() @Allow('audit:read')
  @ApiOperation({ summary: 'Who changed what, newest first.' })
  @ApiOkResponse({ type: AuditListView })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { cursor, limit }: PageQuery): Promise<AuditListView> {
    const before = readCursor(cursor, 'whole')?.[0] ?? null;
    const found = await this.database.inOrganization(organization, (manager) => new AuditStore(organization, manager).newestFirst(before, limit + 1));
    const { items, nextCursor } = pageOf(found, limit, (entry) => [entry.seq]);
    return {
      items: items.map(({ previousHash: _, ...entry }) => ({ ...entry, at: entry.at.toISOString(), hash: entry.hash.toString('hex') })),
      nextCursor,
    };
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
}
