import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class ConnectionQuery {
  @ApiPropertyOptional({ type: String, description: 'Code with which somebody came back from the target; the answer has its sentence.' })
  @IsOptional() @IsString() @MaxLength(60)
  refused?: string;
}

/** Whether an endpoint works in the name of a person, and who that is. */
export class ConnectionDto {
  @ApiProperty({ type: Boolean, description: 'Whether the settings ask for the consent of a person.' })
  isNeeded: boolean;

  @ApiProperty({ type: String, enum: ['none', 'connected', 'refused'], description: '`refused`: the target has ended the consent.' })
  state: 'none' | 'connected' | 'refused';

  @ApiProperty({ type: String, nullable: true, description: 'To be registered at the target, exactly as it stands.' })
  redirectUri: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  connectedAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  connectedBy: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the tokens were last renewed.' })
  renewedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  refusedAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'One sentence: why it has to be connected, where that is known.' })
  reason: string | null;
}

export class ConnectionBegunDto {
  @ApiProperty({ type: String, description: 'Where to send the browser.' })
  url: string;
}
