import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import type { ProposedOperation, ProposedOperations } from '../proposed-operations.js';
import { DescriptionDto, DiscoveredDto, type ProposedFieldDto, ProposedOperationsDto, ReadAnswerDto, ReadRequestDto, RecordedAnswerDto, RecordedRequestDto } from './trial.dto.js';
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

  @Get('proposed-operations')
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Calls that the service describes (a WSDL), as settings to start from', description: 'Nothing is stored. Documents that the description imports are read as well, with credentials at the address of the service alone.' })
  @ApiQuery({ name: 'at', required: false, description: 'Address of the description at the same system, where it is not the usual one: /Tickets.wsdl.' })
  @ApiOkResponse({ type: ProposedOperationsDto })
  async proposed(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query('at') at?: string): Promise<ProposedOperationsDto> {
    return shown(await this.trials.propose(organization, id, { at: at ?? null }));
  }

  @Post('proposed-operations')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Calls that a given description has (a WSDL), as settings to start from', description: 'For a description that cannot be read at the service. Nothing is stored. What it imports by a whole address is read as well.' })
  @ApiOkResponse({ type: ProposedOperationsDto })
  async proposedOf(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Body() { document }: DescriptionDto): Promise<ProposedOperationsDto> {
    return shown(await this.trials.propose(organization, id, { document }));
  }
}

/** Proposals for an endpoint that is being made. */
@ApiTags('endpoints')
@Controller('api/v1/adapters/:kind/proposed-operations')
export class ProposalController {
  constructor(private readonly trials: Trials) {}

  @Post()
  @HttpCode(200)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Calls that a given description has (a WSDL), for an endpoint that is not made yet', description: 'Nothing is stored and nobody is asked; what the description imports is named.' })
  @ApiOkResponse({ type: ProposedOperationsDto })
  async proposed(@Param('kind') kind: string, @Body() { document }: DescriptionDto): Promise<ProposedOperationsDto> {
    return shown(await this.trials.proposeOf(kind, document));
  }
}

function shown({ operations, namespaces, unread }: ProposedOperations): ProposedOperationsDto {
  const fieldOf = ({ choices, ...field }: ProposedOperation['fields'][number]): ProposedFieldDto => ({ ...field, choices: [...choices] });
  return { operations: operations.map(({ fields, ticketIds, request, ...operation }) => ({ ...operation, request: { ...request }, fields: fields.map(fieldOf), ticketIds: [...ticketIds] })), namespaces: { ...namespaces }, unread: [...unread] };
}
