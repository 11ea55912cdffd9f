import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ApiKeyRow } from '../store/identity/api-key.entity.js';
import { PageQuery, UuidPipe } from '../web/index.js';
import { Allow, CurrentPrincipal } from './allow.js';
import { ApiKeyBody, ApiKeyListView, ApiKeyView, NewApiKeyView } from './api-key.dto.js';
import { ApiKeyService } from './api-key.service.js';
import type { Principal } from './principal.js';

@ApiTags('api keys')
@Controller('api/v1/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get() @Allow('api-keys:read')
  @ApiOperation({ summary: 'The API keys of the organization.' })
  @ApiOkResponse({ type: ApiKeyListView })
  async list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Promise<ApiKeyListView> {
    const { items, nextCursor } = await this.keys.list(principal, page.cursor, page.limit);
    return { items: items.map(viewOf), nextCursor };
  }

  @Post() @Allow('api-keys:write')
  @ApiOperation({ summary: 'Make an API key; the key is in this answer and nowhere else.' })
  @ApiCreatedResponse({ type: NewApiKeyView })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: ApiKeyBody): Promise<NewApiKeyView> {
    const { row, key } = await this.keys.create(principal, body);
    return { ...viewOf(row), key };
  }

  @Delete(':id') @Allow('api-keys:write') @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API key for good.' })
  @ApiNoContentResponse()
  async revoke(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.keys.revoke(principal, id);
  }
}

const viewOf = (row: ApiKeyRow): ApiKeyView => ({
  id: row.id, name: row.name, prefix: row.prefix, permissions: row.permissions, createdBy: row.createdBy, createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null, revokedAt: row.revokedAt?.toISOString() ?? null, lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
