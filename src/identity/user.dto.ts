import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX, PASSWORD_MIN } from './password.js';
import { ROLES, type Role } from './permission.js';

export class UserBody {
  @ApiProperty({ type: String })
  @IsEmail({ require_tld: false }) @MaxLength(320)
  email: string;

  @ApiPropertyOptional({ type: String, description: 'Name as shown; without it, the e-mail address.' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(200)
  name?: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role: Role;

  @ApiPropertyOptional({ type: String, format: 'password', description: 'First password; without it, one is made and answered once. Ignored for people of other organizations, who keep theirs.' })
  @IsOptional() @IsString() @MinLength(PASSWORD_MIN) @MaxLength(PASSWORD_MAX)
  password?: string;
}

export class UserChange {
  @ApiPropertyOptional({ type: String })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ enum: ROLES })
  @IsOptional() @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ type: String, format: 'password', description: 'A new password; all sessions of the person end.' })
  @IsOptional() @IsString() @MinLength(PASSWORD_MIN) @MaxLength(PASSWORD_MAX)
  password?: string;
}

export class UserView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  email: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ enum: ROLES })
  role: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'Since when they belong to the organization.' })
  createdAt: string;
}

export class NewUserView extends UserView {
  @ApiProperty({ type: String, nullable: true, description: 'The generated password; shown only in this answer.' })
  initialPassword: string | null;
}

export class UserListView {
  @ApiProperty({ type: [UserView] })
  items: UserView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
