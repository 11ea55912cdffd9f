import { ApiProperty } from '@nestjs/swagger';
import { Attachment, DeliveryDetail, EndpointRest, MessageSummary } from './feed.dto.js';

export class Lane {
  @ApiProperty({ type: String, enum: ['route', 'delivery'], description: '`route`: messages that come in; `delivery`: what goes to one target.' })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  endpoint: string | null;

  @ApiProperty({ type: String, nullable: true })
  entityType: string | null;

  @ApiProperty({ type: 'integer', description: 'How many wait in it.' })
  waiting: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it goes on; null where nothing waits.' })
  readyAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not go on by itself.' })
  blocked: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the delivery at its head waits for.' })
  reason: string | null;

  @ApiProperty({ type: EndpointRest, nullable: true, description: 'Why nothing is sent to its endpoint now; null where it is sent to.' })
  rest: EndpointRest | null;

  @ApiProperty({ type: String, nullable: true, description: 'The delivery at its head.' })
  headDeliveryId: string | null;
}

export class Ticket {
  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null while its create is on its way.' })
  ticketId: string | null;
}

export class MemoryChange {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, enum: ['attribute', 'counter'] })
  kind: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ description: 'Any value; null where there was none.', nullable: true, oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: {} }] })
  before: unknown;

  @ApiProperty({ description: 'Any value; null where there is none.', nullable: true, oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: {} }] })
  after: unknown;

  @ApiProperty({ type: String, nullable: true })
  ruleId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Name of the rule.' })
  rule: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  ruleVersion: number | null;

  @ApiProperty({ type: String, nullable: true })
  messageId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who corrected it by hand.' })
  actor: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  changedAt: string;
}

export class DelayedExecution {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  ruleId: string;

  @ApiProperty({ type: String })
  rule: string;

  @ApiProperty({ type: 'integer' })
  ruleVersion: number;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'], nullable: true })
  operation: string | null;

  @ApiProperty({ type: String })
  state: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  dueAt: string | null;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  waitingFor: unknown[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String })
  messageId: string;
}

/** Something that happened to a conversation as such. */
export class ConversationEvent {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, description: 'The conversation that it happened to.' })
  conversationId: string;

  @ApiProperty({ type: String, enum: ['MERGED', 'SPLIT_OFF', 'SPLIT_FROM', 'REFERENCE_CONFLICT', 'TICKET_CONFLICT'], description: '`REFERENCE_CONFLICT`: references name another conversation than the ticket has; `TICKET_CONFLICT`: an answer brought a ticket that another conversation has.' })
  kind: string;

  @ApiProperty({ type: String, nullable: true, description: 'The other conversation.' })
  otherId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The newest message that showed it.' })
  messageId: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true })
  actor: string | null;

  @ApiProperty({ type: 'integer', description: 'How often it was seen.' })
  count: number;

  @ApiProperty({ type: String, format: 'date-time' })
  happenedAt: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was seen last.' })
  lastAt: string;

  @ApiProperty({ type: Boolean, description: 'Somebody should look at it, and nobody has settled it yet.' })
  attention: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  settledBy: string | null;
}

export class ConversationEventPage {
  @ApiProperty({ type: [ConversationEvent] })
  items: ConversationEvent[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

/** One step of a conversation: look it up in `messages` or `deliveries`. */
export class TimelineEntry {
  @ApiProperty({ type: String, enum: ['message', 'delivery'] })
  kind: string;

  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;
}

export class ConversationDetail {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: [Ticket] })
  tickets: Ticket[];

  @ApiProperty({ type: [Lane] })
  lanes: Lane[];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What the conversation remembers.' })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  counters: Record<string, number>;

  @ApiProperty({ type: [MemoryChange], description: 'Newest first.' })
  memoryChanges: MemoryChange[];

  @ApiProperty({ type: [ConversationEvent], description: 'Merged, split, contradicted; newest first.' })
  events: ConversationEvent[];

  @ApiProperty({ type: [TimelineEntry], description: 'Messages and deliveries as they came about, oldest first; the newest 500 of each.' })
  timeline: TimelineEntry[];

  @ApiProperty({ type: [MessageSummary], description: 'Oldest first.' })
  messages: MessageSummary[];

  @ApiProperty({ type: [DeliveryDetail], description: 'Oldest first.' })
  deliveries: DeliveryDetail[];

  @ApiProperty({ type: [DelayedExecution], description: 'Newest first.' })
  delayed: DelayedExecution[];

  @ApiProperty({ type: [Attachment], description: 'Everything that came with its messages.' })
  attachments: Attachment[];
}

export class ConversationSummary {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: [Ticket] })
  tickets: Ticket[];
}

export class ConversationSummaries {
  @ApiProperty({ type: [ConversationSummary] })
  items: ConversationSummary[];
}
