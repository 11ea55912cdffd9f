import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LONGEST_NOTE, MOST_MINUTES, MOST_WINDOWS, WEEKDAYS } from '../../core/delivery/read-maintenance.js';

/** A time in which nothing is sent: once (`from`, `to`), or every week (`weekdays`, `at`, `minutes`, `zone`). */
export class MaintenanceWindowDto {
  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'First instant, with its offset.' })
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'The instant from which on it is over.' })
  to?: string;

  @ApiPropertyOptional({ type: [String], enum: WEEKDAYS, description: 'The days on which it begins.' })
  weekdays?: (typeof WEEKDAYS)[number][];

  @ApiPropertyOptional({ type: String, example: '02:00', description: 'When it begins, by the clock of `zone`.' })
  at?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_MINUTES, description: 'How long it lasts.' })
  minutes?: number;

  @ApiPropertyOptional({ type: String, default: 'UTC', example: 'Europe/Helsinki' })
  zone?: string;

  @ApiPropertyOptional({ type: String, maxLength: LONGEST_NOTE, description: 'What it is for; shown wherever something waits for its end.' })
  note?: string;
}

/** What the windows mean now. */
export class MaintenanceStateDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'The end of the maintenance under way; null: there is none.' })
  until: string | null;

  @ApiProperty({ type: String, description: 'What it is for; else what the next one is for.' })
  note: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the next one begins.' })
  nextAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When that one ends.' })
  nextUntil: string | null;
}

export class MaintenanceWindowsDto {
  @ApiProperty({ type: [MaintenanceWindowDto], maxItems: MOST_WINDOWS })
  windows: MaintenanceWindowDto[];
}

export class MaintenanceDto extends MaintenanceWindowsDto {
  @ApiProperty({ type: MaintenanceStateDto })
  state: MaintenanceStateDto;
}
