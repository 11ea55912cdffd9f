import { Body, Controller, Get, Headers, Param, Put, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import type { EndpointRow } from '../../store/endpoint/endpoint.entity.js';
import { EndpointService, endpointTag } from './endpoint.service.js';
import { MaintenanceDto, MaintenanceWindowsDto } from './maintenance.dto.js';
import { maintenanceStateOf } from './maintenance-view.js';

/** When nothing is sent to a connected system, apart from its settings: whoever may suspend it may plan that, too. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/maintenance')
export class MaintenanceController {
  constructor(private readonly endpoints: EndpointService) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'The maintenance windows of an endpoint' })
  @ApiOkResponse({ type: MaintenanceDto })
  async read(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<MaintenanceDto> {
    return answer((await this.endpoints.read(organization, (change) => change.existing(id))).row, reply);
  }

  @Put()
  @Allow('endpoints:operate')
  @ApiOperation({
    summary: 'Set the maintenance windows of an endpoint', description: 'All of them; an empty list takes them away. During a window nothing is sent to it and nothing fetched; what comes in is accepted and routed. It goes on by itself.',
  })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the endpoint as it was read.' })
  @ApiBody({ type: MaintenanceWindowsDto })
  @ApiOkResponse({ type: MaintenanceDto })
  async set(
    @CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() document: unknown, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MaintenanceDto> {
    return answer(await this.endpoints.setMaintenance(by.organization, by, id, { document, ifMatch }), reply);
  }
}

function answer(row: EndpointRow, reply: FastifyReply): MaintenanceDto {
  void reply.header('etag', endpointTag(row));
  return { windows: row.maintenance as MaintenanceDto['windows'], state: maintenanceStateOf(row.maintenance) };
}
