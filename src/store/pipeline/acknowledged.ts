import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { run } from './statement.js';

/** A delivery that had worked and of which its target tells later that it did not do it. */
export interface UndoneDelivery {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly id: string;
  readonly reason: string;
  /** How many attempts it may have behind it to be sent again, and after how long. */
  readonly again: { readonly tries: number; readonly pauseMs: number };
}

const OF = `d.organization_id = $1::uuid AND d.id = $2::uuid AND d.endpoint = $3 AND d.state = 'SENT'`;

/** An update goes to the end of its lane, which may have gone on: a lane that somebody holds sees it when it is given back. */
const AGAIN = `WITH d AS MATERIALIZED (SELECT d.id, d.conversation_id, d.endpoint, d.entity_key FROM delivery d WHERE ${OF} AND d.operation = 'UPDATE' AND d.attempts <= $5::int4),
l AS (UPDATE ticket_link t SET last_seq = t.last_seq + 1, updated_at = now(),
    ready_at = CASE WHEN t.claim IS NULL AND t.blocked IS NULL THEN least(t.ready_at, now() + $6::int8 * interval '1 millisecond') ELSE t.ready_at END
  FROM d WHERE t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key RETURNING t.last_seq),
s AS (DELETE FROM delivery_step x WHERE x.delivery_id = $2::uuid AND EXISTS (SELECT FROM d)),
w AS (INSERT INTO troubled_delivery AS t (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason)
  SELECT $1::uuid, d.id, d.conversation_id, d.endpoint, d.entity_key, 'RETRYING', $4 FROM d, l
  ON CONFLICT (delivery_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = now())
UPDATE delivery x SET state = 'RETRYING', error = $4, seq = l.last_seq, next_at = now() + $6::int8 * interval '1 millisecond', finished_at = NULL
FROM l WHERE x.organization_id = $1::uuid AND x.id = $2::uuid`;

const DEAD = `WITH d AS (UPDATE delivery d SET state = 'DEAD', error = $4 WHERE ${OF} RETURNING d.id, d.conversation_id, d.endpoint, d.entity_key)
INSERT INTO troubled_delivery AS t (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason)
SELECT $1::uuid, d.id, d.conversation_id, d.endpoint, d.entity_key, 'DEAD', $4 FROM d
ON CONFLICT (delivery_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = now()`;

/**
 * Takes back that deliveries were done, one by one: they are rare. An update is sent again while it may be; everything else stands in the work
 * list as dead, a create in any case: nobody knows what is left of it. Only what is SENT changes: a repeated word does nothing.
 */
export async function takeBack(client: pg.PoolClient, undone: readonly UndoneDelivery[]): Promise<void> {
  for (const { organization, id, endpoint, reason, again: { tries, pauseMs } } of undone) {
    await run(client, 'undone-again', AGAIN, [organization, id, endpoint, reason, tries, pauseMs]);
    await run(client, 'undone-dead', DEAD, [organization, id, endpoint, reason]);
  }
}
