import { isObject } from '../../core/shape/shape.js';

/** What stands where a secret stood. */
const HIDDEN = '[hidden]';
/** Characters of a raw body that are shown. */
const MOST_SHOWN = 65_536;
/** Longer texts under this name are files. */
const FILE_KEYS: readonly string[] = ['contentbase64', 'content_base64'];

const SECRET_HEADER = /^(?:authorization|proxy-authorization|cookie|set-cookie|.*(?:token|secret|password|api-?key|signature|credential).*)$/i;
const SECRET_KEY = /^(?:.*(?:password|passwd|secret|api_?-?key|access_?token|refresh_?token|credential)|token|authorization)$/i;

/** Whether what stands under this name is hidden wherever it is shown. */
export const isSecretName = (name: string): boolean => SECRET_KEY.test(name);

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? HIDDEN : value]));
}

export function redactQuery(query: string): string {
  const parameters = new URLSearchParams(query);
  for (const name of [...parameters.keys()]) if (SECRET_KEY.test(name)) parameters.set(name, HIDDEN);
  return parameters.toString();
}

/** A body as text: JSON without secrets and files, other text as it is, bytes that are no text by their number. */
export function showBody(bytes: Uint8Array): { readonly body: string; readonly truncated: boolean } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { body: `[${bytes.byteLength} bytes that are no text]`, truncated: false };
  }
  const shown = redactJson(text);
  return { body: shown.slice(0, MOST_SHOWN), truncated: shown.length > MOST_SHOWN };
}

/** Where nothing is to be hidden, the text stays to the letter: numbers beyond a double, spaces, order. */
function redactJson(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return text;
  }
  const found = { any: false };
  const redacted = redactValue(value, found);
  return found.any ? JSON.stringify(redacted, null, 2) : text;
}

function redactValue(value: unknown, found: { any: boolean }): unknown {
  if (Array.isArray(value)) return value.map((one) => redactValue(one, found));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => {
    const isFile = typeof member === 'string' && FILE_KEYS.includes(key.toLowerCase());
    if (!isFile && !SECRET_KEY.test(key)) return [key, redactValue(member, found)];
    found.any = true;
    return [key, isFile ? `[${Math.floor(member.length * 0.75)} bytes]` : HIDDEN];
  }));
}
