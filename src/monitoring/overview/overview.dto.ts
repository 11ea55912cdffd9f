import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';

export const OVERVIEW_HOURS = [1, 24, 168] as const;

export class OverviewQuery {
  @ApiPropertyOptional({ type: Number, enum: OVERVIEW_HOURS, default: 1, description: 'How far back the counts go.' })
  @IsOptional() @Type(() => Number) @IsIn(OVERVIEW_HOURS)
  hours?: (typeof OVERVIEW_HOURS)[number];
}

export class TrafficPointView {
  @ApiProperty({ type: String, format: 'date-time', description: 'Begin of the step.' })
  at: string;

  @ApiProperty({ type: Number })
  received: number;

  @ApiProperty({ type: Number })
  sent: number;

  @ApiProperty({ type: Number, description: 'Deliveries that were given up or refused.' })
  failed: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Half of the deliveries were done within this; null where none was.' })
  medianMs: number | null;

  @ApiProperty({ type: Number, nullable: true, description: '95 of 100 were.' })
  slowMs: number | null;
}

export class TrafficEdgeView {
  @ApiProperty({ type: String })
  source: string;

  @ApiProperty({ type: String })
  target: string;

  @ApiProperty({ type: Number })
  sent: number;

  @ApiProperty({ type: Number })
  failed: number;
}

export class EndpointStandingView {
  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: Number, description: 'Messages that came from it.' })
  received: number;

  @ApiProperty({ type: Number, description: 'Deliveries that it accepted.' })
  sent: number;

  @ApiProperty({ type: Number, description: 'Lanes with something to send now; counted to 1,000.' })
  ready: number;

  @ApiProperty({ type: Number })
  dead: number;

  @ApiProperty({ type: Number })
  held: number;

  @ApiProperty({ type: Number })
  retrying: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when the oldest of all that waits has been waiting.' })
  oldestWaitingAt: string | null;
}

export class ChangeView {
  @ApiProperty({ type: String })
  seq: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;

  @ApiProperty({ type: String })
  by: string;

  @ApiProperty({ type: String, example: 'rule.set-current' })
  action: string;

  @ApiProperty({ type: String, example: 'rule:0192…' })
  subject: string;

  @ApiProperty({ type: String, nullable: true, description: 'What was changed, by its name then; null where the log does not tell.' })
  name: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the change was, in the words of whoever made it.' })
  description: string | null;
}

export class OverviewView {
  @ApiProperty({ type: String, format: 'date-time' })
  from: string;

  @ApiProperty({ type: Number, description: 'Length of a step of `series`.' })
  stepMinutes: number;

  @ApiProperty({ type: [TrafficPointView], description: 'One entry per step up to now, steps without traffic included. Counted at most 20 s behind.' })
  series: TrafficPointView[];

  @ApiProperty({ type: [TrafficEdgeView] })
  edges: TrafficEdgeView[];

  @ApiProperty({ type: [EndpointStandingView] })
  endpoints: EndpointStandingView[];

  @ApiProperty({ type: [ChangeView], description: 'The latest changes of rules and endpoints.' })
  changes: ChangeView[];
}
