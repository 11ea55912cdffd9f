import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { ToolConnector } from './connect-tool.service.js';
import { ConnectToolBody, ConnectedToolView, TestTicketBody, TestTicketView } from './guided.dto.js';

/** The first steps of a newcomer, one request each. */
@ApiTags('sandboxes')
@Controller('api/v1/sandboxes')
export class GuidedController {
  constructor(private readonly connector: ToolConnector) {}

  @Post('connected')
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Make a ticket tool that is connected: with an endpoint, a credential and webhooks' })
  @ApiCreatedResponse({ type: ConnectedToolView })
  async connect(@CurrentPrincipal() by: Principal, @Body() { title }: ConnectToolBody, @Req() request: FastifyRequest): Promise<ConnectedToolView> {
    const made = await this.connector.connect(by.organization, by, title, request.socket.localPort ?? 8080);
    return { ...made, page: `/sandbox/${made.sandbox}` };
  }

  @Post(':name/tickets')
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Open a ticket in a ticket tool, as a person at its desk' })
  @ApiCreatedResponse({ type: TestTicketView })
  async openTicket(@CurrentPrincipal() by: Principal, @Param('name') name: string, @Body() { title, description = '' }: TestTicketBody): Promise<TestTicketView> {
    return { ticketId: await this.connector.openTicket(by.organization, by, name, { title, description }) };
  }
}
