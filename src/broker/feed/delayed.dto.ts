import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { WAIT_REASONS } from '../../store/feed/wait-reason.js';
import { PageQuery } from '../../web/index.js';
import { DelayedExecution } from './conversation.dto.js';

export const DELAYED_STATES = ['WAITING', 'RELEASED', 'CANCELLED', 'FAILED'] as const;

export class DelayedQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, enum: DELAYED_STATES })
  @IsOptional() @IsIn(DELAYED_STATES)
  state?: string;

  @ApiPropertyOptional({ type: String, description: 'Endpoint that it would send to.' })
  @IsOptional() @IsString() @MaxLength(64)
  endpoint?: string;

  @ApiPropertyOptional({ type: String, description: 'Id of its rule.' })
  @IsOptional() @IsString() @MaxLength(200)
  rule?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional() @IsUUID()
  conversation?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Due at this instant or later; what waits for no time is left out.' })
  @IsOptional() @IsISO8601({ strict: true })
  dueFrom?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Due before this instant; what waits for no time is left out.' })
  @IsOptional() @IsISO8601({ strict: true })
  dueBefore?: string;

  @ApiPropertyOptional({ type: String, enum: WAIT_REASONS, description: 'What it waited for when it was delayed.' })
  @IsOptional() @IsIn(WAIT_REASONS)
  waitsFor?: string;
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
