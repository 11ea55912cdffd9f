import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MaintenanceStateDto, MaintenanceWindowDto } from './maintenance.dto.js';

/** What an endpoint is doing, as opposed to how it is set. */
export class EndpointRuntimeDto {
  @ApiProperty({ type: String, nullable: true, description: 'Why nothing is sent although it is active: `credentials` where the target refused them.' })
  pausedReason: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  pausedAt: string | null;

  @ApiProperty({ type: String, description: '`closed`: calls are made; `open`: they wait; `half-open`: one probe finds out.' })
  circuit: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the next probe may be made.' })
  openUntil: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSuccessAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastFailureAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  lastError: string | null;

  @ApiProperty({ type: Number })
  failuresInRow: number;
}

export class InboundAddressDto {
  @ApiProperty({ type: String })
  entityType: string;

  @ApiProperty({ type: String, description: 'Where this system sends its messages to.' })
  url: string;
}

/** An endpoint. It is written as the same document, without what is told by the server alone. */
export class PresetMarkDto {
  @ApiProperty({ type: String, example: 'servicenow' })
  id: string;

  @ApiProperty({ type: Number })
  version: number;
}

export class EndpointDto {
  @ApiProperty({ type: String, description: '1 to 64 of a-z, 0-9, _ . -' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, description: 'Kind of the connected system.' })
  adapter: string;

  @ApiProperty({ type: String, enum: ['ACTIVE', 'SUSPENDED'], description: '`SUSPENDED`: nothing is sent; inbound is still accepted and routed.' })
  status: string;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'As the schema of the adapter says. Secrets are written as text and shown as `{ "$secret": "…" }`; that mark, or leaving the key out, keeps them.' })
  settings: Record<string, unknown>;

  @ApiProperty({ type: Array, items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } }, additionalProperties: true }, description: 'Kinds of records: `name`, `references`, and what the schema of the adapter says.' })
  entityTypes: unknown[];

  @ApiProperty({ type: [MaintenanceWindowDto], description: 'When nothing is sent to it.' })
  maintenance: MaintenanceWindowDto[];

  @ApiPropertyOptional({ type: Object, additionalProperties: true, description: 'Inbound secrets that a document wrote out: `password` (Basic, user name is the endpoint id) and `token` (Bearer).' })
  inbound?: Record<string, unknown>;

  @ApiProperty({ type: Number, readOnly: true })
  version: number;

  @ApiProperty({ type: String, format: 'date-time', readOnly: true })
  createdAt: string;

  @ApiProperty({ type: String, nullable: true, readOnly: true })
  createdBy: string | null;

  @ApiProperty({ type: String, format: 'date-time', readOnly: true })
  updatedAt: string;

  @ApiProperty({ type: String, nullable: true, readOnly: true })
  updatedBy: string | null;

  @ApiProperty({ type: [InboundAddressDto], readOnly: true })
  inboundAddresses: InboundAddressDto[];

  @ApiPropertyOptional({ type: PresetMarkDto, description: 'The preset that it was made from.' })
  preset?: PresetMarkDto;

  @ApiProperty({ type: Number, nullable: true, readOnly: true, description: 'Present version of its preset, where that is newer: the endpoint can be moved.' })
  newerPreset: number | null;

  @ApiProperty({ type: MaintenanceStateDto, readOnly: true })
  maintenanceState: MaintenanceStateDto;

  @ApiProperty({ type: EndpointRuntimeDto, nullable: true, readOnly: true, description: 'Null as long as nothing was sent to it.' })
  runtime: EndpointRuntimeDto | null;
}

export class EndpointsDto {
  @ApiProperty({ type: [EndpointDto], description: 'By id.' })
  items: EndpointDto[];
}

export class CheckStepDto {
  @ApiProperty({ type: String, enum: ['network', 'authentication', 'rights'] })
  step: string;

  @ApiProperty({ type: Boolean })
  ok: boolean;

  @ApiProperty({ type: String, description: 'One sentence.' })
  message: string;
}

export class CheckDto {
  @ApiProperty({ type: Boolean, description: 'Whether all steps worked.' })
  ok: boolean;

  @ApiProperty({ type: [CheckStepDto] })
  steps: CheckStepDto[];
}

export class NewCredentialDto {
  @ApiProperty({ type: String, enum: ['basic', 'bearer', 'url'], description: '`basic`: endpoint id and password; `bearer`: token in the header Authorization; `url`: token in the query parameter `token`.' })
  @IsIn(['basic', 'bearer', 'url'])
  kind: 'basic' | 'bearer' | 'url';

  @ApiPropertyOptional({ type: String, description: 'What it is for.' })
  @IsOptional() @IsString() @MaxLength(200)
  label?: string;
}

export class CredentialDto {
  @ApiProperty({ type: String, description: 'Names the credential without telling it.' })
  id: string;

  @ApiProperty({ type: String, enum: ['basic', 'bearer', 'url'] })
  kind: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;
}

export class CredentialsDto {
  @ApiProperty({ type: [CredentialDto] })
  items: CredentialDto[];
}

export class GeneratedCredentialDto {
  @ApiProperty({ type: String, description: 'Names the credential without telling it.' })
  id: string;

  @ApiProperty({ type: String, enum: ['basic', 'bearer', 'url'] })
  kind: string;

  @ApiProperty({ type: String, nullable: true, description: 'User name of `basic`.' })
  username: string | null;

  @ApiProperty({ type: String, description: 'The password or token; shown only now.' })
  secret: string;
}

/** A kind of connected system, as forms and checks need it. */
export class AdapterDto {
  @ApiProperty({ type: String })
  kind: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ type: String })
  version: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: Boolean })
  receives: boolean;

  @ApiProperty({ type: Boolean })
  sends: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether it proposes calls from the description of a service (a WSDL).' })
  proposes: boolean;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'JSON Schema of an endpoint\'s `settings`.' })
  settings: Record<string, unknown>;

  @ApiProperty({ type: Object, additionalProperties: true, description: 'JSON Schema of an entity type.' })
  entityTypeSettings: Record<string, unknown>;
}

export class AdaptersDto {
  @ApiProperty({ type: [AdapterDto] })
  items: AdapterDto[];
}
