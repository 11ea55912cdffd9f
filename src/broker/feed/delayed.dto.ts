import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../web/index.js';
import { DelayedExecution } from './conversation.dto.js';
import { DelayFilterDto, MessageFilterDto } from './filter.dto.js';

export const DELAYED_STATES = ['WAITING', 'RELEASED', 'CANCELLED', 'FAILED'] as const;

export class DelayedQuery extends IntersectionType(PageQuery, DelayFilterDto, PickType(MessageFilterDto, ['endpoint', 'rule', 'conversation'])) {
  @ApiPropertyOptional({ type: String, enum: DELAYED_STATES })
  @IsOptional() @IsIn(DELAYED_STATES)
  state?: string;

  @ApiPropertyOptional({ type: String, description: 'Endpoint that it would send to.' })
  override endpoint?: string;

  @ApiPropertyOptional({ type: String, description: 'Id of its rule.' })
  override rule?: string;
}

export class ListedDelayedExecution extends DelayedExecution {
  @ApiProperty({ type: String })
  conversationId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Ticket of the message, as the system that it came from names it.' })
  ticketId: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it stops waiting for anything but its time.' })
  timeoutAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class DelayedExecutionPage {
  @ApiProperty({ type: [ListedDelayedExecution], description: 'Newest first. With filters a page may be short although more follows.' })
  items: ListedDelayedExecution[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}
