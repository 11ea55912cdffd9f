import { createPrivateKey, createSign } from 'node:crypto';
import { JSON_HEADERS, memberAt, textOrNull, type Provider, type TranslationSettings } from './provider.js';

const SCOPE = 'https://www.googleapis.com/auth/cloud-translation';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const TOKEN_SECONDS = 3_600;

interface ServiceAccount {
  readonly client_email: string;
  readonly private_key: string;
  readonly project_id: string;
  readonly token_uri?: string;
}

/** Google Cloud Translation, advanced edition: the JSON key of a service account, exchanged for a token. */
export const googleV3: Provider = {
  name: 'google-v3', label: 'Google Cloud Translation v3', defaultUrl: 'https://translate.googleapis.com',
  tokenRequest: (settings, nowMs) => {
    const account = accountOf(settings);
    return {
      method: 'POST', url: account.token_uri ?? TOKEN_URL, headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(account, nowMs) }).toString(),
    };
  },
  readToken: (body) => textOrNull(memberAt(body, 'access_token')),
  request: (need, settings, token) => ({
    method: 'POST', url: `${settings.url ?? ''}/v3/projects/${encodeURIComponent(accountOf(settings).project_id)}/locations/global:translateText`,
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token ?? ''}` },
    body: JSON.stringify({ contents: [need.text], targetLanguageCode: need.target, mimeType: 'text/plain', ...(need.source === '' ? {} : { sourceLanguageCode: need.source }) }),
  }),
  read: (body) => textOrNull(memberAt(body, 'translations', 0, 'translatedText')),
};

/** The key as Google hands it out; throws where it is not one (checked when it is saved). */
export function accountOf({ key }: Pick<TranslationSettings, 'key'>): ServiceAccount {
  const account = JSON.parse(key) as Partial<ServiceAccount>;
  if (typeof account.client_email !== 'string' || typeof account.private_key !== 'string' || typeof account.project_id !== 'string') throw new Error('the key is not the JSON key of a service account');
  createPrivateKey(account.private_key);
  return account as ServiceAccount;
}

function assertion(account: ServiceAccount, nowMs: number): string {
  const now = Math.floor(nowMs / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: account.client_email, scope: SCOPE, aud: account.token_uri ?? TOKEN_URL, iat: now, exp: now + TOKEN_SECONDS })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(account.private_key, 'base64url')}`;
}
