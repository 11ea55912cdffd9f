import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { Arrangement, DryRunQuery, MergeDto, SplitDto } from './arrange.dto.js';
import { Arrangements } from './arrangements.service.js';

/** Joins conversations that are one matter, and takes apart what is not. */
@ApiTags('conversations')
@ApiConflictResponse({ description: 'Its lanes do not allow it now, or it is part of another conversation.' })
@Controller('api/v1/conversations')
export class ArrangeController {
  constructor(private readonly arrangements: Arrangements) {}

  @Post(':id/merge')
  @HttpCode(200)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Make it part of another conversation', description: 'Its tickets, history, memory, lanes and waiting executions go along; its address goes on to the other one. A second time changes nothing.' })
  @ApiOkResponse({ type: Arrangement })
  merge(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Query() { dryRun }: DryRunQuery, @Body() body: MergeDto): Promise<Arrangement> {
    return this.arrangements.merge(by, id.toLowerCase(), { ...body, into: body.into.toLowerCase() }, dryRun);
  }

  @Post(':id/split')
  @HttpCode(200)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Give one of its tickets a conversation of its own', description: 'The ticket goes with its messages and the lane to it; the new conversation remembers nothing.' })
  @ApiOkResponse({ type: Arrangement })
  split(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Query() { dryRun }: DryRunQuery, @Body() body: SplitDto): Promise<Arrangement> {
    return this.arrangements.split(by, id.toLowerCase(), body, dryRun);
  }
}
