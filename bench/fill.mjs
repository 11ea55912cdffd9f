// Fills a migrated database with messages as traffic of some weeks leaves them: conversations of four messages, their deliveries, attempts, memory.
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { bodyTemplate } from './job.mjs';

const WEEK_MS = 7 * 24 * 3_600_000;
/** Conversations per transaction. */
const STEP = 10_000;
const PER_CONVERSATION = 4;

/** A UUIDv7 of a time in milliseconds, from numbers: `n` within the millisecond, `salt` so that ids of different tables differ. */
const ID = `CREATE FUNCTION pg_temp.id7(ms bigint, n bigint, salt text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || substr(md5(salt || n::text), 1, 15))::uuid $$`;

/** What is filled, a conversation `c` and its `k`-th message a row: n in 1,000 are dead, failed or without a route. The fourth comes back from the target. */
const ROWS = `CREATE TEMP TABLE told ON COMMIT DROP AS
  SELECT c, k, c * 4 + k AS n, t.ms, pg_temp.id7(t.first, c, 'conversation') AS conversation, pg_temp.id7(t.ms, c * 4 + k, 'message') AS message, pg_temp.id7(t.ms + 5, c * 4 + k, 'delivery') AS delivery,
    CASE WHEN k = 3 THEN 'target-1' ELSE 'source' END AS endpoint, CASE WHEN k = 3 THEN 'Issue' ELSE 'incident' END AS entity_type, CASE WHEN k = 3 THEN 'T-' || c ELSE 'INC' || c END AS ticket,
    CASE WHEN (c * 4 + k) % 1000 = 7 THEN 'FAILED' WHEN (c * 4 + k) % 1000 < 30 AND k > 0 THEN 'NO_ROUTE' ELSE 'ROUTED' END AS state,
    CASE WHEN (c * 4 + k) % 1000 = 501 THEN 'DEAD' ELSE 'SENT' END AS delivery_state
  FROM generate_series($1::bigint, $2::bigint) c CROSS JOIN generate_series(0, 3) k
  CROSS JOIN LATERAL (SELECT $3::bigint + (c * $4::float8)::bigint AS first, $3::bigint + (c * $4::float8)::bigint + k * 400 AS ms) t`;

const AT = `to_timestamp(ms / 1000.0)`;
/** What routing leaves of a message, with five rules that came near; as long as the bench's own. */
const TRACE = `'${JSON.stringify({
  ruleSet: 'filled', executed: [{ ruleId: 'rule-7', rule: 'rule 7', ruleVersion: 1 }], delayed: [], failed: [], dropped: [],
  misses: [13, 20, 27, 34, 41].map((n) => ({ ruleId: `01a1fccfd598704cbc74f0b691f024${n}`, rule: `rule ${n}`, ruleVersion: 1, reason: 'condition', detail: `assignment_group EQUALS group 0${n}`, actual: 'group 007', expected: `group 0${n}` })), missCounts: { condition: 99 },
})}'`;

