import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery, QueryFlag } from '../../web/index.js';
import { MESSAGE_STATES, MessageSearchDto } from './filter.dto.js';

export const DELIVERY_STATES = ['QUEUED', 'SENDING', 'SENT', 'RETRYING', 'DEAD', 'HELD', 'CANCELLED', 'SKIPPED'] as const;

export class MessageQuery extends IntersectionType(PageQuery, MessageSearchDto) {}

export class ExplainQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Adds every rule and condition, computed anew with the rules and the memory as they were.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  explain?: boolean;
}

export class DeliveryQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, enum: DELIVERY_STATES })
  @IsOptional() @IsIn(DELIVERY_STATES)
  status?: string;

  @ApiPropertyOptional({ type: String, description: 'Endpoint that it goes to.' })
  @IsOptional() @IsString() @MaxLength(64)
  endpoint?: string;
}

export class ConversationQuery {
  @ApiProperty({ type: String, description: 'Conversations that own a ticket of this id, at any endpoint.' })
  @IsString() @MaxLength(512)
  ticketId: string;
}

export class RuleRef {
  @ApiProperty({ type: String })
  ruleId: string;

  @ApiProperty({ type: String, description: 'Its name at that version.' })
  rule: string;

  @ApiProperty({ type: 'integer' })
  ruleVersion: number;
}

/** Why nothing is sent to an endpoint now. */
export class EndpointRest {
  @ApiProperty({ type: String, enum: ['suspended', 'paused', 'maintenance'], description: '`paused`: it refused our credentials; only `maintenance` ends by itself.' })
  kind: 'suspended' | 'paused' | 'maintenance';

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When a maintenance ends.' })
  until: string | null;

  @ApiProperty({ type: String, description: 'What the maintenance is for.' })
  note: string;
}

export class DeliverySummary extends RuleRef {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  conversationId: string;

  @ApiProperty({ type: String, description: 'The message that caused it.' })
  messageId: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'] })
  operation: string;

  @ApiProperty({ type: String, enum: DELIVERY_STATES })
  state: string;

  @ApiProperty({ type: 'integer', description: 'Attempts so far.' })
  attempts: number;

  @ApiProperty({ type: 'integer', nullable: true })
  httpStatus: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it has not gone, or why it waits.' })
  error: string | null;

  @ApiProperty({ type: EndpointRest, nullable: true, description: 'Why nothing is sent to its endpoint now; null where it is sent to, or this one waits for nothing.' })
  rest: EndpointRest | null;

  @ApiProperty({ type: String, nullable: true, description: 'The ticket in the target, once it is known.' })
  ticketId: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it is tried again.' })
  nextAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class SentRequestDto {
  @ApiProperty({ type: String })
  method: string;

  @ApiProperty({ type: String })
  url: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  headers: Record<string, string>;

  @ApiProperty({ type: String, nullable: true, description: 'The first 16 kB; null where there was none or it was no text.' })
  body: string | null;

  @ApiProperty({ type: 'integer', description: 'Of the whole body.' })
  bodyBytes: number;

  @ApiProperty({ type: 'integer', description: 'Requests of the same attempt before this one: a look-up, earlier steps.' })
  earlier: number;
}

export class Attempt {
  @ApiProperty({ type: 'integer', description: 'From 1.' })
  number: number;

  @ApiProperty({ type: String, format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  durationMs: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null while it is under way.' })
  outcome: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  httpStatus: number | null;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The target\'s answer as text.' })
  answer: string | null;

  @ApiProperty({ type: SentRequestDto, nullable: true, description: 'The last request of an attempt that did not succeed, as it was sent, without secrets. Null of the others: their request follows from what the delivery carries (`POST /api/v1/endpoints/{id}/preview`).' })
  request: SentRequestDto | null;
}

export class Attachment {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  contentType: string;

  @ApiProperty({ type: 'integer', description: 'Bytes.' })
  size: number;
}

export class DeliveryEditDto {
  @ApiProperty({ type: 'integer', description: 'From 1.' })
  number: number;

  @ApiProperty({ type: String })
  editedBy: string;

  @ApiProperty({ type: String, format: 'date-time' })
  editedAt: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: String, description: 'What it was before.' })
  messageType: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What would have been sent before.' })
  attributes: Record<string, unknown>;
}

export class DeliveryDetail extends DeliverySummary {
  @ApiProperty({ type: String, description: 'Named schema of the outbound call; empty for none.' })
  messageType: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What is sent.' })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: [Attachment] })
  attachments: Attachment[];

  @ApiProperty({ type: [Attempt] })
  attemptList: Attempt[];

  @ApiPropertyOptional({ type: [DeliveryEditDto], description: 'What operators changed in it; only with the delivery itself, not in lists of others.' })
  edits?: DeliveryEditDto[];
}

export class MessageSummary {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, nullable: true })
  ticketId: string | null;

  @ApiProperty({ type: String, enum: ['normal', 'response'], description: '`response`: what a target answered to a delivery.' })
  kind: string;

  @ApiProperty({ type: String, enum: MESSAGE_STATES })
  state: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: String, nullable: true })
  conversationId: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  receivedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;

  @ApiProperty({ type: [String], description: 'Other conversations that its references name: the own ticket won, and somebody should look at it.' })
  conflicts: string[];

  @ApiProperty({ type: [RuleRef], description: 'The rules that took part.' })
  rules: RuleRef[];

  @ApiProperty({ type: [DeliverySummary], description: 'What it caused.' })
  deliveries: DeliverySummary[];
}

export class MessageSummaryPage {
  @ApiProperty({ type: [MessageSummary], description: 'Newest first. With filters a page may be short although more follows.' })
  items: MessageSummary[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}

export class DeliverySummaryPage {
  @ApiProperty({ type: [DeliverySummary], description: 'Newest first. With filters a page may be short although more follows.' })
  items: DeliverySummary[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}
