import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { BULK_ACTIONS, type BulkAction } from './rule-bulk.service.js';
import { RuleSummaryDto } from './rule.dto.js';

const MOST_RULES = 1_000;

export class RuleIdsDto {
  @ApiProperty({ type: [String], minItems: 1, maxItems: MOST_RULES })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_RULES) @ArrayUnique() @IsString({ each: true }) @MaxLength(100, { each: true })
  ruleIds: string[];
}

export class RuleBulkDto extends RuleIdsDto {
  @ApiProperty({ type: String, enum: BULK_ACTIONS })
  @IsIn(BULK_ACTIONS)
  action: BulkAction;

  @ApiPropertyOptional({ type: String, description: 'Why rules may be switched on although tests of theirs fail; for the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  overrideTests?: string;
}

export class RuleBulkResultDto {
  @ApiProperty({ type: [RuleSummaryDto], description: 'The rules as they are now, of deleted ones as they were; in the order that was asked for.' })
  items: RuleSummaryDto[];
}
