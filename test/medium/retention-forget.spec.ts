import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, uuidFloor } from '../../src/store/pipeline/uuid.js';
import { forgetOld } from '../../src/store/retention/forget.js';
import { Books, openStore } from './pipeline-setup.js';

const DAY_MS = 24 * 3_600_000;
const LONG_AGO = Date.now() - 200 * DAY_MS;
const oldId = (): string => uuidFloor(LONG_AGO).slice(0, 19) + newId().slice(19);

let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => { store = await openStore(); });
afterAll(() => store.close());

const forget = (): ReturnType<typeof forgetOld> => forgetOld(store.url, { messageDays: 90, unmappedDays: 30, nowMs: Date.now() });

describe('files that came with old messages', () => {
  const file = async (books: Books, messageId = oldId(), id = oldId()): Promise<string> => {
    await books.rows(`INSERT INTO attachment (organization_id, id, message_id, name, content_type, size, content) VALUES ($1, $2, $3, 'a.txt', 'text/plain', 1, 'a')`, id, messageId);
    return id;
  };

  it('go, but for those that a conversation keeps, an open delivery or a waiting execution carries, or whose message is there', async () => {
    const books = await Books.open(store.database);
    const [gone, kept, sent, queued, waiting, young] = [await file(books), await file(books), await file(books), await file(books), await file(books), await file(books, newId(), newId())];
    const carrying = (id: string): string => JSON.stringify({ messageType: '', attributes: {}, attachments: [{ id, name: 'a.txt' }] });
    await books.rows(`INSERT INTO kept_attachment (organization_id, id, conversation_id, message_id, name, content_type, size) VALUES ($1, $2, $3, $3, 'a.txt', 'text/plain', 1)`, kept, newId());
    const delivery = async (state: string, carried: string): Promise<void> => {
      const id = newId();
      await books.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state) VALUES ($1, $2, $2, $2, 'target', 'Incident', 'incident', 1, 'UPDATE', 'r', 1, $3)`, id, state);
      await books.rows(`INSERT INTO delivery_body (organization_id, id, body) VALUES ($1, $2, $3)`, id, Buffer.from(carrying(carried)));
      await books.rows(`INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, last_seq, done_seq) VALUES ($1, $2, 'target', 'incident', 1, $3)`, id, state === 'QUEUED' ? 0 : 1);
      if (state === 'DEAD') await books.rows(`INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) VALUES ($1, $2, $2, 'target', 'incident', 'DEAD', 'no')`, id);
    };
    await delivery('DEAD', sent);
    await delivery('QUEUED', queued);
    await delivery('SENT', gone);
    await books.rows(`INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, waiting_for, message)
      VALUES ($1, $2, $2, $2, 'r', 1, 'r', 'target', 'incident', '[]', $3)`, oldId(), Buffer.from(carrying(waiting)));
    const message = books.message('INC-file');
    await books.accept(message);
    const ofMessage = await file(books, message.id);
    expect((await forget()).rows['attachments']).toBe(1);
    expect((await books.rows<{ id: string }>('SELECT id FROM attachment WHERE organization_id = $1 ORDER BY id')).map(({ id }) => id)).toEqual([kept, sent, queued, waiting, young, ofMessage].sort());
    expect((await forget()).rows['attachments']).toBe(0);
  });
});

describe('conversations of long ago', () => {
  /** One that heard of a ticket once and sent nothing. */
  const heard = async (books: Books, ticketId: string): Promise<string> => {
    const id = oldId();
    await books.rows(`INSERT INTO conversation (organization_id, id, last_seq, done_seq, updated_at) VALUES ($1, $2, 1, 1, now() - interval '200 days')`, id);
    await books.rows(`INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id) VALUES ($1, 'source', 'incident', $3, $2)`, id, ticketId);
    await books.rows(`INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, ticket_id) VALUES ($1, $2, 'source', 'incident', $3)`, id, ticketId);
    await books.rows(`INSERT INTO conversation_memory (organization_id, conversation_id) VALUES ($1, $2)`, id);
    return id;
  };

  /** What may still refer to a conversation, each by itself. */
  const REFERENCES: Readonly<Record<string, string>> = {
    'a ticket that it joined': `INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id) VALUES ($1, 'target', 'issue', 'T-joined', $2)`,
    'a delivery lane that was used': `INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, last_seq, done_seq) VALUES ($1, $2, 'target', 'issue', 1, 1)`,
    'what it remembers': `UPDATE conversation_memory SET attributes = '{"group": "a"}' WHERE organization_id = $1 AND conversation_id = $2`,
    'what it counts': `UPDATE conversation_memory SET counters = '{"tries": 1}' WHERE organization_id = $1 AND conversation_id = $2`,
    'last known values': `INSERT INTO ticket_snapshot (organization_id, conversation_id, endpoint, entity_type, ticket_id, upto_seq, received_at, attributes) VALUES ($1, $2, 'source', 'incident', 'T', 1, now(), '{}')`,
    'a file that it keeps': `INSERT INTO kept_attachment (organization_id, id, conversation_id, message_id, name, content_type, size) VALUES ($1, $2, $2, $2, 'a', 'b', 1)`,
    'an execution that waits': `INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, waiting_for, message) VALUES ($1, $2, $2, $2, 'r', 1, 'r', 't', 'i', '[]', '{"attachments":[]}')`,
    'a message that is there': `INSERT INTO message (organization_id, id, conversation_id, endpoint, entity_type) VALUES ($1, $2, $2, 'source', 'Incident')`,
    'what stops it': `UPDATE conversation SET blocked = 'LOOP' WHERE organization_id = $1 AND id = $2`,
    'work that is ready': `UPDATE conversation SET ready_at = now() WHERE organization_id = $1 AND id = $2`,
    'a note for its target': `INSERT INTO ticket_note (organization_id, conversation_id, endpoint, entity_type, note) VALUES ($1, $2, 'target', 'issue', '{}')`,
    'another that is part of it': `INSERT INTO conversation_alias (organization_id, id, into_id) VALUES ($1, gen_random_uuid(), $2)`,
    'a message of today': `UPDATE conversation SET updated_at = now() WHERE organization_id = $1 AND id = $2`,
  };

  it('are forgotten where nothing refers to them, with all that hangs on them; every reference keeps one', async () => {
    const books = await Books.open(store.database);
    const gone = await heard(books, 'INC-gone');
    const kept = new Map<string, string>();
    for (const [name, statement] of Object.entries(REFERENCES)) {
      const id = await heard(books, `INC ${name}`);
      await books.rows(statement, id);
      kept.set(id, name);
    }
    expect((await forget()).rows['conversations']).toBe(1);
    const left = new Set((await books.rows<{ id: string }>('SELECT id FROM conversation WHERE organization_id = $1')).map(({ id }) => id));
    expect([...kept].filter(([id]) => !left.has(id)).map(([, name]) => name)).toEqual([]);
    for (const table of ['conversation_key', 'ticket_link', 'conversation_memory']) expect(await books.rows(`SELECT 1 FROM ${table} WHERE organization_id = $1 AND conversation_id = $2`, gone)).toEqual([]);
    // The ticket speaks again: it begins anew.
    const [placed] = await books.accept(books.message('INC-gone'));
    expect(placed).toMatchObject({ seq: 1, fresh: true });
    expect(placed!.conversation).not.toBe(gone);
  });

  it('are judged by every table that names conversations', async () => {
    const owner = new pg.Client({ connectionString: store.url });
    await owner.connect();
    try {
      const { rows } = await owner.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attname = 'conversation_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY 1`);
      expect(rows.map(({ name }) => name)).toEqual([
        'conversation_event', 'conversation_key', 'conversation_memory', 'conversation_term' /* of its memory: none where that is empty */, 'delayed_execution', 'delivery', 'kept_attachment', 'memory_change', 'message', 'provisional_conversation', 'ticket_link', 'ticket_note', 'ticket_snapshot',
        'troubled_delivery', // with its delivery
      ]);
    } finally {
      await owner.end();
    }
  });
});

