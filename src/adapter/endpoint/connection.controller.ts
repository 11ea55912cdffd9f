import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, ARRIVED_POLICY, arrivedPage, CurrentPrincipal, ownAddress, Public, type Principal } from '../../identity/index.js';
import { stateOf } from '../../web/index.js';
import { ConnectionRefused, connectionRefusalText } from './connection-refusal.js';
import { ConnectionBegunDto, ConnectionDto, ConnectionQuery } from './connection.dto.js';
import { Connections } from './connections.service.js';

/** Endpoints that work in the name of a person: the way of a browser to the target's consent and back. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/connection')
export class ConnectionController {
  constructor(private readonly connections: Connections) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Whether the endpoint works in the name of a person, and who that is' })
  @ApiOkResponse({ type: ConnectionDto })
  async read(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query() { refused }: ConnectionQuery, @Req() request: FastifyRequest): Promise<ConnectionDto> {
    const state = await this.connections.state(organization, id, ownAddress(request).origin);
    return { ...state, reason: connectionRefusalText(refused) ?? state.reason };
  }

  @Post()
  @HttpCode(200)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Begin to connect: where to send the browser of whoever consents', description: 'For people who are signed in; the answer must come back in the same session, within ten minutes.' })
  @ApiOkResponse({ type: ConnectionBegunDto })
  async begin(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Req() request: FastifyRequest): Promise<ConnectionBegunDto> {
    return { url: await this.connections.begin(by, id, ownAddress(request).origin) };
  }

  @Delete()
  @HttpCode(204)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Forget the consent; the tokens are not revoked at the target' })
  @ApiNoContentResponse()
  disconnect(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    return this.connections.disconnect(by, id);
  }

  /** Where the target sends the browser. It came from another site and brings no session along: a page of our own leads it on. */
  @Get('callback') @Public() @ApiExcludeEndpoint()
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = arrivedPage(`arrived?${queryOf(request)}`, { title: 'Connecting', text: 'The system has answered.' });
    await reply.header('content-security-policy', ARRIVED_POLICY).header('referrer-policy', 'no-referrer').header('content-type', 'text/html; charset=utf-8').send(page);
  }

  /** Only whoever began gets further: the state belongs to their session. */
  @Get('arrived') @Public() @ApiExcludeEndpoint()
  async arrived(@Param('id') endpoint: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const outcome = await this.finish(endpoint, request);
    await reply.code(303).header('referrer-policy', 'no-referrer').header('location', `/endpoints/${encodeURIComponent(endpoint)}?connection=${outcome}`).send();
  }

  private async finish(endpoint: string, request: FastifyRequest): Promise<string> {
    const by = stateOf(request).caller as Principal | undefined;
    if (by?.permissions.has('endpoints:write') !== true) return 'not-allowed';
    try {
      await this.connections.finish({ by, endpoint, query: queryOf(request) });
      return 'connected';
    } catch (error) {
      if (error instanceof ConnectionRefused) return error.code;
      throw error;
    }
  }
}

const queryOf = (request: FastifyRequest): string => request.url.split('?', 2)[1] ?? '';
