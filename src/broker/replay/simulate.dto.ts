import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const FREE = { type: 'object', additionalProperties: true } as const;

export class SimulatedOutboundDto {
  @ApiProperty({ type: String, description: 'Name of the rule.' })
  rule: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String })
  messageType: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'] })
  operation: string;

  @ApiProperty({ ...FREE })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: [String], description: 'By name.' })
  attachments: string[];
}

export class SimulatedDelayDto {
  @ApiProperty({ type: String, description: 'Name of the rule.' })
  rule: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  dueAt: string | null;

  @ApiProperty({ type: 'array', items: { ...FREE }, description: '`type`: `Time`, `ConversationAttribute`, `TicketId` or `Order`, and what belongs to it.' })
  waitingFor: unknown[];
}

export class SimulatedMemoryDto {
  @ApiProperty({ ...FREE })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  counters: Record<string, number>;

  @ApiProperty({ type: [String] })
  attachments: string[];
}

/** What became of a past message when it came. */
export class SimulatedPastDto {
  @ApiProperty({ type: String, format: 'uuid' })
  messageId: string;

  @ApiProperty({ type: String })
  state: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time', description: 'When rules decided about it: the `now` of the simulation.' })
  at: string;
}

/** What the rules decide; the same shape as a case's `expect`, plus the trace. */
export class SimulationDto {
  @ApiProperty({ type: String, enum: ['ROUTED', 'DELAYED', 'DROPPED', 'NO_ROUTE', 'FAILED'] })
  outcome: string;

  @ApiPropertyOptional({ type: String, description: 'Why executions failed.' })
  error?: string;

  @ApiProperty({ type: [SimulatedOutboundDto] })
  outbound: SimulatedOutboundDto[];

  @ApiProperty({ type: [SimulatedDelayDto] })
  delayed: SimulatedDelayDto[];

  @ApiProperty({ type: SimulatedMemoryDto, description: 'The conversation afterwards.' })
  conversation: SimulatedMemoryDto;

  @ApiProperty({ type: 'array', items: { ...FREE }, description: 'Translations that are missing.' })
  needs: unknown[];

  @ApiProperty({ ...FREE, description: 'Executed, delayed, failed and dropped rules, the nearest misses with their reasons, and a count per reason.' })
  trace: Record<string, unknown>;

  @ApiProperty({ type: [String], description: 'Keys of the case that mean nothing.' })
  warnings: string[];

  @ApiPropertyOptional({ type: SimulatedPastDto, description: 'Of a past message.' })
  past?: SimulatedPastDto;

  @ApiPropertyOptional({ ...FREE, description: 'Of a past message: the same as a case file, which can be kept as a test.' })
  case?: Record<string, unknown>;
}
