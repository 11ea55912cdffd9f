import { hash } from 'node:crypto';
import { Problem } from './problem.js';

/** The strong ETag of a document: of its version where it has one, else of its bytes. */
export const entityTag = (version: string | number | Uint8Array): string =>
  typeof version === 'object' ? `"${hash('sha256', version, 'base64url').slice(0, 22)}"` : `"${version}"`;

/** Refuses a write whose `If-Match` names another version than the current one: 412. Without the header it goes on. */
export function requireMatch(ifMatch: string | undefined, current: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (ifMatch.split(',').some((tag) => tag.trim() === current)) return;
  throw new Problem(412, 'changed-meanwhile', 'The document was changed since it was read; read it again.', { headers: { etag: current } });
}
