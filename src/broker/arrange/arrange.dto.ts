import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { QueryFlag } from '../../web/index.js';

export class DryRunQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Tells what would happen; nothing is done.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  dryRun: boolean = false;
}

export class MergeDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'The conversation that stays.' })
  @IsUUID()
  into: string;

  @ApiPropertyOptional({ type: String, enum: ['STAYING', 'MERGED'], default: 'STAYING', description: 'Whose value counts where both remember something else. What only one remembers comes along.' })
  @IsOptional() @IsIn(['STAYING', 'MERGED'])
  memory: 'STAYING' | 'MERGED' = 'STAYING';

  @ApiPropertyOptional({ type: String, description: 'Why; kept in the history and in the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  reason?: string;
}

export class SplitDto {
  @ApiProperty({ type: String })
  @IsString() @MinLength(1) @MaxLength(64)
  endpoint: string;

  @ApiProperty({ type: String })
  @IsString() @MinLength(1) @MaxLength(200)
  entityType: string;

  @ApiProperty({ type: String, description: 'The ticket that gets a conversation of its own.' })
  @IsString() @MinLength(1) @MaxLength(512)
  ticketId: string;

  @ApiPropertyOptional({ type: String, description: 'Why; kept in the history and in the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  reason?: string;
}

export class ArrangeProblemView {
  @ApiProperty({ type: String })
  code: string;

  @ApiProperty({ type: String })
  detail: string;
}

export class ArrangedLane {
  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String, description: 'Folded.' })
  entityType: string;

  @ApiProperty({ type: String, nullable: true })
  ticketId: string | null;

  @ApiProperty({ type: 'integer', description: 'Deliveries that wait in it.' })
  waiting: number;

  @ApiProperty({ type: String, enum: ['MOVES', 'JOINS', 'ENDS'], description: '`MOVES`: goes along as it is; `JOINS`: what waits is sent after what waits in the other lane; `ENDS`: nothing waits, and the other conversation sends to its own ticket.' })
  move: string;
}

export class ArrangedTicket {
  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String, description: 'Folded.' })
  entityType: string;

  @ApiProperty({ type: String })
  ticketId: string;
}

export class ArrangedMemory {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'What the staying conversation remembers differently from then on: `kind`, `name`, `before`, `after`.' })
  taken: object[];

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'Where both remembered something else: `kind`, `name`, `kept`, `givenUp`.' })
  conflicts: object[];
}

export class Arrangement {
  @ApiProperty({ type: Boolean, description: 'Whether this only tells what would happen.' })
  dryRun: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether it had been done before: then nothing was done now.' })
  alreadyDone: boolean;

  @ApiProperty({ type: String, description: 'The conversation that it was asked for.' })
  from: string;

  @ApiProperty({ type: String, nullable: true, description: 'Where what moves is from then on; null: a new conversation that is not made yet.' })
  into: string | null;

  @ApiProperty({ type: [ArrangedTicket], description: 'Tickets whose messages go there from then on.' })
  tickets: ArrangedTicket[];

  @ApiProperty({ type: [ArrangedLane] })
  lanes: ArrangedLane[];

  @ApiProperty({ type: 'integer', description: 'Messages that go along, whatever their state.' })
  messages: number;

  @ApiProperty({ type: 'integer', description: 'Rule executions that wait and go along.' })
  delayed: number;

  @ApiProperty({ type: 'integer', description: 'Kept files that go along.' })
  attachments: number;

  @ApiProperty({ type: ArrangedMemory })
  memory: ArrangedMemory;

  @ApiProperty({ type: [ArrangeProblemView], description: 'Why it cannot be done as things are; nothing is done then.' })
  problems: ArrangeProblemView[];
}
