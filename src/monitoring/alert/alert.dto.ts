import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { PageQuery, QueryFlag } from '../../web/index.js';
import { ALERT_KIND_NAMES } from './alert-kind.js';
import { TRANSPORT_KINDS } from './transport/transports.js';

export class AlertQuery extends PageQuery {
  @ApiPropertyOptional({ type: Boolean, description: 'Only those that are not over.' })
  @IsOptional() @QueryFlag() @IsBoolean()
  open?: boolean;
}

export class AlertView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, description: 'A kind of the list of kinds; one of an older version may stand here.' })
  kind: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String, description: 'What to do about it.' })
  advice: string;

  @ApiProperty({ type: String, description: 'The endpoint it is about, or empty.' })
  subject: string;

  @ApiProperty({ type: String })
  detail: string;

  @ApiProperty({ type: Number })
  count: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the state began.' })
  since: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was told.' })
  raisedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  resolvedAt: string | null;
}

export class AlertListView {
  @ApiProperty({ type: [AlertView] })
  items: AlertView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class AlertKindView {
  @ApiProperty({ type: String })
  kind: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String })
  advice: string;

  @ApiProperty({ enum: ['organization', 'installation'] })
  scope: string;
}

export class AlertTargetDto {
  @ApiPropertyOptional({ type: [String], description: 'Of `mail`: addresses.' })
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsString({ each: true }) @MaxLength(254, { each: true })
  to?: string[];

  @ApiPropertyOptional({ type: String, description: 'Of `slack`, `teams`, `webhook`: the address of the hook.' })
  @IsOptional() @IsString() @MaxLength(2_000)
  url?: string;

  @ApiPropertyOptional({ type: String, description: 'Of `webhook`: what it is signed with (Standard Webhooks).' })
  @IsOptional() @IsString() @MaxLength(200)
  secret?: string;
}

export class AlertRouteInputDto {
  @ApiProperty({ type: String })
  @IsString() @Length(1, 100)
  name: string;

  @ApiProperty({ enum: TRANSPORT_KINDS })
  @IsIn(TRANSPORT_KINDS)
  kind: string;

  @ApiPropertyOptional({ type: AlertTargetDto, description: 'Never shown again. Left out at a change: as it was.' })
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AlertTargetDto)
  target?: AlertTargetDto;

  @ApiPropertyOptional({ enum: ALERT_KIND_NAMES, isArray: true, description: 'Empty: all.' })
  @IsOptional() @IsArray() @IsIn(ALERT_KIND_NAMES, { each: true })
  alertKinds?: string[];

  @ApiPropertyOptional({ type: Boolean, default: true })
  @IsOptional() @IsBoolean()
  enabled?: boolean;
}

export class AlertRouteView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ enum: TRANSPORT_KINDS })
  kind: string;

  @ApiProperty({ type: String, description: 'What of the target may be shown: addresses of people, the host of a hook.' })
  shown: string;

  @ApiProperty({ type: [String] })
  alertKinds: string[];

  @ApiProperty({ type: Boolean })
  enabled: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether the target said that it is theirs; before that nothing is sent there but a code.' })
  verified: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSentAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last one did not arrive.' })
  lastError: string | null;
}

export class AlertRouteListView {
  @ApiProperty({ type: [AlertRouteView] })
  items: AlertRouteView[];
}

export class AlertCodeDto {
  @ApiProperty({ type: String, example: '123456' })
  @Matches(/^\d{6}$/)
  code: string;
}
