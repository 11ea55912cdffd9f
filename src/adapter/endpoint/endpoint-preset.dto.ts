import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';

export class PresetConflictDto {
  @ApiProperty({ type: String, description: 'JSON pointer; entity types stand under their names.', example: '/entityTypes/Issue/operations/create/path' })
  pointer: string;

  @ApiPropertyOptional({ description: 'As it is at the endpoint; absent where it was taken away.' })
  mine?: unknown;

  @ApiPropertyOptional({ description: 'As the preset has it now; absent where it has it no more.' })
  theirs?: unknown;
}

/** What becomes of an endpoint that is moved to the present version of its preset. */
export class PresetMoveDto {
  @ApiProperty({ type: String })
  preset: string;

  @ApiProperty({ type: Number, description: 'Version that the endpoint was made from, or moved to last.' })
  from: number;

  @ApiProperty({ type: Number, description: 'Present version.' })
  to: number;

  @ApiProperty({ type: Boolean, description: 'Whether it is known what the preset said in the earlier version. Without that only what is new is taken by itself.' })
  isBaseKnown: boolean;

  @ApiProperty({ type: [String], description: 'JSON pointers of what the preset changes; entity types stand under their names.' })
  taken: string[];

  @ApiProperty({ type: [PresetConflictDto], description: 'What was changed here and in the preset. It stays as it is here, unless its pointer is given.' })
  conflicts: PresetConflictDto[];

  @ApiProperty({ type: Object, additionalProperties: true, description: 'settings and entityTypes as they will be, without secrets, which stay.' })
  endpoint: Record<string, unknown>;
}

export class PresetMoveRequestDto {
  @ApiPropertyOptional({ type: [String], description: 'Pointers of conflicts in which the preset is right.' })
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @IsString({ each: true }) @MaxLength(2_000, { each: true })
  take?: string[];
}
