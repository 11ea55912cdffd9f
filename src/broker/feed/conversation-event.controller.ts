import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { ConversationEvents, EVENT_KINDS } from '../../store/feed/conversation-event.store.js';
import { pageOf, PageQuery, Problem, QueryFlag, readCursor, UuidPipe } from '../../web/index.js';
import { conversationEventOf } from './conversation-view.js';
import { ConversationEventPage } from './conversation.dto.js';

export class ConversationEventQuery extends PageQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only what wants attention and nobody has settled.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  open: boolean = false;

  @ApiPropertyOptional({ type: String, enum: EVENT_KINDS })
  @IsOptional() @IsIn(EVENT_KINDS)
  kind?: string;
}

/** What happened to conversations as such, and what of it wants attention. */
@ApiTags('conversations')
@Controller('api/v1/conversation-events')
export class ConversationEventController {
  constructor(private readonly database: Database, private readonly audit: AuditLog) {}

  @Get()
  @Allow('conversations:read')
  @ApiOperation({ summary: 'Merged, split, contradicted: newest first' })
  @ApiOkResponse({ type: ConversationEventPage })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { open, kind, cursor, limit }: ConversationEventQuery): Promise<ConversationEventPage> {
    const before = readCursor(cursor, 'uuid')?.[0] ?? null;
    const rows = await this.database.inOrganization(organization, (manager) => new ConversationEvents(organization, manager).page({ open, kind, before }, limit + 1));
    const { items, nextCursor } = pageOf(rows, limit, (row) => [row.id]);
    return { items: items.map(conversationEventOf), nextCursor };
  }

  @Post(':id/settle')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'It has been looked at and wants no attention any more' })
  @ApiNoContentResponse({ description: 'Settled; if it is seen again it is a new one.' })
  @ApiConflictResponse({ description: 'It wants no attention.' })
  async settle(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const settled = await new ConversationEvents(by.organization, manager).settle(id, by.name);
      if (settled === false) throw Problem.missing(`event ${id}`);
      if (settled === null) throw Problem.conflict('wants-no-attention', 'This event wants no attention, or somebody has settled it already.');
      await this.audit.record(manager, by.organization, by, 'conversation-event.settle', id, {});
    });
  }
}
