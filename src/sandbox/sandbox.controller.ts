import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import { MadeSandboxView, NewSandboxBody, SandboxChangeBody, SandboxListView, SandboxView } from './sandbox.dto.js';
import { SandboxService, type NewSandbox, type Sandbox, type SandboxChange } from './sandbox.service.js';

/** The built-in ticket tools: for demos, tests and trying out rules. */
@ApiTags('sandboxes')
@Controller('api/v1/sandboxes')
export class SandboxController {
  constructor(private readonly sandboxes: SandboxService) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'The ticket tools of the organization' })
  @ApiOkResponse({ type: SandboxListView })
  async list(@CurrentPrincipal() { organization }: Principal): Promise<SandboxListView> {
    return { items: (await this.sandboxes.list(organization)).map(addressed), nextCursor: null };
  }

  @Post()
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Make a ticket tool; its secrets are shown in this answer only' })
  @ApiCreatedResponse({ type: MadeSandboxView })
  async create(@CurrentPrincipal() by: Principal, @Body() body: NewSandboxBody): Promise<MadeSandboxView> {
    return addressed(await this.sandboxes.create(by.organization, by, body as NewSandbox));
  }

  @Get(':name')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'A ticket tool' })
  @ApiOkResponse({ type: SandboxView })
  async read(@CurrentPrincipal() { organization }: Principal, @Param('name') name: string): Promise<SandboxView> {
    return addressed(await this.sandboxes.find(organization, name));
  }

  @Patch(':name')
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Change a ticket tool; what is not named stays' })
  @ApiOkResponse({ type: SandboxView })
  async update(@CurrentPrincipal() by: Principal, @Param('name') name: string, @Body() body: SandboxChangeBody): Promise<SandboxView> {
    return addressed(await this.sandboxes.update(by.organization, by, name, body as SandboxChange));
  }

  @Delete(':name')
  @HttpCode(204)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Remove a ticket tool with all its tickets' })
  @ApiNoContentResponse()
  async remove(@CurrentPrincipal() by: Principal, @Param('name') name: string): Promise<void> {
    await this.sandboxes.remove(by.organization, by, name);
  }
}

function addressed<T extends Sandbox>(sandbox: T): T & { page: string; api: string; options: SandboxView['options'] } {
  const { states, priorities, groups } = sandbox.options;
  return { ...sandbox, options: { ...sandbox.options, states: [...states], priorities: [...priorities], groups: [...groups] }, page: `/sandbox/${sandbox.name}`, api: `/sandbox/${sandbox.name}/api` };
}
