import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';

export class ShownDaysDto {
  @ApiProperty({ type: 'integer', nullable: true, minimum: 1, maximum: 36_500, description: 'Days of messages and deliveries that this organization\'s people see; null: all that is kept. What is open is always shown.' })
  @ValidateIf((body: ShownDaysDto) => body.shownDays !== null) @IsInt() @Min(1) @Max(36_500)
  shownDays: number | null;
}

export class RetentionDto extends ShownDaysDto {
  @ApiProperty({ type: 'integer', description: 'Days that messages are kept by this installation, in whole weeks; 0: for ever.' })
  messageDays: number;

  @ApiProperty({ type: 'integer', description: 'Days after which a dead delivery that nobody retried or skipped goes too; 0: never.' })
  deadDays: number;

  @ApiProperty({ type: 'integer', description: 'Days that entries of the audit log are kept; 0: for ever.' })
  auditDays: number;
}
