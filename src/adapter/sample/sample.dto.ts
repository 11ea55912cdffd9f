import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsObject, IsOptional, IsString, IsUUID, MaxLength, ValidateNested } from 'class-validator';
import { RecordedAnswerDto, RecordedRequestDto } from '../trial/trial.dto.js';

/** A request or an answer to keep: one of the four says which. */
export class NewSampleDto {
  @ApiProperty({ type: String, description: 'Unique at its endpoint; an earlier sample of this name is replaced.' })
  @IsString() @IsNotEmpty() @MaxLength(100)
  name: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Message whose request is kept, as it came.' })
  @IsOptional() @IsUUID()
  message?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Delivery whose last answer is kept, without its headers.' })
  @IsOptional() @IsUUID()
  delivery?: string;

  @ApiPropertyOptional({ type: RecordedRequestDto })
  @IsOptional() @ValidateNested() @Type(() => RecordedRequestDto)
  request?: RecordedRequestDto;

  @ApiPropertyOptional({ type: RecordedAnswerDto })
  @IsOptional() @ValidateNested() @Type(() => RecordedAnswerDto)
  answer?: RecordedAnswerDto;

  @ApiPropertyOptional({ type: Object, additionalProperties: true, description: 'What the settings should make of it; without it, what they make of it now.' })
  @IsOptional() @IsObject()
  expected?: Record<string, unknown>;
}

export class SampleDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, enum: ['request', 'answer'] })
  kind: 'request' | 'answer';

  @ApiProperty({ type: Object, additionalProperties: true, description: 'What was recorded, besides its body.' })
  recorded: Record<string, unknown>;

  @ApiProperty({ type: String, description: 'The body as text.' })
  body: string;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'What the settings should make of it.' })
  expected: Record<string, unknown>;

  @ApiProperty({ type: String, format: 'date-time' })
  savedAt: string;

  @ApiProperty({ type: String })
  savedBy: string;
}

export class SamplesDto {
  @ApiProperty({ type: [SampleDto] })
  items: SampleDto[];
}

/** Settings to run the samples against. */
export class SampleRunDto {
  @ApiPropertyOptional({ type: Object, additionalProperties: true, description: 'The endpoint as it may be saved; what it leaves out is as it is stored. The stored one without it.' })
  @IsOptional() @IsObject()
  endpoint?: Record<string, unknown>;
}

export class SampleResultDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: Boolean, description: 'Whether what the settings make of it is what is expected.' })
  ok: boolean;

  @ApiProperty({ type: [String], description: 'JSON pointers of what differs, the first twenty.' })
  differences: string[];

  @ApiProperty({ type: Object, additionalProperties: true })
  expected: Record<string, unknown>;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'What the settings make of it.' })
  found: Record<string, unknown>;
}

export class SampleResultsDto {
  @ApiProperty({ type: Boolean, description: 'Whether all of them came out as expected.' })
  ok: boolean;

  @ApiProperty({ type: [SampleResultDto] })
  items: SampleResultDto[];
}
