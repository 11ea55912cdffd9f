import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { PageQuery, UuidPipe } from '../../web/index.js';
import { BulkDetail, BulkItemPage, BulkItemQuery, BulkPage, BulkPlanDto, BulkStartDto } from './bulk.dto.js';
import { Bulks } from './bulk.service.js';

/** Acts on many deliveries, messages or delayed executions: a plan first, then the act in the background. */
@ApiTags('bulk operations')
@Controller('api/v1/bulk-operations')
export class BulkController {
  constructor(private readonly bulks: Bulks) {}

  @Post()
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Plan an act on many', description: 'Counts and lists what it would be about, and does nothing. What comes later is not part of it; what has changed until its turn comes is skipped.' })
  @ApiCreatedResponse({ type: BulkDetail })
  plan(@CurrentPrincipal() by: Principal, @Body() plan: BulkPlanDto): Promise<BulkDetail> {
    return this.bulks.plan(by, plan);
  }

  @Get()
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'Plans and acts on many, newest first' })
  @ApiOkResponse({ type: BulkPage })
  list(@CurrentPrincipal() { organization }: Principal, @Query() query: PageQuery): Promise<BulkPage> {
    return this.bulks.list(organization, query);
  }

  @Get(':id')
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'One plan, and how far it has come' })
  @ApiOkResponse({ type: BulkDetail })
  show(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<BulkDetail> {
    return this.bulks.show(organization, id);
  }

  @Get(':id/items')
  @Allow('deliveries:read')
  @ApiOperation({ summary: 'What it is about, one by one, and what came of each' })
  @ApiOkResponse({ type: BulkItemPage })
  items(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string, @Query() query: BulkItemQuery): Promise<BulkItemPage> {
    return this.bulks.items(organization, id, query);
  }

  @Post(':id/start')
  @HttpCode(200)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Start what was planned', description: 'Within an hour of the plan. What cannot be undone wants the plan\'s `confirmation`. Started twice it runs once.' })
  @ApiOkResponse({ type: BulkDetail })
  @ApiConflictResponse({ description: 'It was cancelled, is empty, too old, or not yet counted.' })
  start(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Body() { confirmation }: BulkStartDto): Promise<BulkDetail> {
    return this.bulks.start(by, id, confirmation);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Stop it, or drop the plan', description: 'What was done stays done; the rest is left as it is.' })
  @ApiOkResponse({ type: BulkDetail })
  @ApiConflictResponse({ description: 'All of it is done already.' })
  cancel(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<BulkDetail> {
    return this.bulks.cancel(by, id);
  }
}
