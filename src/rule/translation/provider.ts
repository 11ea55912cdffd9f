import type { Need } from '../../core/rule/decision.js';

/** How an organization's texts are translated; `key` in clear, never shown. */
export interface TranslationSettings {
  readonly provider: ProviderName;
  /** Base address; each provider has one of its own where it is left out. */
  readonly url: string | null;
  /** API key; of Google v3 the JSON key of a service account; empty where the server asks for none. */
  readonly key: string;
  /** For all texts of a message together. */
  readonly timeLimitMs: number;
}

export type ProviderName = 'google-v2' | 'google-v3' | 'libretranslate' | 'deepl';

/** A call that a provider wants made. */
export interface ProviderRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A translation service. Pure: it says what to ask and reads what came back. */
export interface Provider {
  readonly name: ProviderName;
  readonly label: string;
  /** Null where it must be given. */
  readonly defaultUrl: string | null;
  /** Where a token must be fetched first; null: the key is enough. */
  tokenRequest?(settings: TranslationSettings, nowMs: number): ProviderRequest;
  readToken?(body: unknown): string | null;
  request(need: Need, settings: TranslationSettings, token: string | null): ProviderRequest;
  /** The translated text; null where the answer holds none. */
  read(body: unknown): string | null;
}

/** A member of an answer that nobody has checked. */
export function memberAt(body: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined), body);
}

export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' } as const;
