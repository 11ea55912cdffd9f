import { deepl } from './deepl.js';
import { googleV2 } from './google-v2.js';
import { googleV3 } from './google-v3.js';
import { libretranslate } from './libretranslate.js';
import type { Provider, ProviderName } from './provider.js';

/** Every translation service. A new one is a file and a line here. */
export const PROVIDERS: readonly Provider[] = [googleV2, googleV3, libretranslate, deepl];

export const providerOf = (name: ProviderName): Provider => PROVIDERS.find((provider) => provider.name === name)!;
