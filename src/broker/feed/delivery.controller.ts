import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { DeliveryDetail, DeliveryQuery, DeliverySummaryPage } from './feed.dto.js';
import { Feed } from './feed.service.js';

/** Everything that was sent, is on its way, or stopped. */
@ApiTags('deliveries')
@Controller('api/v1/deliveries')
export class DeliveryController {
  constructor(private readonly feed: Feed) {}

  @Get()
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'Deliveries, newest first' })
  @ApiOkResponse({ type: DeliverySummaryPage })
  list(@CurrentPrincipal() { organization }: Principal, @Query() query: DeliveryQuery): Promise<DeliverySummaryPage> {
    return this.feed.deliveries(organization, query);
  }

  @Get(':id')
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'One delivery: what it carries, and every attempt with its answer' })
  @ApiOkResponse({ type: DeliveryDetail })
  show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<DeliveryDetail> {
    return this.feed.delivery(organization, id);
  }
}
