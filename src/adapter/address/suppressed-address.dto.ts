import { ApiProperty } from '@nestjs/swagger';

/** An address that nothing is sent to any more. */
export class SuppressedAddressDto {
  @ApiProperty({ type: String, example: 'anna@partner.example' })
  address: string;

  @ApiProperty({ type: String, description: 'What the mail system said last.' })
  reason: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Deliveries that came back from there, one after the other.' })
  bounces: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the first of them came back.' })
  firstAt: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the last one came back.' })
  lastAt: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'Since when nothing is sent there.' })
  suppressedAt: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The delivery that came back last.' })
  deliveryId: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The message that it was made of; null where it is not kept any more.' })
  messageId: string | null;
}

export class SuppressedAddressesDto {
  @ApiProperty({ type: [SuppressedAddressDto] })
  items: SuppressedAddressDto[];

  @ApiProperty({ type: String, nullable: true, description: 'What to give as `after` for the next page; null: this was the last.' })
  next: string | null;
}
