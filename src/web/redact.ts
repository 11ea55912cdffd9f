import { isObject } from '../core/shape/shape.js';

/** What stands where a secret stood. */
const HIDDEN = '[hidden]';
/** Characters of a raw body that are shown. */
const MOST_SHOWN = 65_536;
/** Longer texts under this name are files. */
const FILE_KEYS: readonly string[] = ['contentbase64', 'content_base64'];

const SECRET_HEADER = /^(?:authorization|proxy-authorization|cookie|set-cookie|(?:.*-)?(?:auth|hmac)(?:-.*)?|.*(?:token|secret|password|api-?key|signature|credential).*)$/i;
const SECRET_KEY = /^(?:.*(?:password|passwd|secret|api_?-?key|access_?token|refresh_?token|credential)|token|authorization)$/i;

/** Whether what stands under this name is hidden wherever it is shown. */
export const isSecretName = (name: string): boolean => SECRET_KEY.test(name);

/** `also`: names of headers, in small letters, whose values are secrets whatever they are called. */
export function redactHeaders(headers: Readonly<Record<string, string>>, also: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) || also.includes(name) ? HIDDEN : value]));
}

export function redactQuery(query: string): string {
  const parameters = new URLSearchParams(query);
  for (const name of [...parameters.keys()]) if (SECRET_KEY.test(name)) parameters.set(name, HIDDEN);
  return parameters.toString();
}

/** A body as text: without secrets and files, bytes that are no text by their number. `isCut`: these are its first bytes only. */
export function showBody(bytes: Uint8Array, { isCut = false } = {}): { readonly body: string; readonly truncated: boolean } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }); // the last letter may be cut, too
  } catch {
    return { body: `[${bytes.byteLength} bytes that are no text]`, truncated: isCut };
  }
  const shown = redactJson(text) ?? redactText(text.slice(0, MOST_SHOWN + 1));
  return { body: shown.slice(0, MOST_SHOWN), truncated: isCut || shown.length > MOST_SHOWN };
}

/** Where nothing is to be hidden, the text stays to the letter: numbers beyond a double, spaces, order. Null: it is no JSON. */
function redactJson(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return null;
  }
  const found = { any: false };
  const redacted = redactValue(value, found);
  return found.any ? JSON.stringify(redacted, null, 2) : text;
}

/** Where a name and its value stand in broken or cut JSON, in XML and in forms. Each part has a bound, so that no text makes it slow. */
const NAMED_IN_TEXT = [
  /("([^"\\]{1,80})"\s{0,20}:\s{0,20}")((?:[^"\\]|\\[^])+)/g,
  /(<(?:[\w.-]{1,80}:)?([\w.-]{1,80})(?:\s[^<>]{0,1000})?>)((?:<!\[CDATA\[(?:[^\]]|\](?!\]>)){0,2000}|[^<])+)/g,
  /((?:^|[&?\s])([\w.-]{1,80})=)([^&\s]+)/g,
];

const redactText = (text: string): string => NAMED_IN_TEXT.reduce((shown, pattern) => shown.replace(pattern, (whole, before: string, name: string) => (SECRET_KEY.test(name) ? before + HIDDEN : whole)), text);

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
