import type pg from 'pg';
import type { Database } from '../database.js';
import { run } from './statement.js';
import { moveNotes } from './ticket-knowledge.js';

interface Provisional {
  readonly organization: string;
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly ticketId: string;
  /** The conversation whose create made this ticket; null: none of the answers so far names it. */
  readonly owner: string | null;
}

const SETTLABLE = `SELECT w.organization_id::text, w.conversation_id::text, w.endpoint, w.entity_type, w.ticket_id, o.conversation_id::text
FROM provisional_conversation w
LEFT JOIN LATERAL (
  SELECT d.conversation_id FROM unnest(w.awaits) u(id) JOIN delivery d ON d.organization_id = w.organization_id AND d.id = u.id
  WHERE d.state = 'SENT' AND d.ticket_id = w.ticket_id LIMIT 1) o ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE d.state IN ('QUEUED', 'RETRYING', 'HELD') AND EXISTS (SELECT FROM attempt x WHERE x.delivery_id = d.id AND (x.outcome IS NULL OR x.outcome = 'unknown')))::int4 AS open
  FROM unnest(w.awaits) u(id) JOIN delivery d ON d.organization_id = w.organization_id AND d.id = u.id) a ON true
WHERE o.conversation_id IS NOT NULL OR a.open = 0 OR w.deadline <= now()
ORDER BY w.conversation_id LIMIT 200`;

type Row = [string, string, string, string, string, string | null];

/** What became of conversations that waited for answers. */
export interface Settled {
  readonly merged: number;
  readonly released: number;
}

/**
 * Settles conversations that wait for the answers of creates: one whose ticket an answer names becomes part of the create's
 * conversation before anything of it was routed; one that no answer names, or whose time is over, becomes an ordinary one.
 */
export async function settleProvisional(database: Database): Promise<Settled> {
  const rows = await run<Row>(database.worker, 'settlable', SETTLABLE, []);
  let merged = 0;
  let released = 0;
  for (const [organization, conversation, endpoint, entityKey, ticketId, owner] of rows) {
    const provisional = { organization, conversation, endpoint, entityKey, ticketId, owner };
    const done = await database.asWorker((client) => (owner === null ? releaseProvisional(client, provisional) : merge(client, provisional, owner)));
    if (done && owner === null) released++;
    else if (done) merged++;
  }
  return { merged, released };
}

/** Takes the row: of two processes that settle at once, one finds it. */
const TAKE = 'DELETE FROM provisional_conversation WHERE conversation_id = $1';

/** An answer that named the ticket while the conversation was waited for: the next look merges. */
const NAMED = `SELECT FROM provisional_conversation w JOIN delivery d ON d.organization_id = w.organization_id AND d.id = ANY (w.awaits) WHERE w.conversation_id = $1 AND d.state = 'SENT' AND d.ticket_id = w.ticket_id`;

async function releaseProvisional(client: pg.PoolClient, { conversation }: Provisional): Promise<boolean> {
  await client.query('SELECT 1 FROM conversation WHERE id = $1 FOR UPDATE', [conversation]);
  if (((await client.query(NAMED, [conversation])).rowCount ?? 0) > 0) return false;
  if ((await client.query(TAKE, [conversation])).rowCount !== 1) return false;
  await client.query(`UPDATE conversation SET blocked = NULL, ready_at = CASE WHEN last_seq > done_seq OR poked THEN now() ELSE 'infinity' END WHERE id = $1 AND blocked = 'AWAITING_CREATE'`, [conversation]);
  return true;
}

async function merge(client: pg.PoolClient, from: Provisional, into: string): Promise<boolean> {
  // Conversations are locked in the order of their ids, as everywhere.
  const { rows } = await client.query<{ id: string; last_seq: string; done_seq: string; blocked: string | null }>('SELECT id, last_seq, done_seq, blocked FROM conversation WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [[from.conversation, into]]);
  const source = rows.find((row) => row.id === from.conversation);
  const target = rows.find((row) => row.id === into);
  // An operator has just merged the create's conversation into another one: the next look finds that.
  if (source !== undefined && target === undefined) return false;
  if ((await client.query(TAKE, [from.conversation])).rowCount !== 1) return false;
  if (source === undefined || target === undefined || source.blocked !== 'AWAITING_CREATE' || source.done_seq !== '0') return false;
  const places = Number(source.last_seq);
  await client.query('UPDATE message SET conversation_id = $2, seq = seq + $3 WHERE conversation_id = $1', [from.conversation, into, target.last_seq]);
  await client.query(
    `UPDATE conversation SET last_seq = last_seq + $2, poked = poked OR ready_at < 'infinity', updated_at = now(),
       ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END WHERE id = $1`, [into, places]);
  await client.query('UPDATE conversation_key SET conversation_id = $2 WHERE conversation_id = $1', [from.conversation, into]);
  await client.query('DELETE FROM ticket_link WHERE conversation_id = $1', [from.conversation]);
  await moveNotes(client, from.conversation, into);
  await client.query('DELETE FROM conversation WHERE id = $1', [from.conversation]);
  return true;
}
