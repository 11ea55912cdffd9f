import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

export class RefusalQuery {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'The `next` of the page before.' })
  @IsOptional() @IsUUID()
  before?: string;
}

export class RefusalOfAllQuery extends RefusalQuery {
  @ApiPropertyOptional({ type: String, description: 'Endpoint that refused it.' })
  @IsOptional() @IsString() @MaxLength(64)
  endpoint?: string;
}

/** A request to an inbound address that was refused after its sender was known. */
export class RefusalDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it came.' })
  at: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: Number, description: 'What it was answered.', example: 403 })
  status: number;

  @ApiProperty({ type: String, description: 'The `code` of the answer; empty where it was refused before codes were kept.', example: 'address-not-allowed' })
  code: string;

  @ApiProperty({ type: String, description: 'Why, as its sender was told.' })
  reason: string;

  @ApiProperty({ type: String, description: 'Address that it came from; empty where it was refused before addresses were kept.' })
  address: string;

  @ApiProperty({ type: String, description: 'Of its body, as it said; empty where it did not.' })
  contentType: string;

  @ApiProperty({ type: Number, description: 'Bytes of its body that are kept: 64 kB at most, none where it was refused before its body was read.' })
  bytes: number;

  @ApiProperty({ type: Number, description: 'Bytes that its body had, as far as it was read.' })
  size: number;
}

export class RefusalsDto {
  @ApiProperty({ type: [RefusalDto] })
  items: RefusalDto[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'As `before` it gives the page behind this one; null where this is the last.' })
  next: string | null;
}

export class RefusalDetailDto extends RefusalDto {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'Without secrets.' })
  headers: Record<string, string>;

  @ApiProperty({ type: String, description: 'What is kept of its body, as text, without secrets.' })
  body: string;

  @ApiProperty({ type: Boolean, description: 'Whether there was more of it.' })
  truncated: boolean;
}
