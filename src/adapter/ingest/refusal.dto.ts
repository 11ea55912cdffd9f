import { ApiProperty } from '@nestjs/swagger';

/** A request to an inbound address that was refused after its sender was known. */
export class RefusalDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it came.' })
  at: string;

  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: Number, description: 'What it was answered.', example: 403 })
  status: number;

  @ApiProperty({ type: String, description: 'Why, as its sender was told.' })
  reason: string;

  @ApiProperty({ type: String, description: 'Of its body, as it said; empty where it did not.' })
  contentType: string;

  @ApiProperty({ type: Number, description: 'Bytes of its body that are kept: 64 kB at most, none where it was refused before its body was read.' })
  bytes: number;
}

export class RefusalsDto {
  @ApiProperty({ type: [RefusalDto] })
  items: RefusalDto[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'As `before` it gives the page behind this one; null where this is the last.' })
  next: string | null;
}
