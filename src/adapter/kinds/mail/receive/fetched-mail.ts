import { createHash } from 'node:crypto';
import type { ConnectedEndpoint, FetchedItem } from '../../../contract.js';
import { mailSettings, MAX_MAIL_BYTES } from '../settings.js';

/** The entity type of mails that are fetched. */
export const entityTypeOf = (endpoint: ConnectedEndpoint): string => mailSettings(endpoint).entityType ?? endpoint.entityTypes[0]?.name ?? '';

export const mostBytes = (endpoint: ConnectedEndpoint): number => mailSettings(endpoint).maxMailBytes ?? MAX_MAIL_BYTES;

/** A mail as it is handed on. Its key is its own bytes: however often and from wherever it is fetched, it is one. */
export const fetchedMail = (bytes: Uint8Array, endpoint: ConnectedEndpoint): FetchedItem => ({
  entityType: entityTypeOf(endpoint), body: bytes, contentType: 'message/rfc822', repeatKey: createHash('sha256').update(bytes).digest('base64url'),
});

/** Headers that say how the rest is encoded, of a mail whose rest is not there. */
const ENCODING = /^(?:content-[\w-]+|mime-version)\s*:/i;

/** What is handed on of a mail that is too large: its headers and a sentence. */
export function oversized(head: Uint8Array, size: number, endpoint: ConnectedEndpoint): FetchedItem {
  const lines = Buffer.from(head).toString('latin1').split(/\r?\n\r?\n/, 1)[0]!.split(/\r?\n(?![ \t])/).filter((line) => line !== '' && !ENCODING.test(line));
  const told = `[This mail has ${size} bytes, more than the ${mostBytes(endpoint)} that are fetched. Only its headers are here.]`;
  return fetchedMail(Buffer.from(`${lines.join('\r\n')}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${told}\r\n`, 'latin1'), endpoint);
}

/** Bytes and mails of one poll, so that no commit gets too large. */
export const BATCH = { mails: 50, bytes: 33_554_432 } as const;
