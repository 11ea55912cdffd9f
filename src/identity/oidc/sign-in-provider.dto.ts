import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ROLES, type Role } from '../permission.js';

export class RoleOfValueDto {
  @ApiProperty({ type: String, description: 'A value of the claim, or an element of it where it is a list.' })
  @IsString() @Length(1, 300)
  value: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role: Role;
}

class SignInProviderShape {
  @ApiProperty({ type: String, description: 'As the button says it.', example: 'Acme SSO' })
  @IsString() @Length(1, 100)
  name: string;

  @ApiProperty({ type: String, description: 'Issuer identifier; what else is needed is discovered there. https, or http on this machine.', example: 'https://login.acme.example' })
  @IsString() @MaxLength(1_000)
  issuer: string;

  @ApiProperty({ type: String })
  @IsString() @Length(1, 500)
  clientId: string;

  @ApiPropertyOptional({ type: String, default: 'openid email profile', description: 'Separated by spaces.' })
  @IsOptional() @IsString() @MaxLength(500)
  scopes?: string;

  @ApiPropertyOptional({ type: Boolean, default: true })
  @IsOptional() @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Makes whom the provider names a member, if nobody knows them. Needs a default role or a map.' })
  @IsOptional() @IsBoolean()
  createsPeople?: boolean;

  @ApiPropertyOptional({ enum: ROLES, nullable: true, description: 'Role of somebody new whom no line of the map fits; null: they are not let in.' })
  @IsOptional() @IsIn(ROLES)
  defaultRole?: Role | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The claim that the map reads, or the path to it.', example: 'realm_access.roles' })
  @IsOptional() @IsString() @Length(1, 200)
  roleClaim?: string | null;

  @ApiPropertyOptional({ type: [RoleOfValueDto], description: 'Roles of somebody new; the first line that fits counts.' })
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => RoleOfValueDto)
  roleMap?: RoleOfValueDto[];

  @ApiPropertyOptional({ type: [String], description: 'Domains of e-mail addresses that are let in; empty: all.' })
  @IsOptional() @IsArray() @ArrayMaxSize(100) @Matches(/^[^\s@]{1,253}$/, { each: true })
  emailDomains?: string[];
}

export class SignInProviderBody extends SignInProviderShape {
  @ApiPropertyOptional({ type: String, format: 'password', nullable: true, description: 'Never shown again. Left out: as it was; null: none (a public client).' })
  @IsOptional() @IsString() @Length(1, 2_000)
  clientSecret?: string | null;
}

export class SignInProviderView extends SignInProviderShape {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: Boolean, description: 'Whether a client secret is stored.' })
  hasSecret: boolean;

  @ApiProperty({ type: String, description: 'What the provider must be told as redirect URI.' })
  redirectUri: string;

  @ApiProperty({ type: String, description: 'Where browsers come back to after signing out there; providers want to be told that, too.' })
  signedOutUri: string;

  declare scopes: string;
  declare enabled: boolean;
  declare createsPeople: boolean;
  declare roleMap: RoleOfValueDto[];
  declare emailDomains: string[];
}

export class SignInProviderListView {
  @ApiProperty({ type: [SignInProviderView], description: 'By name.' })
  items: SignInProviderView[];
}

export class SignInProviderCheckView {
  @ApiProperty({ type: Boolean })
  ok: boolean;

  @ApiProperty({ type: String, description: 'One sentence.' })
  message: string;
}

export class SignInChoicesQuery {
  @ApiPropertyOptional({ type: String, description: 'Slug of an organization; without it, the default one.' })
  @IsOptional() @IsString() @MaxLength(100)
  organization?: string;

  @ApiPropertyOptional({ type: String, description: 'Code with which a sign-in came back.' })
  @IsOptional() @IsString() @MaxLength(100)
  refused?: string;
}

export class SignInChoiceView {
  @ApiProperty({ type: String, description: 'As the button says it.' })
  name: string;

  @ApiProperty({ type: String, description: 'Where a browser begins; `next` names where it is to end.' })
  startUrl: string;
}

export class SignInChoicesView {
  @ApiProperty({ type: [SignInChoiceView] })
  items: SignInChoiceView[];

  @ApiProperty({ type: String, nullable: true, description: 'What `refused` means, in words.' })
  problem: string | null;
}
