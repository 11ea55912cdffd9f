import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { DiscoveredDto, ReadAnswerDto, ReadRequestDto, RecordedAnswerDto, RecordedRequestDto } from './trial.dto.js';
import { Trials } from './trial.service.js';

/** Settings tried with what was recorded. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id')
export class TrialController {
  constructor(private readonly trials: Trials) {}

  @Post('try-answer')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Read a recorded answer as the endpoint\'s settings say: outcome, ticket id, values' })
  @ApiOkResponse({ type: ReadAnswerDto })
  answer(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Body() recorded: RecordedAnswerDto): Promise<ReadAnswerDto> {
    return this.trials.readAnswer(organization, id, recorded);
  }

  @Post('try-request')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Read a recorded inbound request as the endpoint\'s settings say: signature, messages', description: 'Nothing is accepted. What a thin request leaves out is not fetched.' })
  @ApiOkResponse({ type: ReadRequestDto })
  request(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Body() recorded: RecordedRequestDto): Promise<ReadRequestDto> {
    return this.trials.readRequest(organization, id, recorded);
  }

  @Get('discovery')
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'What the system says that it has: entity types, and the attributes of one' })
  @ApiQuery({ name: 'entityType', required: false, description: 'Whose attributes are asked for.' })
  @ApiOkResponse({ type: DiscoveredDto })
  async discovery(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query('entityType') entityType?: string): Promise<DiscoveredDto> {
    const { entityTypes, attributes, from } = await this.trials.discover(organization, id, entityType ?? null);
    return { entityTypes: [...entityTypes], attributes: attributes.map(({ choices = [], ...attribute }) => ({ ...attribute, choices: [...choices] })), from };
  }
}
