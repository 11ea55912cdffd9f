import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { ConversationDetail, ConversationSummaries } from './conversation.dto.js';
import { ConversationQuery } from './feed.dto.js';
import { Feed } from './feed.service.js';

/** Everything about one ticket, over all the tools it lives in. */
@ApiTags('conversations')
@Controller('api/v1/conversations')
export class ConversationController {
  constructor(private readonly feed: Feed) {}

  @Get()
  @Allow('conversations:read')
  @ApiOperation({ summary: 'Conversations that own a ticket' })
  @ApiOkResponse({ type: ConversationSummaries })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { ticketId }: ConversationQuery): Promise<ConversationSummaries> {
    return { items: await this.feed.conversationsWith(organization, ticketId) };
  }

  @Get(':id')
  @Allow('conversations:read')
  @ApiOperation({ summary: 'One conversation: tickets, lanes, timeline, memory' })
  @ApiOkResponse({ type: ConversationDetail })
  show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<ConversationDetail> {
    return this.feed.conversation(organization, id);
  }
}
