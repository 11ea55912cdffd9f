import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

export class ConnectToolBody {
  @ApiProperty({ type: String, description: 'What the tool and its endpoint are called.', example: 'Service desk' })
  @IsString() @Length(1, 60)
  title: string;
}

export class ConnectedToolView {
  @ApiProperty({ type: String, description: 'Id of the endpoint that was made.' })
  endpoint: string;

  @ApiProperty({ type: String, description: 'Name of the tool.' })
  sandbox: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String, description: 'The page of the tool.' })
  page: string;
}

export class TestTicketBody {
  @ApiProperty({ type: String })
  @IsString() @Length(1, 300)
  title: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(10_000)
  description?: string;
}

export class TestTicketView {
  @ApiProperty({ type: String, description: 'The id that the tool gave it.' })
  ticketId: string;
}
