import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery, QueryFlag } from '../../web/index.js';

const MOST_IDS = 1_000;

export class UnmappedQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, description: 'Id of a rule.' })
  @IsOptional() @IsString() @MaxLength(64)
  rule?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Those that somebody has seen, instead of those that nobody has.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  seen: boolean = false;
}

export class UnmappedSeenDto {
  @ApiProperty({ type: [String], minItems: 1, maxItems: MOST_IDS })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_IDS) @Matches(/^[0-9a-f]{32}$/, { each: true })
  ids: string[];

  @ApiPropertyOptional({ type: Boolean, default: true, description: 'False: it wants attention again.' })
  @IsOptional() @IsBoolean()
  seen: boolean = true;
}

export class UnmappedValue {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  ruleId: string;

  @ApiProperty({ type: String, description: 'Its name now.' })
  rule: string;

  @ApiProperty({ type: 'integer', description: 'The version in which the table stands there.' })
  ruleVersion: number;

  @ApiProperty({ type: String, example: '/mappings/2', description: 'Where the table stands in that version, as a JSON pointer.' })
  mapping: string;

  @ApiProperty({ type: [String], description: 'Attributes that the table looks at.' })
  sources: string[];

  @ApiProperty({ type: [String], description: 'Attributes that it writes.' })
  targets: string[];

  @ApiProperty({ type: [String], description: 'What came, one text per source; cut after 200 characters, then it ends with `…`.' })
  values: string[];

  @ApiProperty({ type: Boolean, description: 'True: the table\'s defaults took the place of a row; false: nothing was written.' })
  hasDefault: boolean;

  @ApiProperty({ type: 'integer', description: 'How often, counted at most 10 seconds behind.' })
  count: number;

  @ApiProperty({ type: String, format: 'date-time' })
  firstAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  lastAt: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The latest message that brought them.' })
  messageId: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  seenAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  seenBy: string | null;
}

export class UnmappedValuePage {
  @ApiProperty({ type: [UnmappedValue], description: 'What came last first.' })
  items: UnmappedValue[];

  @ApiProperty({ type: String, nullable: true, description: 'Where to go on; null at the end.' })
  nextCursor: string | null;
}