describe('what is over', () => {
  it('goes by age: finished acts on many, ended waits, logs of memory, processes that ended', async () => {
    const books = await Books.open(store.database);
    for (const [id, state] of [[oldId(), 'DONE'], [oldId(), 'PLANNED'], [newId(), 'DONE']]) {
      await books.rows(`INSERT INTO bulk_operation (organization_id, id, action, selection, digest, state, created_by, updated_at) VALUES ($1, $2, 'delivery.retry', '{}', '', $3, '{}', now() - interval '2 hours')`, id, state);
      await books.rows(`INSERT INTO bulk_item (organization_id, bulk_id, subject, endpoint, state_then) VALUES ($1, $2, $2, 'e', 'DEAD')`, id);
    }
    await books.rows(`INSERT INTO bulk_operation (organization_id, id, action, selection, digest, state, created_by) VALUES ($1, $2, 'delivery.retry', '{}', '', 'RUNNING', '{}')`, oldId());
    await books.rows(`INSERT INTO memory_change (organization_id, id, conversation_id, kind, name) SELECT $1, i, i, 'attribute', 'a' FROM unnest($2::uuid[]) i`, [oldId(), newId()]);
    const forgotten = await forget();
    expect(forgotten.rows).toMatchObject({ bulkOperations: 2, memoryChanges: 1 });
    expect(await books.rows(`SELECT state FROM bulk_operation WHERE organization_id = $1 ORDER BY state`)).toEqual([{ state: 'DONE' }, { state: 'RUNNING' }]);
    expect(await books.count('bulk_item')).toBe(1);
    expect(await books.count('memory_change')).toBe(1);
  });

  it('goes by when it came last: values for which a table had no row, where they are not kept until there is one', async () => {
    const books = await Books.open(store.database);
    for (const [id, days] of [['old', 31], ['young', 29]]) {
      await books.rows(`INSERT INTO unmapped_value (organization_id, id, table_id, rule_id, rule_version, mapping, sources, targets, held, has_default, count, first_at, last_at, message_id)
        VALUES ($1, $2, 't', 'r', 1, '/mappings/0', '{a}', '{b}', '{x}', false, 1, now() - interval '99 days', now() - make_interval(days => $3), $4)`, id, days, newId());
    }
    expect((await forgetOld(store.url, { messageDays: 90, unmappedDays: 0, nowMs: Date.now() })).rows).not.toHaveProperty('unmappedValues');
    expect((await forget()).rows).toMatchObject({ unmappedValues: 1 });
    expect(await books.rows('SELECT id FROM unmapped_value WHERE organization_id = $1')).toEqual([{ id: 'young' }]);
  });

  it('stays where messages are kept for ever', async () => {
    const books = await Books.open(store.database);
    await books.rows(`INSERT INTO memory_change (organization_id, id, conversation_id, kind, name) VALUES ($1, $2, $2, 'attribute', 'a')`, oldId());
    expect((await forgetOld(store.url, { messageDays: 0, unmappedDays: 0, nowMs: Date.now() })).rows).not.toHaveProperty('memoryChanges');
    expect(await books.count('memory_change')).toBe(1);
  });
});
