import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { ruleDefinitions } from './rule-definitions.js';
import { AttributeNamesDto, AttributeNamesQuery, RuleDefinitionsDto, RuleHitsDto, RuleTrialDto, RuleTrialRequestDto } from './rule-editing.dto.js';
import { RuleEditing } from './rule-editing.service.js';

const DAY_MS = 86_400_000;
/** A rate of less than a minute of messages would be a guess. */
const LEAST_SPAN_MS = 60_000;

/** What an editor of rules asks; nothing is saved, nothing is sent. */
@ApiTags('rules')
@Controller('api/v1/rules')
export class RuleEditingController {
  constructor(private readonly editing: RuleEditing) {}

  @Get('definitions')
  @Allow('rules:read')
  @ApiOperation({ summary: 'What rules are made of: operators, mappings, formatters, delays, with their keys and what they mean' })
  definitions(): RuleDefinitionsDto {
    return ruleDefinitions();
  }

  @Get('hits')
  @Allow('rules:read')
  @ApiOperation({ summary: 'How often rules took part in the last 24 hours', description: 'Of very many messages the newest 20,000 are counted.' })
  async hits(@CurrentPrincipal() { organization }: Principal): Promise<RuleHitsDto> {
    const now = Date.now();
    const { rules, oldestAt } = await this.editing.hits(organization, now - DAY_MS);
    const sinceMs = oldestAt === null ? now - DAY_MS : oldestAt.getTime();
    const perDay = DAY_MS / Math.max(LEAST_SPAN_MS, now - sinceMs);
    return { since: new Date(sinceMs).toISOString(), items: rules.map(({ ruleId, hits, lastAt }) => ({ ruleId, hits, perDay: Math.round(hits * perDay), lastAt: lastAt.toISOString() })) };
  }

  @Get('attributes')
  @Allow('rules:write')
  @ApiOperation({ summary: 'Names of attributes that a rule may mean', description: 'Found in recent messages and in the other rules. Samples of their values are shown to those who may read messages.' })
  async attributes(@CurrentPrincipal() { organization, permissions }: Principal, @Query() query: AttributeNamesQuery): Promise<AttributeNamesDto> {
    const names = await this.editing.names(organization, query);
    if (permissions.has('messages:read')) return names;
    return { ...names, source: names.source.map(({ name }) => ({ name, sample: '' })), target: names.target.map(({ name }) => ({ name, sample: '' })) };
  }

  @Post('trial')
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({ summary: 'Try a draft on a message, condition by condition and mapping by mapping', description: 'Whether the rule would take the message or not, and past whatever is wrong with parts of it.' })
  trial(@CurrentPrincipal() { organization }: Principal, @Body() { rule, case: routingCase }: RuleTrialRequestDto): Promise<RuleTrialDto> {
    return this.editing.trial(organization, rule, routingCase);
  }
}
