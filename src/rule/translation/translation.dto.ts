import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { ProviderName } from './provider.js';

const PROVIDER_NAMES: readonly ProviderName[] = ['google-v2', 'google-v3', 'libretranslate', 'deepl'];

export class TranslationInputDto {
  @IsIn(PROVIDER_NAMES)
  provider: ProviderName;

  /** Base address; left out: the provider's own. LibreTranslate needs one. */
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  url?: string;

  /** Most seconds that the texts of a message may take together; left out: 10. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(60)
  timeLimitSeconds?: number;

  /** API key; of Google v3 the JSON key of a service account. Left out: the one that is stored for the same service and address. */
  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  key?: string;
}

export class TranslationTestDto {
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  text: string;

  /** Language code to translate to. */
  @IsString()
  @MinLength(2)
  @MaxLength(20)
  target: string;
}

export class TranslationDto {
  /** Null: none is configured, and rules that translate are refused. */
  provider: ProviderName | null;
  url: string | null;
  /** Whether a key is stored; it is never shown. */
  hasKey: boolean;
  timeLimitSeconds: number | null;
  updatedAt: string | null;
  updatedBy: string | null;
}

export class TranslatedDto {
  text: string;
}
