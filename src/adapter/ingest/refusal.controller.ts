import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { RefusalStore } from '../../store/endpoint/refusal.store.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { Problem } from '../../web/index.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import { RefusalsDto } from './refusal.dto.js';

const PAGE = 50;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What senders were refused: the newest thousand of each endpoint. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/refused-requests')
export class RefusalController {
  constructor(private readonly database: Database, private readonly endpoints: EndpointService) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Requests to the inbound addresses of an endpoint that were refused, newest first', description: 'Those whose sender had its credentials: bad signatures, bodies that nobody can read, addresses and certificates that are not taken. Their bodies are not shown.' })
  @ApiQuery({ name: 'before', type: String, required: false, description: 'The `next` of the page before.' })
  @ApiOkResponse({ type: RefusalsDto })
  async list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query('before') before?: string): Promise<RefusalsDto> {
    if (before !== undefined && !UUID.test(before)) throw Problem.invalid([{ pointer: '/before', detail: 'must be the `next` of a page' }]);
    await this.endpoints.live(organization, id);
    const found = await this.database.inOrganization(organization, (manager) => new RefusalStore(organization, manager).list(id, { before: before ?? null, most: PAGE + 1 }));
    const items = found.slice(0, PAGE);
    return { items: items.map((one) => ({ ...one, at: new Date(uuidTimeMs(one.id)).toISOString() })), next: found.length > PAGE ? items.at(-1)!.id : null };
  }
}
