import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ensurePartitions, PARTITIONED } from '../../src/store/pipeline/partition.js';
import { newId, uuidFloor } from '../../src/store/pipeline/uuid.js';
import { WEEK_MS, weekOf } from '../../src/store/pipeline/week.js';
import { applyRetention, type RetentionOptions, type RetentionRun } from '../../src/store/retention/retention.js';
import { Books, openStore } from './pipeline-setup.js';

const DAY_MS = 24 * 3_600_000;

/** A store of its own with partitions for the weeks of long ago that a test fills. */
async function setup(): Promise<{ books: Books; url: string; owner: pg.Client; close(): Promise<void> }> {
  const store = await openStore();
  const owner = new pg.Client({ connectionString: store.url });
  await owner.connect();
  await ensurePartitions(store.url, LONG_AGO);
  return {
    books: await Books.open(store.database), url: store.url, owner,
    close: async () => {
      await owner.end();
      await store.close();
    },
  };
}

const LONG_AGO = Date.now() - 200 * DAY_MS;
const options = (changes: Partial<RetentionOptions> = {}): RetentionOptions => ({ nowMs: Date.now(), messageDays: 90, deadDays: 365, isDry: false, ...changes });
const week = weekOf(LONG_AGO);
const treated = ({ weeks }: RetentionRun, name = week.name): object | undefined => weeks.find((one) => one.week === name);

interface Written {
  readonly message: string;
  readonly delivery: string;
}

