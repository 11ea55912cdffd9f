import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { fingerprintOf } from './endpoint-change.js';
import { CredentialsDto, GeneratedCredentialDto, NewCredentialDto } from './endpoint.dto.js';
import { EndpointService } from './endpoint.service.js';

/** With what connected systems prove themselves at their inbound addresses. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/credentials')
export class CredentialController {
  constructor(private readonly endpoints: EndpointService) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'The inbound credentials of an endpoint; their secrets cannot be read back' })
  async list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string): Promise<CredentialsDto> {
    const stored = await this.endpoints.read(organization, async (change) => {
      await change.existing(id);
      return change.credentials.list(id);
    });
    return { items: stored.map((one) => ({ id: fingerprintOf(one.hash), kind: one.kind, label: one.label, createdAt: one.createdAt.toISOString() })) };
  }

  @Post()
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Generate an inbound credential; its secret is shown only now' })
  async generate(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() { kind, label }: NewCredentialDto): Promise<GeneratedCredentialDto> {
    const { secret, hash } = await this.endpoints.generateCredential(by.organization, by, id, { kind, label: label ?? '' });
    return { id: fingerprintOf(hash), kind, username: kind === 'basic' ? id : null, secret };
  }

  @Delete(':credential')
  @HttpCode(204)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Revoke an inbound credential' })
  @ApiNoContentResponse()
  remove(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Param('credential') credential: string): Promise<void> {
    return this.endpoints.removeCredential(by.organization, by, id, credential);
  }
}
