import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, IsUUID, MaxLength, ValidateNested } from 'class-validator';
import { BULK_OUTCOMES } from '../../store/bulk/bulk-item.store.js';
import { BULK_STATES } from '../../store/bulk/bulk-operation.store.js';
import { PageQuery } from '../../web/index.js';
import { DelayFilterDto, MessageFilterDto, MessageSearchDto } from '../feed/filter.dto.js';
import { BULK_ACTIONS, MOST_ITEMS } from './bulk-action.js';

const ACTIONS = BULK_ACTIONS.map(({ name }) => name);
const MOST_IDS = 1_000;
/** What can be acted on: deliveries that wait, messages that failed, executions that wait for their delay. */
const STATUSES = [...new Set(BULK_ACTIONS.flatMap(({ states }) => states))];
const OPEN = 'OPEN';

/** As the lists are narrowed. By `ticketId`, `text`, `conversationAttribute` only messages are found, by `waitsFor`, `dueFrom`, `dueBefore` only delayed executions, by `rule` no deliveries, by `messages` nothing else. */
export class BulkFilterDto extends IntersectionType(MessageFilterDto, DelayFilterDto) {
  @ApiPropertyOptional({ type: String, enum: STATUSES, description: 'Of deliveries; without it all that wait. Of messages it is always FAILED, of delayed executions WAITING.' })
  @IsOptional() @IsIn(STATUSES)
  status?: string;

  @ApiPropertyOptional({ type: MessageSearchDto, description: 'Of deliveries: those of the messages that this finds, as the feed finds them. Beside it only `status`, `endpoint` and `entityType` narrow.' })
  @IsOptional() @ValidateNested() @Type(() => MessageSearchDto)
  messages?: MessageSearchDto;
}

export class BulkPlanDto {
  @ApiProperty({ type: String, enum: ACTIONS })
  @IsIn(ACTIONS)
  action: string;

  @ApiPropertyOptional({ type: [String], format: 'uuid', minItems: 1, maxItems: MOST_IDS, description: 'These ones. Either this or `filter`.' })
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_IDS) @IsUUID(undefined, { each: true })
  ids?: string[];

  @ApiPropertyOptional({ type: BulkFilterDto, description: 'Everything that this finds, however much; an empty one finds all that waits. Of a delivery or a delayed execution `endpoint` is where it goes to, `from` and `to` say when it was made.' })
  @IsOptional() @ValidateNested() @Type(() => BulkFilterDto)
  filter?: BulkFilterDto;
}

export class BulkStartDto {
  @ApiPropertyOptional({ type: String, description: 'The plan\'s `confirmation`, where it has one.' })
  @IsOptional() @IsString() @MaxLength(100)
  confirmation?: string;
}

export class BulkItemQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, enum: [...BULK_OUTCOMES, OPEN], description: 'Only those that came to this; `OPEN`: whose turn has not come.' })
  @IsOptional() @IsIn([...BULK_OUTCOMES, OPEN])
  outcome?: (typeof BULK_OUTCOMES)[number] | typeof OPEN;
}

export class BulkGroupDto {
  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String, description: 'State when it was planned.' })
  state: string;

  @ApiProperty({ type: String, description: 'Why it was in that state; empty where nobody said.' })
  reason: string;

  @ApiProperty({ type: 'integer' })
  count: number;
}

export class BulkItemDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'The delivery, message or delayed execution.' })
  id: string;

  @ApiProperty({ type: String })
  endpoint: string;

  @ApiProperty({ type: String, description: 'State when it was planned.' })
  stateThen: string;

  @ApiProperty({ type: String, description: 'Why it was in that state.' })
  reasonThen: string;

  @ApiProperty({ type: String, enum: BULK_OUTCOMES, nullable: true, description: 'Null: its turn has not come.' })
  outcome: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, was skipped or still waits.' })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class BulkItemPage {
  @ApiProperty({ type: [BulkItemDto] })
  items: BulkItemDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class BulkSummary {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, enum: ACTIONS })
  action: string;

  @ApiProperty({ type: String, enum: BULK_STATES, description: '`PLANNING`: still being counted. `PLANNED`: nothing is done until it is started.' })
  state: string;

  @ApiProperty({ type: 'integer', description: `Deliveries, messages or delayed executions that it is about; at most ${MOST_ITEMS.toLocaleString('en')}.` })
  total: number;

  @ApiProperty({ type: 'integer' })
  done: number;

  @ApiProperty({ type: 'integer' })
  failed: number;

  @ApiProperty({ type: 'integer', description: 'Not touched, since their state had changed or does not allow it.' })
  skipped: number;

  @ApiProperty({ type: String })
  createdBy: string;

  @ApiProperty({ type: String, nullable: true })
  startedBy: string | null;

  @ApiProperty({ type: String, nullable: true })
  cancelledBy: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class BulkDetail extends BulkSummary {
  @ApiProperty({ type: BulkPlanDto, description: 'What it was asked for.' })
  selection: Omit<BulkPlanDto, 'action'>;

  @ApiProperty({ type: String, description: 'SHA-256 over the act and its selection: the same question has the same.' })
  digest: string;

  @ApiProperty({ type: Boolean, description: 'More was found than one plan takes; plan again afterwards.' })
  isCut: boolean;

  @ApiProperty({ type: [BulkGroupDto], description: 'The largest first.' })
  groups: BulkGroupDto[];

  @ApiProperty({ type: [BulkItemDto], description: 'The first few.' })
  sample: BulkItemDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Must be sent to start it, since what it does cannot be undone.' })
  confirmation: string | null;
}

export class BulkPage {
  @ApiProperty({ type: [BulkSummary], description: 'Newest first.' })
  items: BulkSummary[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
