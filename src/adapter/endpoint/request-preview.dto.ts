import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

/** A message that a rule would send. */
export class PreviewedMessageDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Id of the delivery, which is its key over there; zeros without one.' })
  @IsOptional() @IsUUID()
  id?: string;

  @ApiProperty({ type: String })
  @IsString() @MaxLength(200)
  entityType: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(200)
  messageType?: string;

  @ApiProperty({ type: String, enum: ['CREATE', 'UPDATE'] })
  @IsIn(['CREATE', 'UPDATE'])
  operation: 'CREATE' | 'UPDATE';

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The target\'s ticket id, of an update.' })
  @IsOptional() @IsString() @MaxLength(512)
  ticketId?: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As a simulation shows them.' })
  @IsObject()
  attributes: Record<string, unknown>;
}

export class RequestPreviewDto {
  @ApiProperty({ type: String, nullable: true })
  method: string | null;

  @ApiProperty({ type: String, nullable: true })
  url: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  headers: Record<string, string>;

  @ApiProperty({ type: String, description: 'Cut to 64 kB. Where no request can be made: the attributes, nested.' })
  body: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why no request can be made.' })
  problem: string | null;
}