/** A message with one delivery, as the pipeline leaves them, made at an instant; `state` is the delivery's. */
async function write(books: Books, atMs: number, { state = 'SENT', messageState = 'ROUTED', seq = 1, doneSeq = 1 }: { state?: string; messageState?: string; seq?: number; doneSeq?: number } = {}): Promise<Written> {
  // Random below the millisecond: ids of one test differ.
  const idAt = (ms: number): string => uuidFloor(ms).slice(0, 19) + newId().slice(19);
  const written = { message: idAt(atMs), delivery: idAt(atMs + 1) };
  const conversation = newId();
  await books.rows(`INSERT INTO conversation (organization_id, id, last_seq, done_seq) VALUES ($1, $2, 1, $3)`, conversation, messageState === 'RECEIVED' ? 0 : 1);
  await books.rows(`INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, last_seq, done_seq) VALUES ($1, $2, 'target', 'incident', 1, $3)`, conversation, doneSeq);
  await books.rows(`INSERT INTO raw_request (organization_id, id, endpoint, entity_type, content_type, body) VALUES ($1, $2, 'source', 'Incident', 'application/json', '{}')`, written.message);
  await books.rows(`INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, conversation_id, seq, state) VALUES ($1, $2, $2, 'source', 'Incident', $3, 1, $4)`, written.message, conversation, messageState);
  await books.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state)
    VALUES ($1, $2, $3, $4, 'target', 'Incident', 'incident', $5, 'UPDATE', 'r', 1, $6)`, written.delivery, conversation, written.message, seq, state);
  await books.rows(`INSERT INTO delivery_body (organization_id, id, body) VALUES ($1, $2, '{"attachments":[]}')`, written.delivery);
  await books.rows(`INSERT INTO attempt (organization_id, delivery_id, number, claim, outcome) VALUES ($1, $2, 1, 1, 'success')`, written.delivery);
  if (['RETRYING', 'HELD', 'DEAD'].includes(state)) {
    await books.rows(`INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) VALUES ($1, $2, $3, 'target', 'incident', $4, 'no')`, written.delivery, conversation, state);
  }
  return written;
}

const counts = async (books: Books): Promise<number[]> => Promise.all([...PARTITIONED, 'troubled_delivery'].map((table) => books.count(table)));
const partitions = async (owner: pg.Client, table = 'message'): Promise<string[]> =>
  (await owner.query<{ name: string }>(`SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1`, [table])).rows.map(({ name }) => name);

describe('a week that is older than messages are kept', () => {
  let store: Awaited<ReturnType<typeof setup>>;
  beforeAll(async () => { store = await setup(); });
  afterAll(() => store.close());

  it('is dropped with all that is in it, and nothing of a younger one', async () => {
    const { books, url, owner } = store;
    await write(books, LONG_AGO);
    await write(books, Date.now());
    const dry = await applyRetention(url, options({ isDry: true }));
    expect(treated(dry)).toMatchObject({ action: 'drop', open: { requests: 0, messages: 0, deliveries: 0 } });
    expect(await counts(books)).toEqual([2, 2, 2, 2, 2, 0]);
    expect(treated(await applyRetention(url, options()))).toMatchObject({ action: 'drop' });
    expect(await counts(books)).toEqual([1, 1, 1, 1, 1, 0]);
    for (const table of PARTITIONED) expect(await partitions(owner, table)).not.toContain(`${table}_${week.name}`);
    expect((await owner.query(`SELECT 1 FROM pg_class WHERE relname ~ '_(gone|left)$'`)).rowCount).toBe(0);
    expect(treated(await applyRetention(url, options()))).toBeUndefined();
  });

  it('is kept for ever where nobody wants it dropped', async () => {
    await ensurePartitions(store.url, LONG_AGO);
    expect((await applyRetention(store.url, options({ messageDays: 0 }))).weeks).toEqual([]);
    expect(await partitions(store.owner)).toContain(`message_${week.name}`);
  });
});

describe('what is open in an old week', () => {
  let store: Awaited<ReturnType<typeof setup>>;
  beforeAll(async () => { store = await setup(); });
  afterAll(() => store.close());

  it('stays, with what it carries, its attempts and its message; it goes on, and the week goes when it is done', async () => {
    const { books, url, owner } = store;
    for (let n = 0; n < 5; n++) await write(books, LONG_AGO);
    const open: Written[] = [];
    for (const state of ['QUEUED', 'RETRYING', 'HELD', 'DEAD']) open.push(await write(books, LONG_AGO, { state, doneSeq: 0 }));
    const waiting = await write(books, LONG_AGO, { messageState: 'RECEIVED' });
    const passed = await write(books, LONG_AGO, { state: 'DEAD' });
    expect(treated(await applyRetention(url, options()))).toMatchObject({ action: 'shrink', open: { requests: 6, messages: 6, deliveries: 5 } });
    expect(await counts(books)).toEqual([6, 6, 5, 5, 5, 4]);
    const left = async (table: string): Promise<string[]> => (await books.rows<{ id: string }>(`SELECT id FROM ${table} WHERE organization_id = $1 ORDER BY id`)).map(({ id }) => id);
    expect(await left('message')).toEqual([...open, passed, waiting].map(({ message }) => message).sort());
    expect(await left('delivery')).toEqual([...open, passed].map(({ delivery }) => delivery).sort());
    expect(treated(await applyRetention(url, options()))).toMatchObject({ action: 'small' });
    // The rows are in a partition like any other.
    await books.rows(`INSERT INTO attempt (organization_id, delivery_id, number, claim) VALUES ($1, $2, 2, 1)`, open[0]!.delivery);
    const { rows } = await owner.query<{ forced: boolean; policies: number }>(
      `SELECT relforcerowsecurity AS forced, (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies FROM pg_class c WHERE relname = 'delivery_${week.name}'`);
    expect(rows).toEqual([{ forced: true, policies: 2 }]);
    await books.rows(`UPDATE delivery SET state = 'SENT' WHERE organization_id = $1 AND state <> 'DEAD'`);
    await books.rows(`UPDATE ticket_link SET done_seq = last_seq WHERE organization_id = $1`);
    await books.rows(`UPDATE conversation SET done_seq = last_seq WHERE organization_id = $1`);
    await books.rows(`UPDATE message SET state = 'ROUTED' WHERE organization_id = $1`);
    await books.rows(`DELETE FROM troubled_delivery WHERE organization_id = $1 AND state <> 'DEAD'`);
    expect(treated(await applyRetention(url, options()))).toMatchObject({ action: 'shrink', open: { deliveries: 2 } });
    // A dead one has its own time; then it leaves the work list too.
    expect(treated(await applyRetention(url, options({ deadDays: 120 })))).toMatchObject({ action: 'drop' });
    expect(await counts(books)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('stays while its lane stands behind it, however old it is', async () => {
    const { books, url } = store;
    await ensurePartitions(url, LONG_AGO);
    const dead = await write(books, LONG_AGO, { state: 'DEAD', doneSeq: 0 });
    expect(treated(await applyRetention(url, options({ deadDays: 1 })))).toMatchObject({ action: 'small', open: { deliveries: 1 } });
    expect((await books.rows<{ id: string }>('SELECT id FROM delivery WHERE organization_id = $1')).map(({ id }) => id)).toEqual([dead.delivery]);
  });

  it('keeps the request that its message was made of weeks later, and the message that an execution waits with', async () => {
    const { books, url } = store;
    const raw = uuidFloor(LONG_AGO).slice(0, 19) + newId().slice(19);
    const conversation = newId();
    await books.rows(`INSERT INTO raw_request (organization_id, id, endpoint, entity_type, content_type, body) VALUES ($1, $2, 'source', 'Incident', 'application/json', '{}')`, raw);
    await books.rows(`INSERT INTO conversation (organization_id, id, last_seq) VALUES ($1, $2, 1)`, conversation);
    await books.rows(`INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, conversation_id, seq) VALUES ($1, $2, $3, 'source', 'Incident', $4, 1)`, newId(), raw, conversation);
    const { message } = await write(books, LONG_AGO);
    await books.rows(`INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, waiting_for, message)
      VALUES ($1, $2, $2, $3, 'r', 1, 'r', 'target', 'incident', '[]', '{}')`, newId(), message);
    await applyRetention(url, options());
    const left = (await books.rows<{ id: string }>('SELECT id FROM raw_request WHERE organization_id = $1 AND id < $2', uuidFloor(Date.now() - 30 * DAY_MS))).map(({ id }) => id);
    expect(left).toContain(raw);
    expect((await books.rows('SELECT 1 FROM message WHERE organization_id = $1 AND id = $2', message))).toHaveLength(1);
  });

  it('keeps the request that waits until what it leaves out was fetched', async () => {
    const { books, url } = store;
    await ensurePartitions(url, LONG_AGO);
    const { message: parked } = await write(books, LONG_AGO);
    await books.rows(`INSERT INTO incomplete_request (organization_id, id, endpoint) VALUES ($1, $2, 'source')`, parked);
    await applyRetention(url, options());
    expect(await books.rows('SELECT 1 FROM raw_request WHERE organization_id = $1 AND id = $2', parked)).toHaveLength(1);
  });
});

describe('while traffic runs', () => {
  let store: Awaited<ReturnType<typeof setup>>;
  beforeAll(async () => { store = await setup(); });
  afterAll(() => store.close());

  it('weeks are cut off in between, and nothing is lost or refused', async () => {
    const { books, url } = store;
    for (let n = 0; n < 20; n++) await write(books, LONG_AGO, n % 4 === 0 ? { state: 'HELD', doneSeq: 0 } : {});
    let isRunning = true;
    const accepted: string[] = [];
    const traffic = [0, 1, 2].map(async (lane) => {
      for (let n = 0; isRunning; n++) {
        const message = books.message(`INC-${lane}-${n}`);
        await books.accept(message);
        accepted.push(message.id);
      }
    });
    const run = await applyRetention(url, options());
    isRunning = false;
    await Promise.all(traffic);
    expect(treated(run)).toMatchObject({ action: 'shrink', open: { deliveries: 5 } });
    const found = await books.rows<{ count: number }>('SELECT count(*)::int AS count FROM message WHERE organization_id = $1 AND id = ANY ($2::uuid[])', accepted);
    expect(found[0]!.count).toBe(accepted.length);
    expect(accepted.length).toBeGreaterThan(0);
  });

  it('one process cuts at a time', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => applyRetention(store.url, options())));
    expect(runs.filter(({ ran }) => ran).length).toBeGreaterThanOrEqual(1);
    expect(await store.books.rows(`SELECT 1 FROM delivery WHERE organization_id = $1 AND state = 'HELD'`)).toHaveLength(5);
  });

  it('a table that somebody holds all the time is left for the next run, and traffic goes on meanwhile', async () => {
    const { books, url, owner } = store;
    await ensurePartitions(url, LONG_AGO - WEEK_MS);
    await owner.query('BEGIN; LOCK TABLE raw_request IN ACCESS SHARE MODE');
    const cutting = applyRetention(url, options({ tries: 2 }));
    await books.accept(books.message('INC-meanwhile'));
    const run = await cutting;
    await owner.query('ROLLBACK');
    expect(run.weeks.map(({ action }) => action)).toEqual(['postponed']);
    expect((await applyRetention(url, options())).weeks.length).toBeGreaterThan(1);
  });
});

describe('a message that belongs into no week', () => {
  it('is stored all the same, told, and moved when its week is made', async () => {
    const { books, url, owner, close } = await setup();
    try {
      const farMs = Date.now() + 300 * DAY_MS;
      await write(books, farMs);
      expect(await applyRetention(url, options())).toMatchObject({ strayRows: 5, weeksAhead: 4 });
      await ensurePartitions(url, farMs);
      expect(await applyRetention(url, options())).toMatchObject({ strayRows: 0 });
      expect(await counts(books)).toEqual([1, 1, 1, 1, 1, 0]);
      expect(await partitions(owner)).toContain(`message_${weekOf(farMs).name}`);
    } finally {
      await close();
    }
  });
});
