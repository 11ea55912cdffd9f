import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { UuidPipe } from '../../web/index.js';
import { Allow, CurrentPrincipal } from '../allow.js';
import type { Principal } from '../principal.js';
import { ownAddress } from './own-address.js';
import { SignInProviderBody, SignInProviderCheckView, SignInProviderListView, SignInProviderView } from './sign-in-provider.dto.js';
import { SignInProviders } from './sign-in-providers.service.js';

/** Whom an organization lets say who its people are. */
@ApiTags('sign-in')
@Controller('api/v1/sign-in-providers')
export class SignInProviderController {
  constructor(private readonly providers: SignInProviders) {}

  @Get() @Allow('users:read')
  @ApiOperation({ summary: 'The sign-in providers of the organization; their secrets are not shown' })
  @ApiOkResponse({ type: SignInProviderListView })
  async list(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest): Promise<SignInProviderListView> {
    return { items: await this.providers.all(principal, ownAddress(request)) };
  }

  @Post() @Allow('organizations:write')
  @ApiOperation({ summary: 'Add a sign-in provider (OpenID Connect)', description: 'Takes every permission there is: whoever sets a provider decides who somebody is here.' })
  @ApiCreatedResponse({ type: SignInProviderView })
  create(@CurrentPrincipal() principal: Principal, @Body() body: SignInProviderBody, @Req() request: FastifyRequest): Promise<SignInProviderView> {
    return this.providers.save(principal, null, body, ownAddress(request));
  }

  @Put(':id') @Allow('organizations:write')
  @ApiOperation({ summary: 'Change a sign-in provider' })
  @ApiOkResponse({ type: SignInProviderView })
  change(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string, @Body() body: SignInProviderBody, @Req() request: FastifyRequest): Promise<SignInProviderView> {
    return this.providers.save(principal, id, body, ownAddress(request));
  }

  @Delete(':id') @Allow('organizations:write') @HttpCode(204)
  @ApiOperation({ summary: 'Remove a sign-in provider', description: 'Sessions that it opened end as others do; who its people are stays known, for a provider of the same issuer.' })
  @ApiNoContentResponse()
  async remove(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.providers.remove(principal, id);
  }

  @Post(':id/check') @Allow('organizations:write') @HttpCode(200)
  @ApiOperation({ summary: 'Ask the provider what it says of itself, now' })
  @ApiOkResponse({ type: SignInProviderCheckView })
  check(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string): Promise<SignInProviderCheckView> {
    return this.providers.check(principal, id);
  }
}
