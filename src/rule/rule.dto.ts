import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery, QueryFlag } from '../web/index.js';

/** Query of the list of rules. */
export class RuleListQuery extends PageQuery {
  @ApiPropertyOptional({ type: Boolean, description: 'Only rules that are switched on (or off).' })
  @IsOptional() @QueryFlag() @IsBoolean()
  enabled?: boolean;
}

/** A rule in the list: what its current version does, in short. */
export class RuleSummaryDto {
  @ApiProperty({ type: String, description: 'Stable over versions.' })
  ruleId: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: Boolean, description: 'Whether the rule takes part.' })
  enabled: boolean;

  @ApiProperty({ type: Number, description: 'The version in use.' })
  currentVersion: number;

  @ApiProperty({ type: Number, description: 'The newest version.' })
  lastVersion: number;

  @ApiProperty({ type: String, enum: ['ROUTE', 'DROP', 'PROCESS_ONLY'] })
  action: string;

  @ApiProperty({ type: Number, description: 'Higher comes first.' })
  priority: number;

  @ApiProperty({ type: String, description: 'Endpoint that messages come from.' })
  sourceSystemId: string;

  @ApiProperty({ type: String })
  sourceEntityType: string;

  @ApiProperty({ type: String, description: 'Endpoint that messages go to; empty where nothing is sent.' })
  targetSystemId: string;

  @ApiProperty({ type: String })
  targetEntityType: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE', 'ALL', 'RESPONSE_TO_CREATE', 'RESPONSE_TO_UPDATE'] })
  targetCondition: string;

  @ApiProperty({ type: String, enum: ['SUCCESS', 'ERROR'], nullable: true, description: 'Of a response rule: which answers it hears; null for both.' })
  responseStatus: 'SUCCESS' | 'ERROR' | null;

  @ApiProperty({ type: String, description: 'What the current version changed.' })
  changeDescription: string;

  @ApiProperty({ type: String, nullable: true, description: 'Who saved the current version.' })
  changedBy: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class RulePageDto {
  @ApiProperty({ type: [RuleSummaryDto] })
  items: RuleSummaryDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}

/** A version in the list of a rule's versions. */
export class RuleVersionDto {
  @ApiProperty({ type: Number })
  version: number;

  @ApiProperty({ type: Boolean, description: 'Whether this is the version in use.' })
  current: boolean;

  @ApiProperty({ type: String, description: 'The name of the rule in this version.' })
  name: string;

  @ApiProperty({ type: String })
  changeDescription: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, nullable: true })
  createdBy: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was last made current.' })
  activatedAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  activatedBy: string | null;
}

export class RuleVersionsDto {
  @ApiProperty({ type: [RuleVersionDto], description: 'Newest first.' })
  items: RuleVersionDto[];
}

/** Query of whatever puts a version into use. */
export class UseQuery {
  @ApiPropertyOptional({ type: String, description: 'Why the version may be used although tests of the rule fail; for the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  overrideTests?: string;
}

export class SetCurrentDto extends UseQuery {
  @ApiPropertyOptional({ type: String, description: 'Why, for the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  reason?: string;
}

export class CloneRuleDto {
  @ApiPropertyOptional({ type: String, description: 'Name of the copy.' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(300)
  name?: string;
}

export class ImportQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only tells what would come back; nothing is imported.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  dryRun?: boolean;
}

/** Something that an imported rule names and that does not exist here; it was imported all the same, disabled. */
export class ImportProblemDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the rule.' })
  pointer: string;

  @ApiProperty({ type: String })
  detail: string;
}

export class ImportedRuleDto {
  @ApiProperty({ type: String })
  ruleId: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: Number })
  version: number;

  @ApiProperty({ type: [ImportProblemDto], description: 'What must be put right before it can be enabled.' })
  problems: ImportProblemDto[];
}

/** One thing that was done to a rule. */
export class RuleHistoryEntryDto {
  @ApiProperty({ type: String, description: 'Place in the audit log.' })
  seq: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;

  @ApiProperty({ type: String, description: 'E-mail address of the person, or name of the key.' })
  by: string;

  @ApiProperty({ enum: ['person', 'api-key', 'system'] })
  byKind: string;

  @ApiProperty({ type: String, enum: ['rule.create', 'rule.save-version', 'rule.set-current', 'rule.enable', 'rule.disable', 'rule.delete'] })
  action: string;

  @ApiProperty({ type: Number, nullable: true, description: 'The version it was done to or that it made.' })
  version: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'What a saved version changes.' })
  changeDescription: string | null;

  @ApiProperty({ type: Object, description: 'Everything else that the audit log says: reasons, the version before, tests that were overruled.' })
  details: Readonly<Record<string, unknown>>;
}

export class RuleHistoryDto {
  @ApiProperty({ type: [RuleHistoryEntryDto], description: 'Newest first.' })
  items: RuleHistoryEntryDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}

export class ImportResultDto {
  @ApiProperty({ type: [ImportedRuleDto], description: 'In the order of the file; all disabled.' })
  items: ImportedRuleDto[];
}
