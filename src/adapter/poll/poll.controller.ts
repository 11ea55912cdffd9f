import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Problem } from '../../web/index.js';
import { PollCursorDto, PollPreviewDto, PollsDto } from './poll.dto.js';
import { PollService } from './poll.service.js';

/** What is fetched by ourselves: how it stands, and by hand. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/polls')
export class PollController {
  constructor(private readonly polls: PollService) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'What is polled at an endpoint: last and next poll, cursor, failures' })
  async list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string): Promise<PollsDto> {
    return { items: await this.polls.list(organization, id) };
  }

  @Post(':channel/run')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Poll now', description: 'Whoever owns the channel begins within about a second. A suspended or paused endpoint waits until it is resumed.' })
  @ApiOkResponse({ type: PollsDto })
  async run(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Param('channel') channel: string): Promise<PollsDto> {
    await this.polls.run(by.organization, by, id, channel);
    return { items: await this.polls.list(by.organization, id) };
  }

  @Post(':channel/preview')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Fetch one page without accepting anything', description: 'Shows what was fetched, the messages that it would become, and where the next poll would go on. The cursor stays.' })
  @ApiOkResponse({ type: PollPreviewDto })
  preview(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Param('channel') channel: string): Promise<PollPreviewDto> {
    return this.polls.preview(organization, id, channel);
  }

  @Put(':channel/cursor')
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Set where the next poll goes on', description: 'Null begins at the beginning. What was accepted within a week is recognised and not accepted again.' })
  @ApiBody({ type: PollCursorDto })
  @ApiOkResponse({ type: PollsDto })
  async setCursor(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Param('channel') channel: string, @Body() body: unknown): Promise<PollsDto> {
    if (typeof body !== 'object' || body === null || !('cursor' in body)) throw Problem.invalid([{ pointer: '/cursor', detail: 'is missing' }]);
    await this.polls.setCursor(by.organization, by, id, { channel, cursor: body.cursor });
    return { items: await this.polls.list(by.organization, id) };
  }
}
