import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { bytes, int8s, texts, uuids } from './binary-array.js';
import { run } from './statement.js';

/** A file that came with a message. */
export interface AttachmentRow {
  readonly organization: OrganizationId;
  readonly id: string;
  readonly messageId: string;
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

const WRITE = `INSERT INTO attachment (organization_id, id, message_id, name, content_type, size, content)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int8[], $7::bytea[])`;

const OF_MESSAGES = `SELECT a.message_id::text, a.id::text, a.name, a.content_type, a.size FROM unnest($1::uuid[]) u(id) JOIN attachment a ON a.message_id = u.id ORDER BY a.id`;

const CONTENT = `SELECT a.id::text, a.name, a.content_type, a.content FROM unnest($1::uuid[]) WITH ORDINALITY u(id, place) JOIN attachment a ON a.id = u.id WHERE a.organization_id = $2 ORDER BY u.place`;

export async function writeAttachments(on: pg.Pool | pg.PoolClient, rows: readonly AttachmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await run(on, 'write-attachments', WRITE, [
    uuids(rows.map((r) => r.organization)), uuids(rows.map((r) => r.id)), uuids(rows.map((r) => r.messageId)), texts(rows.map((r) => r.name)),
    texts(rows.map((r) => r.contentType)), int8s(rows.map((r) => r.content.length)), bytes(rows.map((r) => r.content)),
  ]);
}

/** What is known of the files of messages, without their bytes. */
export async function attachmentsOf(on: pg.Pool | pg.PoolClient, messages: readonly string[]): Promise<{ messageId: string; id: string; name: string; contentType: string; size: number }[]> {
  const rows = await run<[string, string, string, string, string]>(on, 'attachments-of', OF_MESSAGES, [uuids(messages)]);
  return rows.map(([messageId, id, name, contentType, size]) => ({ messageId, id, name, contentType, size: Number(size) }));
}

/** The files themselves, in the order asked. */
export async function attachmentContents(on: pg.Pool | pg.PoolClient, organization: OrganizationId, ids: readonly string[]): Promise<{ id: string; name: string; contentType: string; size: number; content: Uint8Array }[]> {
  if (ids.length === 0) return [];
  const rows = await run<[string, string, string, Buffer]>(on, 'attachment-contents', CONTENT, [uuids(ids), organization]);
  return rows.map(([id, name, contentType, content]) => ({ id, name, contentType, size: content.length, content }));
}
