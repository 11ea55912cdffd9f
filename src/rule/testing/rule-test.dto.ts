import { ApiProperty } from '@nestjs/swagger';

export class RuleTestResultDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: Boolean })
  passed: boolean;

  @ApiProperty({ type: [String], description: 'What differed, one sentence each.' })
  explanation: string[];

  @ApiProperty({ type: [String], description: 'Keys of the test that mean nothing.' })
  warnings: string[];

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'What was decided, as a simulation shows it.' })
  decision: Record<string, unknown> | null;
}

export class RuleTestRunDto {
  @ApiProperty({ type: Number })
  passed: number;

  @ApiProperty({ type: Number })
  failed: number;

  @ApiProperty({ type: [RuleTestResultDto], description: 'In the order of the rule\'s `tests`.' })
  tests: RuleTestResultDto[];
}
