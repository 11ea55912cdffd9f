import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import { ENDPOINT_METRICS } from '../queue/index.js';

/** Metrics that name endpoints: not for everybody who can reach `/metrics`. */
@ApiTags('monitoring')
@Controller('api/v1/metrics')
export class EndpointMetricsController {
  @Get()
  @Allow('monitoring:read')
  @Header('content-type', ENDPOINT_METRICS.contentType)
  @ApiOperation({ summary: 'Metrics of the organization\'s endpoints, for Prometheus', description: 'Circuit, slots, calls under way, lanes in hand and attempts by outcome of each endpoint, in the process that answers.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  show(@CurrentPrincipal() { organization }: Principal): Promise<string> {
    return ENDPOINT_METRICS.text(organization);
  }
}
