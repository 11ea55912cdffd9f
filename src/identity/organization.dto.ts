import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { OrganizationView } from './session.dto.js';

export class OrganizationBody {
  @ApiProperty({ type: String, pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$', description: 'Its name in addresses: `/api/v1/o/{slug}/…`.' })
  @IsString() @Matches(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, { message: 'slug must be 1 to 63 lower-case letters, digits and inner hyphens' })
  slug: string;

  @ApiProperty({ type: String })
  @IsString() @MinLength(1) @MaxLength(200)
  name: string;
}

export class OrganizationListView {
  @ApiProperty({ type: [OrganizationView] })
  items: OrganizationView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
