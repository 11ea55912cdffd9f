import { JSON_HEADERS, memberAt, textOrNull, type Provider } from './provider.js';

/** DeepL; keys of the free plan end in `:fx` and belong to another address. Language codes in capitals. */
export const deepl: Provider = {
  name: 'deepl', label: 'DeepL', defaultUrl: 'https://api.deepl.com',
  request: (need, { url, key }) => ({
    method: 'POST', url: `${url === 'https://api.deepl.com' && key.endsWith(':fx') ? 'https://api-free.deepl.com' : (url ?? '')}/v2/translate`,
    headers: { ...JSON_HEADERS, authorization: `DeepL-Auth-Key ${key}` },
    body: JSON.stringify({ text: [need.text], target_lang: need.target.toUpperCase(), ...(need.source === '' ? {} : { source_lang: need.source.toUpperCase() }) }),
  }),
  read: (body) => textOrNull(memberAt(body, 'translations', 0, 'text')),
};
