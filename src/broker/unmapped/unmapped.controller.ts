import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { UnmappedStore, type UnmappedRow } from '../../store/rule/unmapped.store.js';
import { pageOf, readCursor } from '../../web/index.js';
import { UnmappedQuery, UnmappedSeenDto, UnmappedValue, UnmappedValuePage } from './unmapped.dto.js';

/** Values in one entry of the audit log. */
const MOST_TOLD = 20;

/** Values for which a table of a rule had no row. */
@ApiTags('rules')
@Controller('api/v1/unmapped-values')
export class UnmappedController {
  constructor(private readonly database: Database, private readonly audit: AuditLog) {}

  @Get()
  @Allow('rules:read')
  @ApiOperation({ summary: 'Values for which a table had no row', description: 'Up to 200 of each table are kept, each for a time after it came last, or until a version is put into use that has a row for it. A message that carries none of a table\'s sources is not meant.' })
  @ApiOkResponse({ type: UnmappedValuePage })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { rule, seen, cursor, limit }: UnmappedQuery): Promise<UnmappedValuePage> {
    const [lastAt, id] = readCursor(cursor, 'instant', 'text') ?? [];
    const after = lastAt === undefined || id === undefined ? null : { lastAt, id };
    const rows = await this.database.inOrganization(organization, (manager) => new UnmappedStore(organization, manager).page({ rule, seen }, after, limit + 1));
    return pageOf(rows.map(shown), limit, (one) => [one.lastAt, one.id]);
  }

  @Post('seen')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Say that values have been seen and want no attention, or that they do again', description: 'They go on being counted. Those that are not there any more are passed over.' })
  @ApiNoContentResponse({ description: 'Done.' })
  async see(@CurrentPrincipal() by: Principal, @Body() { ids, seen }: UnmappedSeenDto): Promise<void> {
    const { organization } = by;
    await this.database.inOrganization(organization, async (manager) => {
      const rows = await new UnmappedStore(organization, manager).see(ids, seen ? by.name : null);
      for (const [ruleId, ofRule] of Map.groupBy(rows, (row) => row.ruleId)) {
        await this.audit.record(manager, organization, by, seen ? 'unmapped-value.see' : 'unmapped-value.unsee', `unmapped:${ruleId}`, { count: ofRule.length, values: ofRule.slice(0, MOST_TOLD).map(({ held }) => held) });
      }
    });
  }
}

const shown = ({ held, firstAt, lastAt, seenAt, ...row }: UnmappedRow): UnmappedValue =>
  ({ ...row, values: held, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString(), seenAt: seenAt?.toISOString() ?? null });
