import { ApiProperty } from '@nestjs/swagger';
import { MemoryChange } from './conversation.dto.js';

export class RememberedMemory {
  @ApiProperty({ type: 'object', additionalProperties: true })
  attributes: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  counters: Record<string, number>;
}

/** The memory of a conversation around one of its messages. */
export class MessageMemory {
  @ApiProperty({ type: RememberedMemory, nullable: true, description: 'What its rules saw; null where what was received could not be read.' })
  before: RememberedMemory | null;

  @ApiProperty({ type: [MemoryChange], description: 'What rules changed with it, oldest first; executions that waited may have changed it later.' })
  changes: MemoryChange[];
}
