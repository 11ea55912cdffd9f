import { JSON_HEADERS, memberAt, textOrNull, type Provider } from './provider.js';

/** Google Cloud Translation, basic edition: an API key. */
export const googleV2: Provider = {
  name: 'google-v2', label: 'Google Cloud Translation v2', defaultUrl: 'https://translation.googleapis.com',
  request: (need, { url, key }) => ({
    method: 'POST', url: `${url ?? ''}/language/translate/v2`, headers: { ...JSON_HEADERS, 'x-goog-api-key': key },
    body: JSON.stringify({ q: need.text, target: need.target, format: 'text', ...(need.source === '' ? {} : { source: need.source }) }),
  }),
  read: (body) => textOrNull(memberAt(body, 'data', 'translations', 0, 'translatedText')),
};
