import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Query of every list: where to go on and how much to bring. */
export class PageQuery {
  @ApiPropertyOptional({ type: String, description: 'The `nextCursor` of the page before.' })
  @IsOptional() @IsString() @MaxLength(1_000)
  cursor?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 50, description: 'Most items of the page.' })
  @IsOptional() @IsInt() @Min(1) @Max(200)
  limit: number = 50;
}
