import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { DelayedFeed, type ListedDelayedRow } from '../../store/feed/delayed-feed.js';
import { idRange } from '../../store/feed/scan.js';
import { Problem, readCursor, UuidPipe, writeCursor } from '../../web/index.js';
import { delayedOf } from './conversation-view.js';
import { DelayedExecutionPage, DelayedQuery, ListedDelayedExecution } from './delayed.dto.js';

/** Rule executions that wait: for a time, a ticket id, a conversation attribute, or for those before them. */
@ApiTags('conversations')
@Controller('api/v1/delayed-executions')
export class DelayedController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'Executions that wait or waited, newest first' })
  @ApiOkResponse({ type: DelayedExecutionPage })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { cursor, limit, ...filter }: DelayedQuery): Promise<DelayedExecutionPage> {
    const range = idRange(null, null, readCursor(cursor, 'uuid')?.[0] ?? null);
    const { rows, resumeBefore } = await this.database.inOrganization(organization, (manager) => new DelayedFeed(organization, manager).page(filter, range, limit));
    return { items: rows.map(listed), nextCursor: resumeBefore === null ? null : writeCursor([resumeBefore]) };
  }

  @Get(':id')
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'One execution' })
  @ApiOkResponse({ type: ListedDelayedExecution })
  async show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<ListedDelayedExecution> {
    const row = await this.database.inOrganization(organization, (manager) => new DelayedFeed(organization, manager).find(id));
    if (row === null) throw Problem.missing(`delayed execution ${id}`);
    return listed(row);
  }
}

const listed = (row: ListedDelayedRow): ListedDelayedExecution =>
  ({ ...delayedOf(row), conversationId: row.conversation, ticketId: row.ticketId, timeoutAt: row.timeoutAt?.toISOString() ?? null, finishedAt: row.finishedAt?.toISOString() ?? null });
