import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { texts, uuids } from './binary-array.js';
import { run } from './statement.js';

/** A ticket of a conversation: one kind of record at one endpoint. */
interface TicketPlace {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  /** Folded entity type. */
  readonly entityKey: string;
}

const ALIAS = `INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id)
SELECT DISTINCT ON (u.org, u.ep, u.ek, u.tid) u.org, u.ep, u.ek, u.tid, u.conv FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) u(org, ep, ek, tid, conv)
ORDER BY u.org, u.ep, u.ek, u.tid ON CONFLICT DO NOTHING`;

/** Makes further ids find a conversation; an id that another one has stays there. */
export async function writeAliases(client: pg.PoolClient, aliases: readonly { readonly accepted: TicketPlace; readonly alias: string; readonly conversation: string }[]): Promise<void> {
  if (aliases.length === 0) return;
  await run(client, 'write-aliases', ALIAS, [
    uuids(aliases.map((one) => one.accepted.organization)), texts(aliases.map((one) => one.accepted.endpoint)), texts(aliases.map((one) => one.accepted.entityKey)),
    texts(aliases.map((one) => one.alias)), uuids(aliases.map((one) => one.conversation)),
  ]);
}

const NOTE = `INSERT INTO ticket_note AS n (organization_id, conversation_id, endpoint, entity_type, note)
SELECT DISTINCT ON (u.conv, u.ep, u.ek) u.org, u.conv, u.ep, u.ek, u.note::jsonb FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY u(org, conv, ep, ek, note, ord)
ORDER BY u.conv, u.ep, u.ek, u.ord DESC
ON CONFLICT (conversation_id, endpoint, entity_type) DO UPDATE SET note = excluded.note, updated_at = now() WHERE n.organization_id = excluded.organization_id`;

/** Keeps what a kind wants to know of a ticket when it sends to it; of several for one ticket the last. */
export async function writeNotes(client: pg.PoolClient, notes: readonly (TicketPlace & { readonly conversation: string; readonly note: Readonly<Record<string, unknown>> })[]): Promise<void> {
  if (notes.length === 0) return;
  await run(client, 'write-notes', NOTE, [
    uuids(notes.map((one) => one.organization)), uuids(notes.map((one) => one.conversation)), texts(notes.map((one) => one.endpoint)), texts(notes.map((one) => one.entityKey)),
    texts(notes.map((one) => JSON.stringify(one.note))),
  ]);
}

const READ_NOTE = `SELECT n.note FROM ticket_note n WHERE n.conversation_id = $1::uuid AND n.endpoint = $2 AND n.entity_type = $3 AND n.organization_id = $4::uuid`;

/** What a kind noted of a ticket; null where it noted nothing. */
export async function readNote(on: pg.Pool | pg.PoolClient, { organization, endpoint, entityKey }: TicketPlace, conversation: string): Promise<Readonly<Record<string, unknown>> | null> {
  const rows = await run<[Record<string, unknown>]>(on, 'read-note', READ_NOTE, [conversation, endpoint, entityKey, organization]);
  return rows[0]?.[0] ?? null;
}

/** Notes of a conversation that becomes part of another; what that one knows already counts more. */
export async function moveNotes(client: { query(sql: string, values: unknown[]): Promise<unknown> }, from: string, into: string): Promise<void> {
  await client.query(`UPDATE ticket_note n SET conversation_id = $2 WHERE n.conversation_id = $1
    AND NOT EXISTS (SELECT FROM ticket_note o WHERE o.conversation_id = $2 AND o.endpoint = n.endpoint AND o.entity_type = n.entity_type)`, [from, into]);
  await client.query('DELETE FROM ticket_note WHERE conversation_id = $1', [from]);
}

const FAIL = `UPDATE delivery d SET state = 'DEAD', error = u.reason FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) u(org, ep, id, reason)
WHERE d.organization_id = u.org AND d.id = u.id AND d.endpoint = u.ep AND d.state = 'SENT'`;

/** Shows deliveries as failed of which the target tells so after it had taken them. Their lanes have gone on and go on. */
export async function failDeliveries(client: pg.PoolClient, failed: readonly { readonly organization: OrganizationId; readonly endpoint: string; readonly failedId: string; readonly reason: string }[]): Promise<void> {
  if (failed.length === 0) return;
  await run(client, 'fail-deliveries', FAIL, [
    uuids(failed.map((one) => one.organization)), texts(failed.map((one) => one.endpoint)), uuids(failed.map((one) => one.failedId)), texts(failed.map((one) => one.reason)),
  ]);
}
