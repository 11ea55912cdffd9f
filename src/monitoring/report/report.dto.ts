import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { AGREED_SECONDS } from '../../store/report/steps.js';

const MONTH = /^20\d\d-(?:0[1-9]|1[0-2])$/;

export class ServiceLevelQuery {
  @ApiPropertyOptional({ type: String, pattern: MONTH.source, description: 'The first month; absent: two months before the last.' })
  @IsOptional() @Matches(MONTH)
  from?: string;

  @ApiPropertyOptional({ type: String, pattern: MONTH.source, description: 'The last month; absent: the running one. At most 36 months.' })
  @IsOptional() @Matches(MONTH)
  to?: string;

  @ApiPropertyOptional({ type: String, default: 'UTC', description: 'Time zone by whose clock months begin: an IANA name, `UTC`, or `UTC+3`.', example: 'Europe/Berlin' })
  @IsOptional() @IsString() @MaxLength(60)
  zone?: string;

  @ApiPropertyOptional({ type: Number, enum: AGREED_SECONDS, default: 60, description: 'The agreed time from accepted to delivered, in seconds.' })
  @IsOptional() @Type(() => Number) @IsIn(AGREED_SECONDS)
  within?: (typeof AGREED_SECONDS)[number];

  @ApiPropertyOptional({ type: String, description: 'Only from this endpoint.' })
  @IsOptional() @IsString() @MaxLength(200)
  source?: string;

  @ApiPropertyOptional({ type: String, description: 'Only to this endpoint.' })
  @IsOptional() @IsString() @MaxLength(200)
  target?: string;
}

export class StoodStillView {
  @ApiProperty({ type: Number, description: 'Somebody had suspended it.' })
  suspended: number;

  @ApiProperty({ type: Number, description: 'It was in maintenance.' })
  maintenance: number;

  @ApiProperty({ type: Number, description: 'It refused our credentials.' })
  credentials: number;

  @ApiProperty({ type: Number, description: 'It failed as a whole: its circuit was open.' })
  circuit: number;
}

export class PairLevelView {
  @ApiProperty({ type: String })
  source: string;

  @ApiProperty({ type: String })
  target: string;

  @ApiProperty({ type: Number, description: 'Messages accepted from the source in the month, whether they went to this target or not.' })
  accepted: number;

  @ApiProperty({ type: Number, description: 'Deliveries made in the month, whatever became of them.' })
  deliveries: number;

  @ApiProperty({ type: Number })
  sent: number;

  @ApiProperty({ type: Number, description: 'Given up, and not retried or skipped since.' })
  dead: number;

  @ApiProperty({ type: Number, description: 'Stopped until somebody decides.' })
  held: number;

  @ApiProperty({ type: Number, description: 'On their way, or to be tried again.' })
  waiting: number;

  @ApiProperty({ type: Number, description: 'Skipped or cancelled by somebody.' })
  skipped: number;

  @ApiProperty({ type: Number, description: 'Attempts after the first.' })
  retries: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Part of `sent` in sent, dead and held; null where there is none of them.' })
  sentShare: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Half of the sent ones took no longer from accepted to delivered (the accepted time is that of the request). Read off steps: exact to the step.' })
  medianMs: number | null;

  @ApiProperty({ type: Number, nullable: true, description: '95 of 100.' })
  slowMs: number | null;

  @ApiProperty({ type: Number, nullable: true, description: '99 of 100.' })
  slowestMs: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Part of the sent ones that were delivered within the agreed time; exact.' })
  withinShare: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'The same without what they waited while the target stood still.' })
  withinOwnShare: number | null;

  @ApiProperty({ type: StoodStillView, description: 'Seconds that deliveries waited while the target stood still, all deliveries added up, by why.' })
  stood: StoodStillView;
}

export class AcceptedView {
  @ApiProperty({ type: String })
  source: string;

  @ApiProperty({ type: Number })
  accepted: number;
}

export class MonthView {
  @ApiProperty({ type: String, example: '2026-05' })
  month: string;

  @ApiProperty({ type: String, format: 'date-time' })
  from: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'The first instant after it.' })
  until: string;

  @ApiProperty({ type: Boolean, description: 'Whether it is not over.' })
  isRunning: boolean;

  @ApiProperty({ type: [AcceptedView], description: 'Messages accepted, per source; answers of targets are none.' })
  accepted: AcceptedView[];

  @ApiProperty({ type: [PairLevelView], description: 'Busiest first. Empty where nothing was sent.' })
  pairs: PairLevelView[];
}

export class ServiceLevelView {
  @ApiProperty({ type: String })
  zone: string;

  @ApiProperty({ type: Number })
  withinSeconds: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Until when deliveries are counted; null: counting has not begun.' })
  countedUntil: string | null;

  @ApiProperty({ type: [MonthView], description: 'Newest first; a month without anything is there, and empty.' })
  months: MonthView[];
}
