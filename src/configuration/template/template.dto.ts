import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject } from 'class-validator';

export class TemplateParameterDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, description: 'What it means.' })
  title: string;

  @ApiProperty({ type: String, enum: ['endpoint', 'text', 'number', 'boolean'] })
  kind: 'endpoint' | 'text' | 'number' | 'boolean';

  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }], description: 'What it is where it is not given; absent where it must be, an empty text where it may be left empty.' })
  default?: string | number | boolean;

  @ApiPropertyOptional({ type: [String], description: 'Of an endpoint: the kinds of adapter that it fits; any where it is absent.' })
  adapters?: string[];
}

export class TemplateSummaryDto {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String, description: 'What it is for.' })
  description: string;

  @ApiProperty({ type: [TemplateParameterDto] })
  parameters: TemplateParameterDto[];
}

export class TemplateListDto {
  @ApiProperty({ type: [TemplateSummaryDto] })
  items: TemplateSummaryDto[];
}

export class TemplateDto extends TemplateSummaryDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'Rule documents with their tests; `{{name}}` stands for a parameter; `onlyWith` and `onlyWithout` name one that decides whether a part stands there.' })
  rules: Record<string, unknown>[];
}

export class TemplateUseDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Parameters by name.', example: { source: 'acme', target: 'vendor_x' } })
  @IsObject()
  parameters: Record<string, unknown>;
}

export class RenderedTemplateDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'Rule documents, as a configuration document has them.' })
  rules: Record<string, unknown>[];
}
