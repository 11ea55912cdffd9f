import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const MOST_BODY = 1_048_576;

/** An answer that was recorded, to be read as the endpoint's settings say. */
export class RecordedAnswerDto {
  @ApiProperty({ type: String })
  @IsString() @MaxLength(100)
  entityType: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'] })
  @IsIn(['CREATE', 'UPDATE'])
  operation: 'CREATE' | 'UPDATE';

  @ApiPropertyOptional({ type: String, description: 'Id of a step; the one whose answer counts without it.' })
  @IsOptional() @IsString() @MaxLength(60)
  step?: string;

  @ApiProperty({ type: Number, description: 'Status of the answer.' })
  @IsInt() @Min(100) @Max(599)
  status: number;

  @ApiPropertyOptional({ type: Object, additionalProperties: { type: 'string' } })
  @IsOptional() @IsObject()
  headers?: Record<string, string>;

  @ApiProperty({ type: String, description: 'The body as it came.' })
  @IsString() @MaxLength(MOST_BODY)
  body: string;
}

export class ReadAnswerDto {
  @ApiProperty({ type: String, enum: ['success', 'retryable', 'rejected', 'unknown', 'credentials'] })
  outcome: string;

  @ApiProperty({ type: String, nullable: true })
  ticketId: string | null;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Least time until the next try, as the answer asks.' })
  retryAfterMs: number | null;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'What response rules would see.' })
  attributes: Record<string, unknown>;
}

/** A request that was recorded, to be read as the endpoint's settings say. */
export class RecordedRequestDto {
  @ApiProperty({ type: String })
  @IsString() @MaxLength(100)
  entityType: string;

  @ApiProperty({ type: String, description: 'The body as it came.' })
  @IsString() @MaxLength(MOST_BODY)
  body: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(200)
  contentType?: string;

  @ApiPropertyOptional({ type: Object, additionalProperties: { type: 'string' } })
  @IsOptional() @IsObject()
  headers?: Record<string, string>;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(4_096)
  query?: string;
}

export class ReadRequestDto {
  @ApiProperty({ type: Boolean })
  ok: boolean;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What its signature comes to; null where it is in order or none is asked for.' })
  signature: string | null;

  @ApiProperty({ type: [Object], description: 'The messages that it would become.' })
  messages: Record<string, unknown>[];
}

export class DiscoveredAttributeDto {
  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, nullable: true })
  label: string | null;

  @ApiProperty({ type: String, nullable: true })
  type: string | null;

  @ApiProperty({ type: [String], description: 'The values that it may have; empty where any may stand, or where nothing is said.' })
  choices: string[];
}

export class DiscoveredDto {
  @ApiProperty({ type: [String] })
  entityTypes: string[];

  @ApiProperty({ type: [DiscoveredAttributeDto] })
  attributes: DiscoveredAttributeDto[];

  @ApiProperty({ enum: ['system', 'settings'], description: '`settings`: the system was not asked, since neither the kind nor the settings of the endpoint say where.' })
  from: 'system' | 'settings';
}

export class DescriptionDto {
  @ApiProperty({ type: String, maxLength: 1_048_576, description: 'The description (a WSDL) as a text.' })
  @IsString() @IsNotEmpty() @MaxLength(1_048_576)
  document: string;
}

export class ProposedFieldDto {
  @ApiProperty({ type: String, description: 'Attribute of the message that its place in the request reads.', example: 'ticket.subject' })
  name: string;

  @ApiProperty({ type: String, description: 'As the description calls it.', example: 'string' })
  type: string;

  @ApiProperty({ type: Boolean })
  isRequired: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether it may stand there several times; the request has it once.' })
  isList: boolean;

  @ApiProperty({ type: [String], description: 'The values that it may have; empty where any may stand.' })
  choices: string[];
}

export class ProposedOperationDto {
  @ApiProperty({ type: String, example: 'CreateTicket' })
  name: string;

  @ApiProperty({ type: String, description: 'Of the protocol.', example: '1.1' })
  version: string;

  @ApiProperty({ type: String, nullable: true, description: 'Where the description says that the service is.' })
  address: string | null;

  @ApiProperty({ type: String, enum: ['create', 'update', 'lookup'], nullable: true, description: 'What it is probably for, by its name.' })
  suggestedFor: 'create' | 'update' | 'lookup' | null;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'Settings of the call: what may stand as create, update or lookup of an entity type.' })
  request: Record<string, unknown>;

  @ApiProperty({ type: [ProposedFieldDto] })
  fields: ProposedFieldDto[];

  @ApiProperty({ type: [String], description: 'XPaths under which its answer may name the ticket, the most probable first.' })
  ticketIds: string[];
}

export class ProposedOperationsDto {
  @ApiProperty({ type: [ProposedOperationDto] })
  operations: ProposedOperationDto[];

  @ApiProperty({ type: Object, additionalProperties: { type: 'string' }, description: 'Prefixes that the requests use.' })
  namespaces: Record<string, string>;

  @ApiProperty({ type: [String], description: 'What the description refers to and could not be read, each with its reason.' })
  unread: string[];
}
