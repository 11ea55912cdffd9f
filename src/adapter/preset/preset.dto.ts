import { ApiProperty } from '@nestjs/swagger';

export class PresetSummaryDto {
  @ApiProperty({ type: String, example: 'servicenow' })
  id: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String, description: 'What it does.' })
  description: string;

  @ApiProperty({ type: String, description: 'Kind of system that the endpoint is of.', example: 'rest' })
  adapter: string;

  @ApiProperty({ type: Number, description: 'Grows with every change.' })
  version: number;

  @ApiProperty({ type: String, format: 'date', description: 'When it was last compared with the documentation of the system.' })
  lastChecked: string;

  @ApiProperty({ type: String, enum: ['documentation', 'system'], description: 'What it was tested against; documentation: a fake built from it, never the system itself; system: also that.' })
  testedAgainst: 'documentation' | 'system';

  @ApiProperty({ type: String, description: 'Page of the documentation that says what to set up there.', example: 'docs/systems/servicenow.md' })
  page: string;
}

export class PresetListDto {
  @ApiProperty({ type: [PresetSummaryDto] })
  items: PresetSummaryDto[];
}

export class PresetBlankDto {
  @ApiProperty({ type: String, description: 'JSON pointer into the endpoint.', example: '/settings/baseUrl' })
  pointer: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ type: Boolean, description: 'Whether it is a credential.' })
  isSecret: boolean;
}

export class PresetEndpointDto {
  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  adapter: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Settings; blanks hold examples.' })
  settings: Record<string, unknown>;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  entityTypes: Record<string, unknown>[];
}

export class PresetDto extends PresetSummaryDto {
  @ApiProperty({ type: [PresetBlankDto], description: 'What has to be filled in.' })
  blanks: PresetBlankDto[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'array', items: { type: 'object', required: ['canonical', 'theirs'], properties: { canonical: { type: 'string' }, theirs: { oneOf: [{ type: 'string' }, { type: 'number' }] } } } }, description: 'How values are translated, by the canonical attribute; the first row that fits counts.' })
  values: Record<string, { canonical: string; theirs: string | number }[]>;

  @ApiProperty({ type: PresetEndpointDto, description: 'The endpoint to start from: an id and a status are missing.' })
  endpoint: PresetEndpointDto;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'object', additionalProperties: true }, description: 'What may be put into an entity type as poll, by its name, where the system cannot call.' })
  polling: Record<string, Record<string, unknown>>;
}
