import { ApiProperty } from '@nestjs/swagger';

export class StageView {
  @ApiProperty({ type: String, enum: ['normalize', 'route', 'deliver'] })
  stage: 'normalize' | 'route' | 'deliver';

  @ApiProperty({ type: Number, description: 'Lanes with something to do now that nobody has taken; counted to 100,000.' })
  ready: number;

  @ApiProperty({ type: Number, description: 'How long the oldest of them has been ready.' })
  oldestSeconds: number;

  @ApiProperty({ type: Number, description: 'What this process has in hand.' })
  inHand: number;
}

export class SystemView {
  @ApiProperty({ type: String })
  version: string;

  @ApiProperty({ type: String })
  nodeVersion: string;

  @ApiProperty({ type: String, enum: ['all', 'web', 'worker'], description: 'What the process that answers does.' })
  role: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When that process started.' })
  startedAt: string;

  @ApiProperty({ type: String, enum: ['ok', 'unavailable'] })
  postgres: string;

  @ApiProperty({ type: String })
  postgresVersion: string;

  @ApiProperty({ type: Number })
  databaseBytes: number;

  @ApiProperty({ type: String, enum: ['ok', 'degraded', 'not used'] })
  redis: string;

  @ApiProperty({ type: Number, description: 'Delayed executions that wait; counted to 100,000.' })
  delayed: number;

  @ApiProperty({ type: [StageView] })
  stages: StageView[];
}
