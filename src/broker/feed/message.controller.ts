import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { ExplainQuery, MessageQuery, MessageSummaryPage } from './feed.dto.js';
import { Feed } from './feed.service.js';
import { MessageDetail } from './message-detail.dto.js';
import { MessageMemory } from './message-memory.dto.js';

/** Everything that was received. */
@ApiTags('messages')
@Controller('api/v1/messages')
export class MessageController {
  constructor(private readonly feed: Feed) {}

  @Get()
  @Allow('messages:read')
  @ApiOperation({ summary: 'Messages, newest first' })
  @ApiOkResponse({ type: MessageSummaryPage })
  list(@CurrentPrincipal() { organization }: Principal, @Query() query: MessageQuery): Promise<MessageSummaryPage> {
    return this.feed.messages(organization, query);
  }

  @Get(':id')
  @Allow('messages:read')
  @ApiOperation({ summary: 'One message: as received, as understood, why it went where it went' })
  @ApiOkResponse({ type: MessageDetail })
  show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string, @Query() { explain }: ExplainQuery): Promise<MessageDetail> {
    return this.feed.message(organization, id, explain === true);
  }

  @Get(':id/memory')
  @Allow('messages:read')
  @ApiOperation({ summary: 'What its conversation remembered before it, and what it changed' })
  @ApiOkResponse({ type: MessageMemory })
  memory(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<MessageMemory> {
    return this.feed.memory(organization, id);
  }
}
