import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../identity/index.js';
import { ADAPTERS } from '../registry.js';
import { AdaptersDto } from './endpoint.dto.js';
import { ENTITY_TYPE_PROPERTIES } from './entity-types.js';

/** The kinds of systems that can be connected. */
@ApiTags('endpoints')
@Controller('api/v1/adapters')
export class AdapterController {
  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Kinds of systems, with the schemas of their settings' })
  list(): AdaptersDto {
    return {
      items: ADAPTERS.map(({ manifest, settings, entityTypeSettings, propose }) => ({
        ...manifest, proposes: propose !== undefined, settings: { ...settings },
        entityTypeSettings: { ...entityTypeSettings, required: ['name'], properties: { ...ENTITY_TYPE_PROPERTIES, ...(entityTypeSettings['properties'] as object | undefined) } },
      })),
    };
  }
}
