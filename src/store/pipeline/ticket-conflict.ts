import type pg from 'pg';
import { texts, uuids } from './binary-array.js';
import { run } from './statement.js';
import { newId } from './uuid.js';

/** An answer that brought a ticket which another conversation has: this one keeps it for sending only. */
export interface TicketConflict {
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly ticketId: string;
}

/** Not where the other one only waits for this very answer: it becomes part of this one. */
const NOTE = `INSERT INTO conversation_event AS e (organization_id, id, conversation_id, kind, other_id, subject, details, attention)
SELECT t.organization_id, u.event, u.conv, 'TICKET_CONFLICT', k.conversation_id, u.tid, jsonb_build_object('endpoint', u.ep, 'entityType', u.ek, 'ticketId', u.tid), true
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) u(event, conv, ep, ek, tid)
JOIN ticket_link t ON t.conversation_id = u.conv AND t.endpoint = u.ep AND t.entity_type = u.ek
JOIN conversation_key k ON k.organization_id = t.organization_id AND k.endpoint = u.ep AND k.entity_type = u.ek AND k.ticket_id = u.tid
WHERE k.conversation_id <> u.conv AND NOT EXISTS (SELECT FROM provisional_conversation p WHERE p.conversation_id = k.conversation_id)
ON CONFLICT (organization_id, conversation_id, kind, other_id, subject) WHERE attention DO UPDATE SET count = e.count + 1, last_at = now()
RETURNING conversation_id::text`;

/** Shows such conflicts on their conversations, once each until somebody has looked. Answers in which conversations there are any. */
export async function noteTicketConflicts(pool: pg.Pool, conflicts: readonly TicketConflict[]): Promise<ReadonlySet<string>> {
  if (conflicts.length === 0) return new Set();
  const once = [...new Map(conflicts.map((one) => [JSON.stringify([one.conversation, one.endpoint, one.entityKey, one.ticketId]), one])).values()];
  const rows = await run<[string]>(pool, 'note-ticket-conflicts', NOTE, [
    uuids(once.map(() => newId())), uuids(once.map((c) => c.conversation)), texts(once.map((c) => c.endpoint)), texts(once.map((c) => c.entityKey)), texts(once.map((c) => c.ticketId)),
  ]);
  return new Set(rows.map(([conversation]) => conversation));
}
