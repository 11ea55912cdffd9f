import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

export class OperatorDefinitionDto {
  @ApiProperty({ type: String })
  operator: string;

  @ApiProperty({ type: String })
  meaning: string;

  @ApiProperty({ type: Boolean, description: 'Whether it compares with values.' })
  takesValues: boolean;
}

/** A kind of mapping, formatter or delay: what it does and the keys that it takes. */
export class KindDefinitionDto {
  @ApiProperty({ type: String, description: 'What stands in `type`.' })
  type: string;

  @ApiProperty({ type: String })
  meaning: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'JSON Schema of its keys, `type` aside.' })
  schema: Record<string, unknown>;
}

export class MappingDefinitionDto extends KindDefinitionDto {
  @ApiProperty({ type: Boolean, description: 'Whether it may stand among the conversation mappings only.' })
  onlyInConversation: boolean;
}

export class ReadableNameDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  meaning: string;

  @ApiProperty({ type: Boolean, description: 'Whether something must follow: the name of an attribute, counter or field.' })
  isPrefix: boolean;

  @ApiProperty({ type: String, enum: ['message', 'answer', 'item', 'mapping'], description: 'Where it has a value.' })
  where: string;
}

/** Everything that a rule document may be made of. */
export class RuleDefinitionsDto {
  @ApiProperty({ type: [OperatorDefinitionDto] })
  operators: OperatorDefinitionDto[];

  @ApiProperty({ type: [MappingDefinitionDto] })
  mappings: MappingDefinitionDto[];

  @ApiProperty({ type: [KindDefinitionDto] })
  formatters: KindDefinitionDto[];

  @ApiProperty({ type: [KindDefinitionDto] })
  delays: KindDefinitionDto[];

  @ApiProperty({ type: [String], description: 'Special matchers of the `when` cells of a table.' })
  matchers: string[];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'JSON Schema of a whole rule document.' })
  rule: Record<string, unknown>;

  @ApiProperty({ type: [ReadableNameDto], description: 'Names that may be read beside the message\'s own attributes.' })
  names: ReadableNameDto[];
}

export class RuleHitsDto {
  @ApiProperty({ type: String, format: 'date-time', description: 'Messages received since then were counted; less than a day back where there were too many.' })
  since: string;

  @ApiProperty({ type: () => [RuleHitDto], description: 'Rules that took part, in no order.' })
  items: RuleHitDto[];
}

export class RuleHitDto {
  @ApiProperty({ type: String })
  ruleId: string;

  @ApiProperty({ type: Number, description: 'Messages that it executed, delayed or dropped.' })
  hits: number;

  @ApiProperty({ type: Number, description: 'The same as a rate.' })
  perDay: number;

  @ApiProperty({ type: String, format: 'date-time' })
  lastAt: string;
}

export class AttributeNamesQuery {
  @ApiPropertyOptional({ type: String, description: 'Endpoint that messages come from.' })
  @IsOptional() @IsString() @MaxLength(200)
  source?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(200)
  sourceEntityType?: string;

  @ApiPropertyOptional({ type: String, description: 'Endpoint that messages go to.' })
  @IsOptional() @IsString() @MaxLength(200)
  target?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MaxLength(200)
  targetEntityType?: string;
}

export class AttributeNameDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, description: 'What it held lately, in short; empty where nothing is known.' })
  sample: string;
}

/** Names that may be meant, as an editor offers them. */
export class AttributeNamesDto {
  @ApiProperty({ type: [AttributeNameDto], description: 'Of recent messages of the source.' })
  source: AttributeNameDto[];

  @ApiProperty({ type: [AttributeNameDto], description: 'What rules fill in at the target, and what its own messages carry.' })
  target: AttributeNameDto[];

  @ApiProperty({ type: [String], description: 'Conversation attributes that rules write or read, without prefix.' })
  conversation: string[];

  @ApiProperty({ type: [String], description: 'Counters, without prefix.' })
  counters: string[];
}

export class RuleTrialRequestDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'A rule document, however unfinished.' })
  @IsObject()
  rule: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true, description: 'A case: `message`, `conversation`, `now`. Without one only problems are told.' })
  @IsOptional() @IsObject()
  case?: Record<string, unknown> | null;
}

export class TrialProblemDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the rule.' })
  pointer: string;

  @ApiProperty({ type: String })
  detail: string;
}

export class TrialConditionDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the rule.' })
  pointer: string;

  @ApiProperty({ type: Boolean })
  holds: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What the attribute held; null where it is absent.' })
  actual: string | null;
}

export class TrialValueDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ nullable: true, description: 'The value; null where it is absent.', oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: {} }] })
  value: unknown;
}

export class TrialMappingDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the rule.' })
  pointer: string;

  @ApiProperty({ type: [TrialValueDto] })
  reads: TrialValueDto[];

  @ApiProperty({ type: [TrialValueDto], description: 'Empty where it makes nothing.' })
  writes: TrialValueDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Why it would fail the execution.' })
  error: string | null;
}

/** A draft tried on a message, part by part; what is wrong with one part does not keep the others from being tried. */
export class RuleTrialDto {
  @ApiProperty({ type: [TrialProblemDto], description: 'Everything that keeps the draft from being used.' })
  problems: TrialProblemDto[];

  @ApiProperty({ type: [TrialConditionDto] })
  conditions: TrialConditionDto[];

  @ApiProperty({ type: [TrialMappingDto] })
  mappings: TrialMappingDto[];

  @ApiProperty({ type: Number, description: 'Translations that are not known yet; what needs them shows the text untranslated.' })
  untranslated: number;
}
