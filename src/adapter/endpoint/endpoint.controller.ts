import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { stateOf } from '../../web/index.js';
import type { EndpointChange } from './endpoint-change.js';
import type { KnownEndpoint } from './endpoint-document.js';
import { EndpointPauses } from './endpoint-pauses.service.js';
import { EndpointView } from './endpoint-view.service.js';
import { CheckDto, EndpointDto, EndpointsDto } from './endpoint.dto.js';
import { EndpointService, endpointTag } from './endpoint.service.js';

/** Connected systems. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints')
export class EndpointController {
  constructor(private readonly endpoints: EndpointService, private readonly view: EndpointView, private readonly pauses: EndpointPauses) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'All endpoints' })
  async list(@CurrentPrincipal() { organization }: Principal, @Req() request: FastifyRequest): Promise<EndpointsDto> {
    return this.endpoints.read(organization, async (change) => {
      const runtimes = await change.store.runtimes();
      const items: EndpointDto[] = [];
      for (const row of await change.store.all()) {
        const credentials = await change.credentials.list(row.id);
        items.push(this.view.pageOf(organization, change.opened(row), { credentials, runtime: runtimes.get(row.id) ?? null }, stateOf(request).organizationSlug));
      }
      return { items };
    });
  }

  @Post()
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Connect a system' })
  @ApiBody({ type: EndpointDto })
  @ApiCreatedResponse({ type: EndpointDto })
  async create(@CurrentPrincipal() by: Principal, @Body() document: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<EndpointDto> {
    const { known } = await this.endpoints.put(by.organization, by, null, { document });
    return this.answer(by, known.row.id, request, reply);
  }

  @Get(':id')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'One endpoint' })
  @ApiOkResponse({ type: EndpointDto })
  read(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<EndpointDto> {
    return this.answer(by, id, request, reply);
  }

  @Put(':id')
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Connect a system, or change how it is connected', description: 'Keys that are left out keep what is stored.' })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the endpoint as it was read.' })
  @ApiBody({ type: EndpointDto })
  @ApiOkResponse({ type: EndpointDto })
  async put(
    @CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() document: unknown, @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointDto> {
    const { isNew } = await this.endpoints.put(by.organization, by, id, { document, ifMatch });
    if (isNew) void reply.code(201);
    return this.answer(by, id, request, reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Remove an endpoint that never took part in a conversation and that no enabled rule names' })
  @ApiNoContentResponse()
  remove(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    return this.endpoints.remove(by.organization, by, id);
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Send nothing to it until it is resumed; inbound is still accepted and routed' })
  @ApiOkResponse({ type: EndpointDto })
  async suspend(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<EndpointDto> {
    await this.endpoints.setStatus(by.organization, by, id, 'SUSPENDED');
    return this.answer(by, id, request, reply);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Send again; also ends a pause for refused credentials and closes its circuit' })
  @ApiOkResponse({ type: EndpointDto })
  async resume(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<EndpointDto> {
    await this.endpoints.setStatus(by.organization, by, id, 'ACTIVE');
    await this.pauses.resume(by.organization, id);
    return this.answer(by, id, request, reply);
  }

  @Post(':id/check')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Test the connection: network, authentication, rights' })
  async check(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string): Promise<CheckDto> {
    const steps = await this.endpoints.check(organization, id);
    return { ok: steps.every((step) => step.ok), steps: [...steps] };
  }

  private async answer({ organization }: Principal, id: string, request: FastifyRequest, reply: FastifyReply): Promise<EndpointDto> {
    const read = async (change: EndpointChange): Promise<{ page: EndpointDto; known: KnownEndpoint }> => {
      const known = await change.existing(id);
      const [credentials, runtimes] = [await change.credentials.list(id), await change.store.runtimes()];
      return { known, page: this.view.pageOf(organization, known, { credentials, runtime: runtimes.get(id) ?? null }, stateOf(request).organizationSlug) };
    };
    const { page, known } = await this.endpoints.read(organization, read);
    void reply.header('etag', endpointTag(known.row));
    return page;
  }
}
