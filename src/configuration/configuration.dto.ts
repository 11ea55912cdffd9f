import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { QueryFlag } from '../web/index.js';

export class ApplyTemplateQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Answers the plan and does nothing.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  dryRun?: boolean;
}

export class ApplyQuery extends ApplyTemplateQuery {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Disables rules and suspends endpoints that the document does not name.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  prune?: boolean;

  @ApiPropertyOptional({ type: String, description: 'Why rules may be used although tests of theirs fail; for the audit log.' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(1_000)
  overrideTests?: string;
}

export class DifferenceDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the endpoint or rule.' })
  pointer: string;

  @ApiPropertyOptional({ type: Object, description: 'What stands there now; absent where nothing does. Any JSON value; secrets as their marks.' })
  before?: unknown;

  @ApiPropertyOptional({ type: Object, description: 'What will stand there; absent where nothing will.' })
  after?: unknown;
}

export class ChangeDto {
  @ApiProperty({ type: String, enum: ['endpoint', 'rule'] })
  kind: 'endpoint' | 'rule';

  @ApiProperty({ type: String, description: 'Id of the endpoint, or ruleId.' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, enum: ['create', 'update', 'none'] })
  action: 'create' | 'update' | 'none';

  @ApiProperty({ type: [DifferenceDto], description: 'What an update changes.' })
  differences: DifferenceDto[];
}

export class WarningDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the document.' })
  pointer: string;

  @ApiProperty({ type: String })
  detail: string;
}

/** What applying a document did, or would do. */
export class PlanDto {
  @ApiProperty({ type: Boolean, description: 'Whether nothing was done.' })
  dryRun: boolean;

  @ApiProperty({ type: [ChangeDto], description: 'In the order of the document; what was pruned comes last.' })
  changes: ChangeDto[];

  @ApiProperty({ type: [WarningDto] })
  warnings: WarningDto[];
}
