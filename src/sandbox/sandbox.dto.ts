import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, IsString, IsUrl, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { NO_FAULTS, type Faults } from './faults.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const PREFIX = /^[A-Z][A-Z0-9]{0,9}$/;

const Words = (description: string): PropertyDecorator => (target, key) => {
  ApiPropertyOptional({ type: [String], description })(target, key);
  IsOptional()(target, key);
  IsArray()(target, key);
  ArrayMinSize(1)(target, key);
  ArrayMaxSize(50)(target, key);
  ArrayUnique()(target, key);
  IsString({ each: true })(target, key);
  Length(1, 100, { each: true })(target, key);
};

export class SandboxOptionsBody {
  @Words('States of a ticket; the first is a new one\'s.')
  states?: string[];

  @Words('Priorities; the last is a new ticket\'s.')
  priorities?: string[];

  @Words('Groups that the page offers; others are taken too.')
  groups?: string[];

  @ApiPropertyOptional({ type: String, description: 'Who changes made with the token alone are made by.' })
  @IsOptional() @IsString() @Length(1, 100)
  integrationUser?: string;

  @ApiPropertyOptional({ enum: ['ack', 'refuse'], description: 'What an API update of a locked ticket gets: 200 and a refusal by webhook a moment later, or 423.' })
  @IsOptional() @IsIn(['ack', 'refuse'])
  lockAnswer?: 'ack' | 'refuse';

  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: 600_000, description: 'Milliseconds until that webhook is sent.' })
  @IsOptional() @IsInt() @Min(0) @Max(600_000)
  ackDelayMs?: number;
}

export class SandboxWebhookBody {
  @ApiProperty({ type: String, description: 'Address that is told of every change.' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true }) @MaxLength(2_000)
  url: string;

  @ApiPropertyOptional({ type: String, description: 'Key of the signature; `whsec_` announces base64. Generated where it is left out.' })
  @IsOptional() @IsString() @Length(16, 200)
  secret?: string;

  @ApiPropertyOptional({ type: String, description: 'User name, where the receiver asks for one: an inbound address asks for the endpoint\'s id.' })
  @IsOptional() @IsString() @Length(1, 200)
  username?: string;

  @ApiPropertyOptional({ type: String, format: 'password' })
  @IsOptional() @IsString() @Length(1, 500)
  password?: string;
}

export class SandboxChangeBody {
  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @Length(1, 100)
  title?: string;

  @ApiPropertyOptional({ type: String, description: 'Of ticket ids: A gives A-1001.' })
  @IsOptional() @Matches(PREFIX)
  prefix?: string;

  @ApiPropertyOptional({ type: String, description: 'API token; generated where it is left out.' })
  @IsOptional() @IsString() @Length(16, 200)
  token?: string;

  @ApiPropertyOptional({ type: SandboxWebhookBody, nullable: true })
  @IsOptional() @ValidateNested() @Type(() => SandboxWebhookBody)
  webhook?: SandboxWebhookBody;

  @ApiPropertyOptional({ type: SandboxOptionsBody })
  @IsOptional() @ValidateNested() @Type(() => SandboxOptionsBody)
  options?: SandboxOptionsBody;
}

export class NewSandboxBody extends SandboxChangeBody {
  @ApiProperty({ type: String, description: 'Stands in its address; one for the whole installation.', example: 'tool-a' })
  @Matches(NAME)
  name: string;
}

export class SandboxView {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String })
  prefix: string;

  @ApiProperty({ type: String, description: 'Its page.' })
  page: string;

  @ApiProperty({ type: String, description: 'Its REST API.' })
  api: string;

  @ApiProperty({ type: String, nullable: true })
  webhookUrl: string | null;

  @ApiProperty({ type: SandboxOptionsBody })
  options: SandboxOptionsBody;

  @ApiProperty({ type: 'object', additionalProperties: true, example: NO_FAULTS })
  faults: Faults;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;
}

export class MadeSandboxView extends SandboxView {
  @ApiProperty({ type: String, description: 'API token; shown this once.' })
  token: string;

  @ApiProperty({ type: String, description: 'Key of the webhooks\' signature; shown this once.' })
  webhookSecret: string;
}

export class SandboxListView {
  @ApiProperty({ type: [SandboxView] })
  items: SandboxView[];

  @ApiPropertyOptional({ type: String, nullable: true })
  nextCursor: string | null;
}
