import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import { PageQuery, pageOf, readCursor } from '../web/index.js';
import { ruleDocumentOf, type RawRule } from './rule-content.js';
import { RuleImport } from './rule-import.service.js';
import { RULE_SCHEMA } from './rule-schema.js';
import { CloneRuleDto, ImportedRuleDto, ImportQuery, ImportResultDto, RuleHistoryDto, RuleListQuery, RulePageDto, RuleVersionsDto, SetCurrentDto, UseQuery } from './rule.dto.js';
import { RuleService, ruleTag } from './rule.service.js';
import { historyEntryOf, summaryOf, versionOf } from './rule-view.js';
import { VersionPipe } from './version.pipe.js';

/** Rules and their versions. A rule is read and written as the document that exports have. */
@ApiTags('rules')
@Controller('api/v1/rules')
export class RuleController {
  constructor(private readonly rules: RuleService, private readonly imports: RuleImport) {}

  @Get()
  @Allow('rules:read')
  @ApiOperation({ summary: 'Rules by name' })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() query: RuleListQuery): Promise<RulePageDto> {
    const cursor = readCursor(query.cursor, 'text', 'text');
    const found = await this.rules.page(organization, {
      after: cursor === null ? null : { nameFolded: cursor[0]!, ruleId: cursor[1]! }, limit: query.limit + 1,
      ...(query.enabled === undefined ? {} : { enabled: query.enabled }),
    });
    const page = pageOf(found, query.limit, ({ rule }) => [rule.nameFolded, rule.ruleId]);
    return { items: page.items.map(summaryOf), nextCursor: page.nextCursor };
  }

  @Post()
  @Allow('rules:write')
  @ApiOperation({ summary: 'Make a rule; it takes part at once unless the document says otherwise', description: 'Its own `tests` are run: one that fails keeps it from being used.' })
  @ApiBody({ schema: RULE_SCHEMA })
  @ApiCreatedResponse({ schema: RULE_SCHEMA })
  async create(@CurrentPrincipal() by: Principal, @Body() document: unknown, @Query() query: UseQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<RawRule> {
    return answer(reply, await this.rules.create(by.organization, by, document, reasonsOf(query)));
  }

  @Get('export')
  @Allow('rules:read')
  @ApiOperation({ summary: 'The current versions of all rules, as a file' })
  @ApiOkResponse({ schema: { type: 'array', items: RULE_SCHEMA } })
  @Header('content-disposition', 'attachment; filename="rules.json"')
  async exportAll(@CurrentPrincipal() { organization }: Principal): Promise<RawRule[]> {
    return (await this.rules.all(organization)).map(ruleDocumentOf);
  }

  @Post('import')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Import rules from a file', description: 'One document or a list. They arrive disabled; endpoints and entity types that do not exist come back as problems.' })
  @ApiBody({ schema: { oneOf: [RULE_SCHEMA, { type: 'array', items: RULE_SCHEMA }] } })
  async import(@CurrentPrincipal() by: Principal, @Body() file: unknown, @Query() { dryRun }: ImportQuery): Promise<ImportResultDto> {
    return { items: await this.imports.importNew(by.organization, by, file, dryRun === true) };
  }

  @Get(':ruleId')
  @Allow('rules:read')
  @ApiOperation({ summary: 'The current version of a rule' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async read(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RawRule> {
    return answer(reply, await this.rules.find(organization, ruleId));
  }

  @Delete(':ruleId')
  @HttpCode(204)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Delete a rule', description: 'Its versions stay in the store, since messages name them.' })
  @ApiNoContentResponse()
  remove(@CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string): Promise<void> {
    return this.rules.remove(by.organization, by, ruleId);
  }

  @Get(':ruleId/versions')
  @Allow('rules:read')
  @ApiOperation({ summary: 'All versions of a rule' })
  async versions(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string): Promise<RuleVersionsDto> {
    return { items: (await this.rules.versions(organization, ruleId)).map(versionOf) };
  }

  @Get(':ruleId/history')
  @Allow('rules:read')
  @ApiOperation({ summary: 'Who did what to a rule, newest first' })
  async history(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Query() { cursor, limit }: PageQuery): Promise<RuleHistoryDto> {
    const found = await this.rules.history(organization, ruleId, { before: readCursor(cursor, 'whole')?.[0] ?? null, limit: limit + 1 });
    const page = pageOf(found, limit, ({ seq }) => [seq]);
    return { items: page.items.map(historyEntryOf), nextCursor: page.nextCursor };
  }

  @Post(':ruleId/versions')
  @Allow('rules:write')
  @ApiOperation({ summary: 'Save a new version', description: 'It becomes current unless the document says `"current": false`, or tests of its own fail.' })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the rule as it was read.' })
  @ApiBody({ schema: RULE_SCHEMA })
  @ApiCreatedResponse({ schema: RULE_SCHEMA })
  async addVersion(
    @CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Body() document: unknown, @Headers('if-match') ifMatch: string | undefined,
    @Query() query: UseQuery, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RawRule> {
    return answer(reply, await this.rules.addVersion(by.organization, by, ruleId, { document, ifMatch, ...reasonsOf(query) }));
  }

  @Get(':ruleId/versions/:version')
  @Allow('rules:read')
  @ApiOperation({ summary: 'One version of a rule' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async version(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Param('version', VersionPipe) version: number): Promise<RawRule> {
    return ruleDocumentOf(await this.rules.version(organization, ruleId, version));
  }

  @Post(':ruleId/versions/:version/set-current')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Put a version into use' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async setCurrent(
    @CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Param('version', VersionPipe) version: number, @Body() body: SetCurrentDto | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RawRule> {
    return answer(reply, await this.rules.setCurrent(by.organization, by, ruleId, { version, reason: body?.reason ?? null, ...reasonsOf(body) }));
  }

  @Post(':ruleId/enable')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Switch a rule on' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async enable(@CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Query() query: UseQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<RawRule> {
    return answer(reply, await this.rules.setEnabled(by.organization, by, ruleId, { enabled: true, ...reasonsOf(query) }));
  }

  @Post(':ruleId/disable')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Switch a rule off' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async disable(@CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RawRule> {
    return answer(reply, await this.rules.setEnabled(by.organization, by, ruleId, { enabled: false }));
  }

  @Post(':ruleId/clone')
  @Allow('rules:write')
  @ApiOperation({ summary: 'Copy a rule; the copy is disabled' })
  @ApiCreatedResponse({ schema: RULE_SCHEMA })
  async clone(
    @CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Body() body: CloneRuleDto | undefined, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RawRule> {
    return answer(reply, await this.rules.clone(by.organization, by, ruleId, body?.name ?? null));
  }

  @Post(':ruleId/import')
  @HttpCode(200)
  @Allow('rules:write')
  @ApiOperation({ summary: 'Import a file as a new version of this rule; it does not become current' })
  @ApiBody({ schema: RULE_SCHEMA })
  importVersion(@CurrentPrincipal() by: Principal, @Param('ruleId') ruleId: string, @Body() file: unknown): Promise<ImportedRuleDto> {
    return this.imports.importVersion(by.organization, by, ruleId, file);
  }

  @Get(':ruleId/export')
  @Allow('rules:read')
  @ApiOperation({ summary: 'The current version, as a file' })
  @ApiOkResponse({ schema: RULE_SCHEMA })
  async exportOne(@CurrentPrincipal() { organization }: Principal, @Param('ruleId') ruleId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RawRule> {
    void reply.header('content-disposition', 'attachment; filename="rule.json"');
    return ruleDocumentOf(await this.rules.find(organization, ruleId));
  }
}

const reasonsOf = (given: UseQuery | undefined): { readonly overrideTests: string | null } => ({ overrideTests: given?.overrideTests ?? null });

function answer(reply: FastifyReply, stored: StoredRule): RawRule {
  void reply.header('etag', ruleTag(stored));
  return ruleDocumentOf(stored);
}
