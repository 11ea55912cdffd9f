import { Body, Controller, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { runRuleTests } from '../../core/rule/rule-tests.js';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Problem } from '../../web/index.js';
import { checkRule } from '../check-rule.js';
import { ruleDocumentOf, type RawRule } from '../rule-content.js';
import { RULE_SCHEMA } from '../rule-schema.js';
import { RuleService } from '../rule.service.js';
import { RuleTestRunDto } from './rule-test.dto.js';

/** Runs the tests that rules carry. Nothing is saved, nothing is sent. */
@ApiTags('rules')
@Controller('api/v1/rules')
export class RuleTestController {
  constructor(private readonly rules: RuleService) {}

  @Post('test')
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({ summary: 'Run the tests of a rule that is not saved' })
  @ApiBody({ schema: RULE_SCHEMA })
  testDraft(@Body() document: unknown): RuleTestRunDto {
    return runOf(document);
  }

  @Post(':ruleId/test')
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({ summary: 'Run the tests of a rule', description: 'Those of its current version, or those of the document that is sent: a draft of its next version.' })
  @ApiBody({ schema: RULE_SCHEMA, required: false })
  async test(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Body() draft: unknown): Promise<RuleTestRunDto> {
    const stored = await this.rules.find(organization, ruleId);
    return runOf(isGiven(draft) ? { ...(draft as RawRule), ruleId } : ruleDocumentOf(stored));
  }

  @Post(':ruleId/versions/:version/test')
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({ summary: 'Run the tests of one version of a rule' })
  async testVersion(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Param('version', ParseIntPipe) version: number): Promise<RuleTestRunDto> {
    return runOf(ruleDocumentOf(await this.rules.version(organization, ruleId, version)));
  }
}

/** No body and an empty object both mean: the rule as it is. */
const isGiven = (body: unknown): boolean => body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body) || Object.keys(body).length > 0);

function runOf(raw: unknown): RuleTestRunDto {
  const checked = checkRule(raw);
  if ('errors' in checked) throw Problem.invalid(checked.errors, 'The rule cannot be tested as it is.');
  const results = runRuleTests(raw as RawRule);
  const passed = results.filter((result) => result.passed).length;
  return {
    passed, failed: results.length - passed,
    tests: results.map(({ name, passed: hasPassed, explanation, warnings, decision }) => ({ name, passed: hasPassed, explanation: [...explanation], warnings: [...warnings], decision: decision === null ? null : { ...decision } })),
  };
}
