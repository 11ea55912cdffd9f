import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { WAIT_REASONS } from '../../store/feed/wait-reason.js';

export const MESSAGE_STATES = ['RECEIVED', 'ROUTED', 'DROPPED', 'NO_ROUTE', 'DELAYED', 'ECHO', 'FILTERED', 'DUPLICATE', 'FAILED'] as const;

/** By what messages are found, besides their state: in the feed, and where many are acted on. */
export class MessageFilterDto {
  @ApiPropertyOptional({ type: String, description: 'Messages of the conversations that own a ticket of this id, at any endpoint.' })
  @IsOptional() @IsString() @MaxLength(512)
  ticketId?: string;

  @ApiPropertyOptional({ type: String, description: 'Endpoint that sent it.' })
  @IsOptional() @IsString() @MaxLength(64)
  endpoint?: string;

  @ApiPropertyOptional({ type: String, description: 'As the message named it.' })
  @IsOptional() @IsString() @MaxLength(200)
  entityType?: string;

  @ApiPropertyOptional({ type: String, description: 'Rule that was executed, waits, failed or dropped it.' })
  @IsOptional() @IsString() @MaxLength(64)
  rule?: string;

  @ApiPropertyOptional({ type: String, minLength: 3, description: 'Text in what was received, in any case. There is no index: the newest are looked through for a moment, so that a page may come back empty with a place to go on. Bodies of more than 1 MB are passed over.' })
  @IsOptional() @IsString() @MinLength(3) @MaxLength(200)
  text?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional() @IsUUID()
  conversation?: string;

  @ApiPropertyOptional({ type: [String], maxItems: 5, example: ['assignedGroup=second line'], description: 'Messages of the conversations that remember this now: `name=value` of a conversation attribute, in any case; of a multi-value any element. All of them must hold. Values of more than 200 characters are not found.' })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value)) @IsArray() @ArrayMaxSize(5) @IsString({ each: true }) @Matches(/^[^=]*[^=\s][^=]*=\s*\S[^]*$/, { each: true, message: 'is no `name=value`' }) @MaxLength(500, { each: true })
  conversationAttribute?: string[];

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Received at this instant or later.' })
  @IsOptional() @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Received before this instant.' })
  @IsOptional() @IsISO8601({ strict: true })
  to?: string;
}

/** Messages as the feed finds them. */
export class MessageSearchDto extends MessageFilterDto {
  @ApiPropertyOptional({ type: String, enum: MESSAGE_STATES })
  @IsOptional() @IsIn(MESSAGE_STATES)
  state?: string;
}

/** By what only delayed executions are found: in their list, and where many are acted on. */
export class DelayFilterDto {
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
