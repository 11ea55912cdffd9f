import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Attachment, DeliveryDetail, RuleRef } from './feed.dto.js';
import { MESSAGE_STATES } from './filter.dto.js';

export class Miss extends RuleRef {
  @ApiProperty({ type: String, enum: ['message-kind', 'condition', 'attachment', 'operation', 'outcome'] })
  reason: string;

  @ApiProperty({ type: String, description: 'Which condition, as text.' })
  detail: string;

  @ApiProperty({ type: String, nullable: true })
  expected: string | null;

  @ApiProperty({ type: String, nullable: true })
  actual: string | null;
}

export class ExecutionFailure extends RuleRef {
  @ApiProperty({ type: String })
  error: string;
}

/** Why a message became what it became, as it was stored. */
export class Trace {
  @ApiProperty({ type: String, description: 'Names the versions that took part together.' })
  ruleSet: string;

  @ApiProperty({ type: [RuleRef] })
  executed: RuleRef[];

  @ApiProperty({ type: [RuleRef] })
  delayed: RuleRef[];

  @ApiProperty({ type: [ExecutionFailure] })
  failed: ExecutionFailure[];

  @ApiProperty({ type: [RuleRef] })
  dropped: RuleRef[];

  @ApiProperty({ type: [Miss], description: 'The five nearest misses.' })
  misses: Miss[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  missCounts: Record<string, number>;
}

export class ExplainedCondition {
  @ApiProperty({ type: String, enum: ['message', 'conversation'] })
  on: string;

  @ApiProperty({ type: String })
  condition: string;

  @ApiProperty({ type: Boolean })
  holds: boolean;

  @ApiProperty({ type: String })
  expected: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null is absent.' })
  actual: string | null;
}

export class ExplainedRule extends RuleRef {
  @ApiProperty({ type: String, enum: ['executed', 'delayed', 'failed', 'dropped', 'overruled', 'missed'] })
  fate: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: [ExplainedCondition] })
  conditions: ExplainedCondition[];
}

/** The full trace, computed when it is asked for. */
export class Explanation {
  @ApiProperty({ type: Boolean, description: 'Whether the same rules came to the same end again; false where what they saw cannot be had any more.' })
  isFaithful: boolean;

  @ApiProperty({ type: [ExplainedRule], description: 'Every rule of the message\'s endpoint and entity type.' })
  rules: ExplainedRule[];
}

export class RawRequest {
  @ApiProperty({ type: String })
  contentType: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  headers: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true })
  query: string | null;

  @ApiProperty({ type: String, description: 'As text, secrets and files replaced by a note.' })
  body: string;

  @ApiProperty({ type: 'integer', description: 'Bytes as received.' })
  size: number;

  @ApiProperty({ type: Boolean })
  truncated: boolean;
}

export class Answer {
  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'] })
  operation: string;

  @ApiProperty({ type: String, enum: ['SUCCESS', 'ERROR'] })
  status: string;

  @ApiProperty({ type: 'integer', nullable: true })
  httpStatus: number | null;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;

  @ApiProperty({ type: String, nullable: true })
  ticketId: string | null;
}

export class Sender {
  @ApiProperty({ type: String })
  id: string;

  @ApiPropertyOptional({ type: String })
  name?: string;
}

export class MessageDetail {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String })
  messageType: string;

  @ApiProperty({ type: String, nullable: true })
  ticketId: string | null;

  @ApiProperty({ type: String, enum: ['normal', 'response'] })
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

  @ApiProperty({ type: String, nullable: true, description: 'Response: the delivery it answers. Echo: the delivery it repeats.' })
  deliveryId: string | null;

  @ApiProperty({ type: Sender, nullable: true })
  sender: Sender | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: [Attachment] })
  attachments: Attachment[];

  @ApiProperty({ type: RawRequest, nullable: true, description: 'Null for responses, and once it is no longer kept.' })
  raw: RawRequest | null;

  @ApiProperty({ type: Answer, nullable: true })
  response: Answer | null;

  @ApiProperty({ type: Trace, nullable: true })
  trace: Trace | null;

  @ApiPropertyOptional({ type: Explanation, description: 'With `explain=true`.' })
  explanation?: Explanation;

  @ApiProperty({ type: [DeliveryDetail] })
  deliveries: DeliveryDetail[];
}