/** One statement per table; `$org` is the organization, `$body` and `$sent` what requests and deliveries carry (with places for the number). */
const INSERTS = [
  `INSERT INTO raw_request (organization_id, id, endpoint, entity_type, content_type, body)
   SELECT $org, message, endpoint, entity_type, 'application/json', overlay($body::bytea placing convert_to(lpad(n::text, 9, '0') || md5(n::text), 'UTF8') from 40) FROM told`,
  `INSERT INTO conversation (organization_id, id, last_seq, done_seq, updated_at) SELECT $org, conversation, 4, 4, ${AT} FROM told WHERE k = 3`,
  `INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, ticket_id, conversation_id, seq, state, reason, received_at, finished_at, trace_text)
   SELECT $org, message, message, endpoint, entity_type, ticket, conversation, k + 1, state, CASE WHEN state = 'FAILED' THEN 'a value could not be read as a date' END, ${AT}, ${AT} + interval '20 ms', CASE WHEN state = 'ROUTED' THEN ${TRACE} END FROM told`,
  `INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id) SELECT $org, endpoint, lower(entity_type), ticket, conversation FROM told WHERE k IN (0, 3)`,
  `INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, ticket_id, create_delivery_id, last_seq, done_seq, updated_at)
   SELECT $org, conversation, endpoint, lower(entity_type), ticket, CASE WHEN k = 3 THEN delivery END, 3, 3, ${AT} FROM told WHERE k IN (0, 3)`,
  `INSERT INTO conversation_memory (organization_id, conversation_id, attributes, counters) SELECT $org, conversation, jsonb_build_object('group', 'group ' || c % 100, 'priority', 'P' || c % 4), '{"updates": 3}' FROM told WHERE k = 0 AND c % 2 = 0`,
  `INSERT INTO memory_change (organization_id, id, conversation_id, message_id, kind, name, before, after, rule_id, rule_version, changed_at)
   SELECT $org, pg_temp.id7(ms, n, 'memory'), conversation, message, 'attribute', 'group', NULL, to_jsonb('group ' || c % 100), 'rule-7', 1, ${AT} FROM told WHERE k = 0 AND c % 2 = 0`,
  `INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state, attempts, http_status, error, ticket_id, created_at, finished_at)
   SELECT $org, delivery, conversation, message, t.ep, t.et, lower(t.et), k + 1, CASE WHEN k = 0 THEN 'CREATE' ELSE 'UPDATE' END, 'rule-7', 1, delivery_state, 1, CASE WHEN delivery_state = 'SENT' THEN 201 ELSE 400 END,
     CASE WHEN delivery_state = 'DEAD' THEN 'the target refused it' END, CASE WHEN k < 3 THEN 'T-' || c ELSE 'INC' || c END, ${AT}, ${AT} + interval '40 ms'
   FROM told CROSS JOIN LATERAL (SELECT CASE WHEN k < 3 THEN 'target-1' ELSE 'source' END AS ep, CASE WHEN k < 3 THEN 'Issue' ELSE 'incident' END AS et) t WHERE state = 'ROUTED'`,
  `INSERT INTO delivery_body (organization_id, id, body) SELECT $org, delivery, overlay($sent::bytea placing convert_to(md5(n::text), 'UTF8') from 60) FROM told WHERE state = 'ROUTED'`,
  `INSERT INTO attempt (organization_id, delivery_id, number, started_at, claim, outcome, http_status, duration_ms, finished_at, answer)
   SELECT $org, delivery, 1, ${AT}, 1, CASE WHEN delivery_state = 'SENT' THEN 'success' ELSE 'rejected' END, CASE WHEN delivery_state = 'SENT' THEN 201 ELSE 400 END, 35, ${AT} + interval '40 ms', convert_to('{"id":"T-' || c || '"}', 'UTF8') FROM told WHERE state = 'ROUTED'`,
  `INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason, since)
   SELECT $org, delivery, conversation, CASE WHEN k < 3 THEN 'target-1' ELSE 'source' END, CASE WHEN k < 3 THEN 'issue' ELSE 'incident' END, 'DEAD', 'the target refused it', ${AT} FROM told WHERE state = 'ROUTED' AND delivery_state = 'DEAD'`,
];

/** What a delivery of the bench's job carries. */
const SENT = Buffer.from(JSON.stringify({
  messageType: '', attachments: [],
  attributes: { 'fields.sequence': '000000000', 'fields.summary': 'Printer 4711 is offline: "paper jam"', 'fields.description': 'Hello, '.concat('the queue stays offline for about ten minutes & then recovers by itself. '.repeat(8)), 'fields.related': '0042',
    'fields.opened': '01.07.2026 11:30', 'fields.reporter': 'Jane Doe <jane.doe@example.com>', 'fields.origin': 'INC000000000', 'fields.priority': 'P2', 'fields.queue': 'queue-21' },
}));

async function partitionsFor(url, weeks, entry) {
  const { ensurePartitions } = await import(pathToFileURL(join(dirname(entry), 'store/pipeline/partition.js')));
  for (let week = 0; week <= weeks; week++) await ensurePartitions(url, Date.now() - week * WEEK_MS);
}

/** Several at once: one waits for its log while another computes. */
const WRITERS = 2;

/** Writes the messages from the `from`-th up to the `to`-th of `messages`, which are spread over the last `weeks` weeks, into the first organization. `told` hears how far it has come. */
export async function fill(url, { messages, from: first, to, weeks, entry, told }) {
  await partitionsFor(url, weeks, entry);
  const [conversations, begin, end] = [messages, first, to].map((count) => Math.floor(count / PER_CONVERSATION));
  const beginMs = Date.now() - weeks * WEEK_MS;
  const spacing = (weeks * WEEK_MS - 3_600_000) / conversations;
  let next = begin;
  const write = async () => {
    const client = new pg.Client({ connectionString: url, options: '-c role=parley_worker -c synchronous_commit=off -c work_mem=128MB' });
    await client.connect();
    try {
      const statements = await statementsOf(client);
      while (next < end) {
        const from = next;
        next = Math.min(from + STEP, end);
        const till = next;
        await client.query('BEGIN');
        await client.query(ROWS, [from, till - 1, beginMs, spacing]);
        for (const statement of statements) await client.query(statement);
        await client.query('COMMIT');
        if (till % (10 * STEP) === 0) told({ written: till * PER_CONVERSATION });
      }
    } finally {
      await client.end();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query('VACUUM (ANALYZE)').finally(() => owner.end());
}

async function statementsOf(client) {
  await client.query(ID);
  const { rows } = await client.query('SELECT id FROM organization ORDER BY created_at LIMIT 1');
  const place = { org: `'${rows[0].id}'::uuid`, body: `'\\x${bodyTemplate().body.toString('hex')}'`, sent: `'\\x${SENT.toString('hex')}'` };
  return INSERTS.map((text) => text.replaceAll(/\$(org|body|sent)\b/g, (_, name) => place[name]));
}
