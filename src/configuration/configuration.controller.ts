import { Body, Controller, Get, Headers, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags, ApiExtraModels, getSchemaPath, type ApiBodyOptions } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EndpointDto } from '../adapter/index.js';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import { RULE_SCHEMA } from '../rule/index.js';
import { ApplyQuery, PlanDto } from './configuration.dto.js';
import { ConfigurationService, configurationTag, type ConfigurationDocument } from './configuration.service.js';

type DocumentSchema = Extract<ApiBodyOptions, { readonly schema: unknown }>['schema'];

const DOCUMENT: DocumentSchema = {
  type: 'object', additionalProperties: false,
  properties: {
    endpoints: { type: 'array', items: { $ref: getSchemaPath(EndpointDto) } },
    rules: { type: 'array', items: RULE_SCHEMA },
  },
};

/** The whole configuration of an organization as one document. */
@ApiTags('configuration')
@ApiExtraModels(EndpointDto)
@Controller('api/v1/config')
export class ConfigurationController {
  constructor(private readonly configuration: ConfigurationService) {}

  @Get()
  @Allow('configuration:read')
  @ApiOperation({ summary: 'Endpoints and rules', description: 'Secrets as `{ "$secret": "…" }`. Put back as it is, it changes nothing.' })
  @ApiOkResponse({ schema: DOCUMENT })
  async read(@CurrentPrincipal() { organization }: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<ConfigurationDocument> {
    const document = await this.configuration.read(organization);
    void reply.header('etag', configurationTag(document));
    return document;
  }

  @Put()
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Apply a configuration document, whole or not at all', description: 'Makes or changes what it names. The answer is the plan: what was done, or would be.' })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the configuration as it was read.' })
  @ApiBody({ schema: DOCUMENT })
  apply(@CurrentPrincipal() by: Principal, @Body() document: unknown, @Query() query: ApplyQuery, @Headers('if-match') ifMatch: string | undefined): Promise<PlanDto> {
    return this.configuration.apply(by.organization, by, document, { dryRun: query.dryRun === true, prune: query.prune === true, ifMatch, overrideTests: query.overrideTests ?? null });
  }
}
