import { secretsOfOAuth } from '../../token/oauth-setting.js';
import type { RestAuth } from './auth-settings.js';
import type { RestSettings } from './settings.js';

/** Headers that prove who we are, as far as they never change. */
export function authHeaders(auth: RestAuth | undefined): Readonly<Record<string, string>> {
  switch (auth?.type) {
    case undefined: case 'none': case 'query': case 'aws': case 'oauth2': case 'session': return {};
    case 'basic': return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
    case 'basicKey': return { authorization: `Basic ${Buffer.from(`${auth.key}:X`).toString('base64')}` };
    case 'bearer': return { authorization: `Bearer ${auth.token}` };
    case 'header': return { [auth.name.toLowerCase()]: auth.value };
    case 'headers': return Object.fromEntries(Object.entries(auth.headers).map(([name, value]) => [name.toLowerCase(), value]));
  }
}

/** Everything in the settings that must never be seen in an error, an answer or a log; also as it goes over the wire. */
export function secretsOf(settings: RestSettings): readonly string[] {
  const { signature, signing, verification, handshake, secrets, tls, proxy } = settings as RestSettings & { readonly tls?: { readonly key?: string }; readonly proxy?: { readonly password?: string } };
  const checked = verification === undefined ? [] : [verification.secret, verification.oldSecret];
  return [
    ...inAuth(settings.auth), ...checked, signature?.secret, signing?.secret, handshake?.type === 'hmacQuery' ? handshake.secret : undefined, ...Object.values(secrets ?? {}), tls?.key, proxy?.password,
  ].filter((one) => one !== undefined);
}

function inAuth(auth: RestAuth | undefined): readonly (string | undefined)[] {
  switch (auth?.type) {
    case undefined: case 'none': return [];
    case 'basic': return [auth.password, `${auth.username}:${auth.password}`];
    case 'basicKey': return [auth.key, `${auth.key}:X`];
    case 'bearer': return [auth.token];
    case 'header': case 'query': return [auth.value];
    case 'headers': return Object.values(auth.headers);
    case 'oauth2': return secretsOfOAuth(auth);
    case 'aws': return [auth.secretAccessKey, auth.sessionToken];
    case 'session': return [auth.password];
  }
}

/** A field or a file of a multipart form. */
export interface FormPart {
  readonly field: string;
  /** Of a file. */
  readonly name?: string;
  readonly contentType?: string;
  readonly content: Uint8Array;
}

/** A multipart form (RFC 7578). The boundary is told by the caller, so that the same form gives the same bytes; where a part holds it, it grows. */
export function multipart(parts: readonly FormPart[], wanted: string): { readonly contentType: string; readonly body: Uint8Array } {
  let boundary = wanted;
  while (parts.some((part) => Buffer.from(part.content.buffer, part.content.byteOffset, part.content.byteLength).includes(boundary))) boundary += 'x';
  const chunks = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`), part.content, Buffer.from('\r\n')]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) };
}

const quoted = (text: string): string => text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

function headOf({ field, name, contentType }: FormPart): string {
  const disposition = `Content-Disposition: form-data; name="${quoted(field)}"`;
  if (name === undefined) return contentType === undefined ? disposition : `${disposition}\r\nContent-Type: ${contentType}`;
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(contentType ?? '')?.[0] ?? 'application/octet-stream';
  return `${disposition}; filename="${quoted(name)}"\r\nContent-Type: ${type}`;
}
