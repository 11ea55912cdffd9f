import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../web/index.js';

export class AuditQuery {
  @ApiPropertyOptional({ type: String, description: 'Part of the name of whoever did it, in any case.' })
  @IsOptional() @IsString() @MaxLength(254)
  actor?: string;

  @ApiPropertyOptional({ type: String, description: 'A whole action, or the word before its first dot.', example: 'rule' })
  @IsOptional() @IsString() @MaxLength(100)
  action?: string;

  @ApiPropertyOptional({ type: String, description: 'Part of what was acted on: its kind or its id.' })
  @IsOptional() @IsString() @MaxLength(300)
  subject?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Done at this instant or later.' })
  @IsOptional() @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Done before this instant.' })
  @IsOptional() @IsISO8601({ strict: true })
  to?: string;
}

export class AuditListQuery extends IntersectionType(PageQuery, AuditQuery) {}

export class AuditExportQuery extends AuditQuery {
  @ApiPropertyOptional({ enum: ['csv', 'ndjson'], default: 'ndjson', description: '`ndjson`: one entry of JSON per line, with both hashes; `csv`: for spreadsheets.' })
  @IsOptional() @IsIn(['csv', 'ndjson'])
  format: 'csv' | 'ndjson' = 'ndjson';
}

export class AuditEntryView {
  @ApiProperty({ type: String, description: 'Place in the organization\'s log, from 1.' })
  seq: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;

  @ApiProperty({ enum: ['person', 'api-key', 'system'] })
  actorKind: string;

  @ApiProperty({ type: String })
  actorId: string;

  @ApiProperty({ type: String, description: 'E-mail address of the person, or name of the key.' })
  actorName: string;

  @ApiProperty({ type: String, example: 'api-key.create' })
  action: string;

  @ApiProperty({ type: String, example: 'api-key:0198…', description: 'Kind and id of what was acted on.' })
  subject: string;

  @ApiProperty({ type: Object })
  details: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: String, description: 'SHA-256 over this entry and the hash of the one before, in hexadecimal.' })
  hash: string;
}

export class AuditListView {
  @ApiProperty({ type: [AuditEntryView] })
  items: AuditEntryView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class AuditCheckView {
  @ApiProperty({ type: Boolean, description: 'Whether the chain is whole.' })
  intact: boolean;

  @ApiProperty({ type: Number, nullable: true, description: 'Entries of a whole chain.' })
  entries: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Older entries that are not kept any more; the chain begins after them.' })
  forgotten: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first place at which it is broken.' })
  brokenAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;
}
