import type pg from 'pg';
import { uuids } from './binary-array.js';
import { run } from './statement.js';

const NOTE = `INSERT INTO failed_message (organization_id, message_id, endpoint, reason)
SELECT m.organization_id, m.id, m.endpoint, left(coalesce(m.reason, ''), 500) FROM unnest($1::uuid[], $2::uuid[]) u(org, id) JOIN message m ON m.organization_id = u.org AND m.id = u.id WHERE m.state = 'FAILED'
ON CONFLICT (organization_id, message_id) DO UPDATE SET reason = excluded.reason, failed_at = now()`;

/** Lists those of the messages that have failed, in the transaction in which they did. */
export async function noteFailed(client: pg.PoolClient, messages: readonly { readonly organization: string; readonly id: string }[]): Promise<void> {
  if (messages.length > 0) await run(client, 'note-failed', NOTE, [uuids(messages.map((m) => m.organization)), uuids(messages.map((m) => m.id))]);
}
