import type { AuditEntry } from '../store/identity/audit.store.js';
import { csvLine } from '../web/index.js';

type Pages = AsyncIterable<readonly AuditEntry[]>;

const COLUMNS = ['seq', 'at', 'actorKind', 'actorId', 'actorName', 'action', 'subject', 'details', 'previousHash', 'hash'] as const;

/** One entry of JSON per line, hashes in hexadecimal. */
export async function* auditJson(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((entry) => `${JSON.stringify(plain(entry))}\n`).join('');
}

/** A line of column names and one per entry, as spreadsheets read them (RFC 4180). */
export async function* auditCsv(pages: Pages): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const page of pages) yield page.map((entry) => csvLine(COLUMNS.map((column) => plain(entry)[column]))).join('');
}

const plain = ({ seq, at, actorKind, actorId, actorName, action, subject, details, previousHash, hash }: AuditEntry): Record<(typeof COLUMNS)[number], unknown> =>
  ({ seq, at: at.toISOString(), actorKind, actorId, actorName, action, subject, details, previousHash: previousHash.toString('hex'), hash: hash.toString('hex') });
