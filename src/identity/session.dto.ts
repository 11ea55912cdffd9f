import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX, PASSWORD_MIN } from './password.js';
import { PERMISSIONS, ROLES } from './permission.js';

export class SignInBody {
  @ApiProperty({ type: String, description: 'E-mail address.', example: 'admin@parley.local' })
  @IsString() @MinLength(1) @MaxLength(320)
  email: string;

  @ApiProperty({ type: String, format: 'password' })
  @IsString() @MinLength(1) @MaxLength(1_000)
  password: string;
}

export class SwitchBody {
  @ApiProperty({ type: String, description: 'Slug of the organization to work in from now on.' })
  @IsString() @MaxLength(100)
  organization: string;
}

export class PasswordBody {
  @ApiProperty({ type: String, format: 'password' })
  @IsString() @MaxLength(1_000)
  currentPassword: string;

  @ApiProperty({ type: String, format: 'password', minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX })
  @IsString() @MinLength(PASSWORD_MIN) @MaxLength(PASSWORD_MAX)
  newPassword: string;
}

export class PersonView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  email: string;

  @ApiProperty({ type: String })
  name: string;
}

export class OrganizationView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, description: 'Its name in addresses.' })
  slug: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ enum: ROLES, description: 'Role of the person who asks.' })
  role: string;
}

export class CurrentSessionView {
  @ApiProperty({ type: PersonView })
  person: PersonView;

  @ApiProperty({ type: OrganizationView, description: 'The organization this session works in.' })
  organization: OrganizationView;

  @ApiProperty({ type: [OrganizationView], description: 'All organizations of the person.' })
  organizations: OrganizationView[];

  @ApiProperty({ enum: PERMISSIONS, isArray: true, description: 'What the person may do in the organization.' })
  permissions: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Where a browser goes once the session is ended, to sign out at the provider that it came by; null: a password was given.' })
  signOutUrl: string | null;
}

export class SessionView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, description: 'Address it was opened from.' })
  address: string;

  @ApiProperty({ type: String, description: 'Browser, as it calls itself.' })
  userAgent: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'To the minute.' })
  lastSeenAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt: string;

  @ApiProperty({ type: Boolean, description: 'Whether it is the one that asks.' })
  current: boolean;
}

export class SessionListView {
  @ApiProperty({ type: [SessionView] })
  items: SessionView[];

  @ApiPropertyOptional({ type: String, nullable: true })
  nextCursor: string | null;
}
