import type pg from 'pg';
import type { Week } from '../pipeline/week.js';

/** A row by its key. */
export interface RowKey {
  readonly organization: string;
  readonly id: string;
}

/** What of one week must outlive it: rows that something open refers to. */
export interface OpenWork {
  readonly requests: readonly RowKey[];
  readonly messages: readonly RowKey[];
  readonly deliveries: readonly RowKey[];
}

/** More than this of one kind, and the week stays as it is: copying it would stop traffic for longer than a moment. */
export const MOST_LEFT = 10_000;

/** A dead delivery is open while it is younger than its keep time, and for ever while its lane stands behind it. */
const DELIVERIES = `SELECT d.organization_id::text AS organization, d.id::text AS id FROM delivery d WHERE d.id >= $1 AND d.id < $2 AND (d.state IN ('QUEUED', 'SENDING', 'RETRYING', 'HELD')
  OR (d.state = 'DEAD' AND (d.id >= $3 OR EXISTS (SELECT FROM ticket_link t WHERE t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key AND d.seq > t.done_seq)))) LIMIT ${MOST_LEFT + 1}`;

/** Messages that were not routed yet, those whose executions wait, and those whose deliveries are open, of whichever week those are. */
const MESSAGES = `SELECT DISTINCT org::text AS organization, id::text AS id FROM (
  SELECT m.organization_id AS org, m.id FROM message m WHERE m.id >= $1 AND m.id < $2 AND m.state IN ('RECEIVED', 'DELAYED')
  UNION ALL SELECT x.organization_id, x.message_id FROM delayed_execution x WHERE x.state = 'WAITING' AND x.message_id >= $1 AND x.message_id < $2
  UNION ALL SELECT d.organization_id, d.message_id FROM troubled_delivery t JOIN delivery d ON d.organization_id = t.organization_id AND d.id = t.delivery_id WHERE (t.state <> 'DEAD' OR d.id >= $3) AND d.message_id >= $1 AND d.message_id < $2
  UNION ALL SELECT d.organization_id, d.message_id FROM ticket_link t JOIN delivery d ON d.conversation_id = t.conversation_id AND d.seq > t.done_seq AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type
    WHERE t.done_seq < t.last_seq AND d.message_id >= $1 AND d.message_id < $2 AND d.state NOT IN ('SENT', 'SKIPPED', 'CANCELLED')) u LIMIT ${MOST_LEFT + 1}`;

/** Requests that were not normalized yet, those that wait until what they leave out was fetched, and those that open messages have their content in: such a message may be of a later week. */
const REQUESTS = `SELECT DISTINCT org::text AS organization, id::text AS id FROM (
  SELECT r.organization_id AS org, r.id FROM receive_lane l JOIN raw_request r ON r.organization_id = l.organization_id AND r.endpoint = l.endpoint AND r.seq > l.done_seq WHERE r.id >= $1 AND r.id < $2
  UNION ALL SELECT i.organization_id, i.id FROM incomplete_request i WHERE i.id >= $1 AND i.id < $2
  UNION ALL SELECT m.organization_id, m.raw_id FROM unnest($3::uuid[], $4::uuid[]) o(org, id) JOIN message m ON m.organization_id = o.org AND m.id = o.id WHERE m.raw_id >= $1 AND m.raw_id < $2
  UNION ALL SELECT m.organization_id, m.raw_id FROM conversation c JOIN message m ON m.conversation_id = c.id AND m.seq > c.done_seq WHERE c.done_seq < c.last_seq AND m.raw_id >= $1 AND m.raw_id < $2) u LIMIT ${MOST_LEFT + 1}`;

/** Finds what must outlive a week; reads as the pipeline's role, over all organizations, and locks nothing. `deadBefore`: the id before which dead deliveries are given up. */
export async function openWorkOf(client: pg.Client, week: Week, deadBefore: string): Promise<OpenWork> {
  const keys = async (text: string, ...more: unknown[]): Promise<RowKey[]> => (await client.query<RowKey>(text, [week.from, week.before, ...more])).rows;
  const deliveries = await keys(DELIVERIES, deadBefore);
  const messages = await keys(MESSAGES, deadBefore);
  return { deliveries, messages, requests: await keys(REQUESTS, messages.map((one) => one.organization), messages.map((one) => one.id)) };
}

/** Whether the week is small enough to be copied. */
export const isFew = ({ requests, messages, deliveries }: OpenWork): boolean => [requests, messages, deliveries].every((keys) => keys.length <= MOST_LEFT);
