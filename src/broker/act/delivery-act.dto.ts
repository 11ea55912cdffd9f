import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class EditDeliveryDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'The attributes to send instead, all of them.' })
  @IsOptional() @IsObject()
  attributes?: Record<string, unknown>;

  @ApiPropertyOptional({ type: String, description: 'The named schema of the outbound call to use instead; empty for none.' })
  @IsOptional() @IsString() @MaxLength(200)
  messageType?: string;

  @ApiPropertyOptional({ type: String, description: 'Why, for the audit log.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  reason?: string;
}

export class LinkDeliveryDto {
  /** Id of the ticket that exists in the target. */
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  ticketId: string;
}
