import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { RefusalStore, type Refusal } from '../../store/endpoint/refusal.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { Problem, showBody, UuidPipe } from '../../web/index.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import { RefusalDetailDto, RefusalOfAllQuery, RefusalQuery, RefusalsDto, type RefusalDto } from './refusal.dto.js';

const PAGE = 50;
const WHICH = 'Those whose sender had its credentials: bad signatures, bodies that nobody can read, addresses and certificates that are not taken. The newest thousand of each endpoint are kept.';

/** What senders were refused. */
@ApiTags('endpoints')
@Controller('api/v1')
export class RefusalController {
  constructor(private readonly database: Database, private readonly endpoints: EndpointService) {}

  @Get('endpoints/:id/refused-requests')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Requests to the inbound addresses of an endpoint that were refused, newest first', description: WHICH })
  @ApiOkResponse({ type: RefusalsDto })
  async list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query() { before }: RefusalQuery): Promise<RefusalsDto> {
    await this.endpoints.live(organization, id);
    return this.page(organization, id, before);
  }

  @Get('refused-requests')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Requests to inbound addresses that were refused, newest first', description: WHICH })
  @ApiOkResponse({ type: RefusalsDto })
  listAll(@CurrentPrincipal() { organization }: Principal, @Query() { endpoint, before }: RefusalOfAllQuery): Promise<RefusalsDto> {
    return this.page(organization, endpoint ?? null, before);
  }

  @Get('refused-requests/:id')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'One refused request, with its headers and its body as far as they are kept' })
  @ApiOkResponse({ type: RefusalDetailDto })
  async show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<RefusalDetailDto> {
    const found = await this.database.inOrganization(organization, (manager) => new RefusalStore(organization, manager).find(id));
    if (found === null) throw Problem.missing(`refused request ${id}`);
    const { headers, body, ...refusal } = found;
    return { ...viewOf(refusal), headers: JSON.parse(headers) as Record<string, string>, ...showBody(body, { isCut: refusal.size > refusal.bytes }) };
  }

  private async page(organization: OrganizationId, endpoint: string | null, before: string | undefined): Promise<RefusalsDto> {
    const found = await this.database.inOrganization(organization, (manager) => new RefusalStore(organization, manager).list(endpoint, { before: before ?? null, most: PAGE + 1 }));
    const items = found.slice(0, PAGE);
    return { items: items.map(viewOf), next: found.length > PAGE ? items.at(-1)!.id : null };
  }
}

const viewOf = (one: Refusal): RefusalDto => ({ ...one, at: new Date(uuidTimeMs(one.id)).toISOString() });
