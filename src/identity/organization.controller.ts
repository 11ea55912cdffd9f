import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, SignedIn } from './allow.js';
import { OrganizationBody, OrganizationListView } from './organization.dto.js';
import { OrganizationService } from './organization.service.js';
import type { Principal } from './principal.js';
import { OrganizationView } from './session.dto.js';

@ApiTags('organizations')
@Controller('api/v1/organizations')
export class OrganizationController {
  constructor(private readonly organizations: OrganizationService) {}

  @Get() @SignedIn()
  @ApiOperation({ summary: 'The organizations of the one who asks.' })
  @ApiOkResponse({ type: OrganizationListView })
  async list(@CurrentPrincipal() principal: Principal): Promise<OrganizationListView> {
    return { items: await this.organizations.list(principal), nextCursor: null };
  }

  @Post() @Allow('organizations:write')
  @ApiOperation({ summary: 'Make an organization and become its administrator.' })
  @ApiCreatedResponse({ type: OrganizationView })
  create(@CurrentPrincipal() principal: Principal, @Body() body: OrganizationBody): Promise<OrganizationView> {
    return this.organizations.create(principal, body);
  }
}
