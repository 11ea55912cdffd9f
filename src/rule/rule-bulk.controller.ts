import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import { RuleBulkDto, RuleBulkResultDto, RuleIdsDto } from './rule-bulk.dto.js';
import { RuleBulk } from './rule-bulk.service.js';
import { ruleDocumentOf, type RawRule } from './rule-content.js';
import { RULE_SCHEMA } from './rule-schema.js';
import { summaryOf } from './rule-view.js';

/** Acts on several rules: on all of them or on none. */
@ApiTags('rules')
@Controller('api/v1/rules')
export class RuleBulkController {
  constructor(private readonly bulk: RuleBulk) {}

  @Post('bulk')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Switch several rules on or off, or delete them', description: 'All or nothing: what is wrong with any of them refuses all, with every reason.' })
  async act(@CurrentPrincipal() by: Principal, @Body() { action, ruleIds, overrideTests }: RuleBulkDto): Promise<RuleBulkResultDto> {
    const rules = await this.bulk.act(by.organization, by, { action, ruleIds, overrideTests: overrideTests ?? null });
    return { items: rules.map(summaryOf) };
  }

  @Post('export')
  @HttpCode(200)
  @Allow('rules:read')
  @ApiOperation({ summary: 'The current versions of some rules, as a file' })
  @ApiOkResponse({ schema: { type: 'array', items: RULE_SCHEMA } })
  @Header('content-disposition', 'attachment; filename="rules.json"')
  async export(@CurrentPrincipal() { organization }: Principal, @Body() { ruleIds }: RuleIdsDto): Promise<RawRule[]> {
    return (await this.bulk.pick(organization, ruleIds)).map(ruleDocumentOf);
  }
}
