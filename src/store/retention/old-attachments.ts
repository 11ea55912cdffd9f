import type pg from 'pg';

const CHUNK = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Without any; most are. Compared as bytes, so that no body is read whose delivery carries none. */
const NONE = `convert_to('"attachments":[]', 'UTF8')`;

/** What open deliveries carry, and the messages that executions wait with. */
const CARRIERS = `SELECT b.body FROM troubled_delivery t JOIN delivery_body b ON b.id = t.delivery_id WHERE position(${NONE} IN b.body) = 0
UNION ALL SELECT b.body FROM ticket_link t JOIN delivery d ON d.conversation_id = t.conversation_id AND d.seq > t.done_seq AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type JOIN delivery_body b ON b.id = d.id
  WHERE t.done_seq < t.last_seq AND d.state NOT IN ('SENT', 'SKIPPED', 'CANCELLED') AND position(${NONE} IN b.body) = 0
UNION ALL SELECT x.message FROM delayed_execution x WHERE x.state = 'WAITING' AND position(${NONE} IN x.message) = 0`;

const OLD = `SELECT a.organization_id::text AS organization, a.id::text AS id, a.message_id::text AS message,
  EXISTS (SELECT FROM kept_attachment k WHERE k.id = a.id) OR EXISTS (SELECT FROM message m WHERE m.organization_id = a.organization_id AND m.id = a.message_id) AS needed
FROM attachment a WHERE a.id > $1 AND a.id < $2 ORDER BY a.id LIMIT ${CHUNK}`;

/**
 * Forgets files that came before an id: not those that a conversation keeps, nor those of messages that are still there, nor those that an open
 * delivery or a waiting execution carries. Answers how many.
 */
export async function forgetAttachments(client: pg.Client, before: string): Promise<number> {
  const carried = await carriedIds(client);
  let forgotten = 0;
  for (let after = FIRST_ID; ;) {
    const { rows } = await client.query<{ organization: string; id: string; needed: boolean }>(OLD, [after, before]);
    const gone = rows.filter(({ id, needed }) => !needed && !carried.has(id)).map(({ id }) => id);
    // A conversation may have begun to keep one in this moment: asked again in the statement that deletes.
    if (gone.length > 0) forgotten += (await client.query('DELETE FROM attachment a WHERE a.id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM kept_attachment k WHERE k.id = a.id)', [gone])).rowCount ?? 0;
    if (rows.length < CHUNK) return forgotten;
    after = rows.at(-1)!.id;
  }
}

async function carriedIds(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ body: Buffer }>(CARRIERS);
  return new Set(rows.flatMap(({ body }) => {
    const { attachments = [] } = JSON.parse(body.toString('utf8')) as { attachments?: readonly { readonly id: string }[] };
    return attachments.map(({ id }) => id);
  }));
}
