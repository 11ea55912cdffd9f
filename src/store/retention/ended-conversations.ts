import type pg from 'pg';
import { uuidTimeMs } from '../pipeline/uuid.js';

/** Conversations looked at per statement, and per run: a large store is gone through in several. */
const CHUNK = 1_000;
const MOST_CHUNKS = 500;
/** Before all ids. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * A conversation has ended if a new one would be the same: it knows one ticket at most and never sent it anywhere, remembers nothing, keeps nothing,
 * waits for nothing, and none of its messages is there any more. One that joined two tickets is never forgotten: the next message about either must
 * find the other, or the ticket would be made twice.
 */
const ENDED = `c.ready_at = 'infinity' AND c.claim IS NULL AND c.blocked IS NULL AND c.done_seq >= c.last_seq
  AND (SELECT count(*) FROM conversation_key k WHERE k.conversation_id = c.id) <= 1
  AND NOT EXISTS (SELECT FROM ticket_link t WHERE t.conversation_id = c.id AND (t.last_seq > 0 OR t.create_delivery_id IS NOT NULL OR t.claim IS NOT NULL OR t.blocked IS NOT NULL))
  AND NOT EXISTS (SELECT FROM conversation_memory m WHERE m.conversation_id = c.id AND (m.attributes <> '{}' OR m.counters <> '{}'))
  AND NOT EXISTS (SELECT FROM ticket_snapshot s WHERE s.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM kept_attachment a WHERE a.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM delayed_execution x WHERE x.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM provisional_conversation p WHERE p.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM conversation_event e WHERE e.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM conversation_alias l WHERE l.into_id = c.id)
  AND NOT EXISTS (SELECT FROM conversation_alias l WHERE l.id = c.id)
  AND NOT EXISTS (SELECT FROM ticket_note n WHERE n.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM delivery d WHERE d.conversation_id = c.id)
  AND NOT EXISTS (SELECT FROM message m WHERE m.conversation_id = c.id)`;

const LOOK = `WITH c AS MATERIALIZED (SELECT * FROM conversation WHERE id > $1 AND id < $2 ORDER BY id LIMIT ${CHUNK})
SELECT (SELECT id::text FROM c ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM c) AS read,
  ARRAY (SELECT c.id::text FROM c WHERE c.updated_at < $3 AND ${ENDED}) AS ended`;

/** Under its lock and asked again: whoever brings a message for it at this moment finds it, or begins another. */
const FORGET = `WITH c AS MATERIALIZED (SELECT c.id FROM conversation c WHERE c.id = ANY ($1::uuid[]) AND ${ENDED} ORDER BY c.id FOR UPDATE SKIP LOCKED),
  k AS (DELETE FROM conversation_key x USING c WHERE x.conversation_id = c.id),
  l AS (DELETE FROM ticket_link x USING c WHERE x.conversation_id = c.id),
  m AS (DELETE FROM conversation_memory x USING c WHERE x.conversation_id = c.id),
  g AS (DELETE FROM memory_change x USING c WHERE x.conversation_id = c.id)
DELETE FROM conversation v USING c WHERE v.id = c.id`;

/** How many were forgotten, and the id behind which the next run goes on: the first one where all were looked at. */
export interface EndedConversations {
  readonly forgotten: number;
  readonly upTo: string;
}

/** Forgets conversations that ended before an id's time, from behind the id where the last run ended. */
export async function forgetEndedConversations(client: pg.Client, before: string, after: string): Promise<EndedConversations> {
  const beforeAt = new Date(uuidTimeMs(before));
  let forgotten = 0;
  let upTo = after;
  for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
    const { rows } = await client.query<{ last: string | null; read: number; ended: string[] }>(LOOK, [upTo, before, beforeAt]);
    const { last, read, ended } = rows[0]!;
    if (ended.length > 0) forgotten += (await client.query(FORGET, [ended])).rowCount ?? 0;
    if (read < CHUNK || last === null) return { forgotten, upTo: FIRST_ID };
    upTo = last;
  }
  return { forgotten, upTo };
}
