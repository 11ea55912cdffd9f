import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** How the polling of one channel stands. */
export class PollDto {
  @ApiProperty({ type: String, description: 'What is polled: an entity type, a mailbox.' })
  channel: string;

  @ApiProperty({ type: Number, description: 'Pause between two polls, in milliseconds.' })
  everyMs: number;

  @ApiProperty({ type: Boolean, description: 'Whether an instance owns it at the moment: polls, or waits for news.' })
  running: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it is polled next; null where it is not: the endpoint is suspended, paused or in maintenance.' })
  nextAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastPollAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSuccessAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last poll failed, or what it could not fetch.' })
  lastError: string | null;

  @ApiProperty({ type: Number })
  failuresInRow: number;

  @ApiProperty({ type: Number, description: 'Items that the last page brought and that were new.' })
  lastCount: number;

  @ApiProperty({ type: Number, description: 'Items that were new, of all polls.' })
  fetched: number;

  @ApiProperty({ nullable: true, description: 'Where the next poll goes on; its form is the adapter\'s. Null: at the beginning.' })
  cursor: unknown;
}

export class PollsDto {
  @ApiProperty({ type: [PollDto] })
  items: PollDto[];
}

export class PollCursorDto {
  @ApiProperty({ nullable: true, description: 'A cursor as it was read before; null begins at the beginning.' })
  cursor: unknown;
}

/** An item that a preview fetched, and what would become of it. */
export class PreviewedItemDto {
  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, description: 'Tells this state of this item from all others.' })
  repeatKey: string;

  @ApiProperty({ type: String })
  contentType: string;

  @ApiProperty({ type: String, description: 'The first 16 kB of what was fetched, as text.' })
  body: string;

  @ApiProperty({ type: [Object], description: 'The messages that it would become.' })
  messages: Record<string, unknown>[];

  @ApiProperty({ type: String, nullable: true, description: 'Why it cannot be read.' })
  error: string | null;
}

export class PollPreviewDto {
  @ApiProperty({ type: Boolean })
  ok: boolean;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;

  @ApiProperty({ type: Number, description: 'Items on this page.' })
  count: number;

  @ApiProperty({ type: [PreviewedItemDto], description: 'The first 20 of them.' })
  items: PreviewedItemDto[];

  @ApiProperty({ nullable: true, description: 'Where a poll would go on.' })
  cursor: unknown;

  @ApiPropertyOptional({ type: Boolean, description: 'Whether there is another page.' })
  more?: boolean;
}
