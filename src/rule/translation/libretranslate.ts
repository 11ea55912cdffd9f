import { JSON_HEADERS, memberAt, textOrNull, type Provider } from './provider.js';

/** LibreTranslate, mostly one's own server; it asks for a key only where it is set up so. */
export const libretranslate: Provider = {
  name: 'libretranslate', label: 'LibreTranslate', defaultUrl: null,
  request: (need, { url, key }) => ({
    method: 'POST', url: `${url ?? ''}/translate`, headers: JSON_HEADERS,
    body: JSON.stringify({ q: need.text, source: need.source === '' ? 'auto' : need.source, target: need.target, format: 'text', ...(key === '' ? {} : { api_key: key }) }),
  }),
  read: (body) => textOrNull(memberAt(body, 'translatedText')),
};
