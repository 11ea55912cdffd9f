import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptMessages } from '../../src/store/pipeline/accept.js';
import { accuseDeliveryLane, accuseReceiveLane, accuseRouteLane, acquitDeliveryLane } from '../../src/store/pipeline/blame.js';
import { ringDue } from '../../src/store/pipeline/delayed.js';
import { commitDeliveries } from '../../src/store/pipeline/delivery-commit.js';
import { claimDeliveryLanes } from '../../src/store/pipeline/delivery-lanes.js';
import { giveBackStraggling, heartbeat, silentInstances, stopInstance } from '../../src/store/pipeline/instances.js';
import type { DeliveryLane, RouteLane } from '../../src/store/pipeline/lane.js';
import { settleProvisional } from '../../src/store/pipeline/provisional.js';
import { commitRoutes } from '../../src/store/pipeline/route-commit.js';
import { claimReceiveLanes, receiveRequests } from '../../src/store/pipeline/receive-lanes.js';
import { claimRouteLanes } from '../../src/store/pipeline/route-lanes.js';
import { refusalOf } from '../../src/store/pipeline/statement.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { Books, openStore } from './pipeline-setup.js';

let store: Awaited<ReturnType<typeof openStore>>;
const setup = (): Promise<Books> => Books.open(store.database);

beforeAll(async () => { store = await openStore(); });
afterAll(() => store.close());

const claimTarget = (books: Books): Promise<DeliveryLane[]> => claimDeliveryLanes(store.database.worker, [{ organization: books.organization, endpoint: 'target' }], books.nextClaim());
const giveBack = (books: Books): Promise<unknown> => books.rows(`UPDATE ticket_link SET claim = NULL, ready_at = now() WHERE organization_id = $1 AND endpoint = 'target'`);
const claimRoutes = async (books: Books): Promise<string[]> => (await claimRouteLanes(store.database.worker, books.nextClaim())).filter((lane) => lane.organization === books.organization).map((lane) => lane.conversation);

describe('an instance that died', () => {
  it('loses its lanes: they are ready for others, and nothing of it is written any more', async () => {
    const [dead, heir] = [await setup(), await setup()];
    const { lane } = await dead.claimed('INC1');
    const sending = await dead.sending('INC2');
    const lanes = await store.database.asWorker((client) => stopInstance(client, dead.instance, false));
    expect(lanes).toBe(2);
    expect(await heartbeat(store.database.worker, dead.instance)).toBeNull();
    expect(await claimRouteLanes(store.database.worker, heir.nextClaim())).toMatchObject([{ conversation: lane.conversation, crashCount: 2 }]);
    await expect(commitRoutes(store.database, [dead.routed(lane)], dead.nextClaim())).rejects.toMatchObject({ code: '22012' });
    await expect(commitDeliveries(store.database, [dead.result(sending)], dead.nextClaim())).rejects.toMatchObject({ code: '22012' });
    const [taken] = await claimTarget(dead);
    expect(taken).toMatchObject({ conversation: sending.conversation, crashCount: 2, deliveries: [{ id: sending.delivery.id, attempts: 0, isUnknown: true }] });
  });

  it('is declared dead after 12 s of silence, not earlier, and once', async () => {
    const books = await setup();
    const declare = () => store.database.asWorker((client) => stopInstance(client, books.instance, true));
    expect(await declare()).toBeNull();
    await store.database.worker.query(`UPDATE instance SET heartbeat_at = now() - interval '13 seconds' WHERE id = $1`, [books.instance]);
    expect(await silentInstances(store.database.worker)).toContain(books.instance);
    expect(await declare()).toBe(0);
    expect(await declare()).toBeNull();
  });

  it('loses also what it claimed in its last moment, when that is seen only later', async () => {
    const books = await setup();
    await store.database.asWorker((client) => stopInstance(client, books.instance, false));
    const { conversation } = await books.sending();
    expect(await giveBackStraggling(store.database.worker)).toBeGreaterThanOrEqual(1);
    expect(await books.link(conversation)).toMatchObject({ claim: null, ready: true, in_doubt: true });
  });
});

describe('a suspected lane', () => {
  it('is accused by whoever holds it, once however often it is said, and taken with that after the process has ended', async () => {
    const books = await setup();
    const { conversation, claim } = await books.sending();
    const lane = { conversation, endpoint: 'target', entityKey: 'incident', claim, crashCount: 4 } as DeliveryLane;
    await accuseDeliveryLane(store.database.worker, { ...lane, claim: claim + 1n });
    expect(await books.link(conversation)).toMatchObject({ crash_count: 1 });
    for (let n = 0; n < 2; n++) await accuseDeliveryLane(store.database.worker, lane);
    expect(await books.link(conversation)).toMatchObject({ crash_count: 104 });
    await giveBack(books);
    expect(await claimTarget(books)).toMatchObject([{ crashCount: 105 }]);
    await acquitDeliveryLane(store.database.worker, lane);
    expect(await books.link(conversation)).toMatchObject({ crash_count: 105 }); // it is another's now
  });

  it('is accused in the route stage and the receive stage alike', async () => {
    const books = await setup();
    const { lane } = await books.claimed();
    await accuseRouteLane(store.database.worker, { ...lane, crashCount: 5 } as RouteLane);
    expect(await books.rows('SELECT crash_count FROM conversation WHERE organization_id = $1')).toEqual([{ crash_count: 105 }]);
    await receiveRequests(store.database.worker, [{ id: newId(), organization: books.organization, endpoint: 'source', entityType: 'Incident', contentType: 'a/b', headers: '{}', query: '', body: Buffer.from('x'), key: null }]);
    const received = (await claimReceiveLanes(store.database.worker, books.nextClaim())).find(({ organization }) => organization === books.organization)!;
    await accuseReceiveLane(store.database.worker, received);
    expect(await books.rows('SELECT crash_count FROM receive_lane WHERE organization_id = $1')).toEqual([{ crash_count: 101 }]);
  });
});

describe('claiming', () => {
  it('takes of every organization in turn: one with hundreds of ready conversations does not stand before another', async () => {
    const [flood, quiet] = [await setup(), await setup()];
    const leave = async (books: Books, from: number, count: number): Promise<void> => {
      const messages = Array.from({ length: count }, (_, n) => books.message(`INC${from + n}`));
      await acceptMessages(store.database.worker, messages, null);
    };
    await leave(flood, 0, 300);
    await leave(quiet, 0, 5);
    const lanes = await claimRouteLanes(store.database.worker, flood.nextClaim());
    expect(lanes).toHaveLength(64);
    expect(lanes.filter((lane) => lane.organization === quiet.organization)).toHaveLength(5);
    const again = await Promise.all([claimRouteLanes(store.database.worker, flood.nextClaim()), claimRouteLanes(store.database.worker, quiet.nextClaim())]);
    expect(new Set(again.flat().map((lane) => lane.conversation)).size).toBe(again.flat().length);
    for (let rest = 64; rest === 64;) rest = (await claimRouteLanes(store.database.worker, flood.nextClaim())).length;
    expect((await flood.rows(`SELECT 1 FROM conversation WHERE organization_id = $1 AND claim IS NULL`))).toEqual([]);
  });

  it('never takes a lane that is blocked, held by somebody, or waits for its time', async () => {
    const books = await setup();
    const lanes: { readonly conversation: string }[] = [];
    for (let n = 1; n <= 4; n++) lanes.push(await books.sending(`INC${n}`));
    await giveBack(books);
    const change = (n: number, what: string) => books.rows(`UPDATE ticket_link SET ${what} WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = 'target'`, lanes[n]!.conversation);
    await change(0, `blocked = 'DEAD_CREATE'`);
    await change(1, `claim = 5`);
    await change(2, `ready_at = now() + interval '1 hour'`);
    expect((await claimTarget(books)).map(({ conversation }) => conversation)).toEqual([lanes[3]!.conversation]);
    expect(await claimTarget(books)).toEqual([]);
  });

  it('by many at once gives each lane to one of them', async () => {
    const books = await setup();
    for (let n = 1; n <= 30; n++) await books.accept(books.message(`INC${n}`));
    await books.rows('UPDATE conversation SET claim = NULL WHERE organization_id = $1');
    const taken = (await Promise.all(Array.from({ length: 8 }, () => claimRoutes(books)))).flat();
    expect(taken).toHaveLength(30);
    expect(new Set(taken).size).toBe(30);
  });

  it('gives deliveries in their order, without those that need nothing more', async () => {
    const books = await setup();
    const { conversation } = await books.sending();
    for (const [seq, state] of [[2, 'CANCELLED'], [3, 'RETRYING'], [4, 'QUEUED']] as const) {
      await books.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state) VALUES ($1, $2, $3, $2, 'target', 'Incident', 'incident', $4, 'UPDATE', 'r', 1, $5)`, newId(), conversation, seq, state);
    }
    await books.rows(`UPDATE ticket_link SET last_seq = 4 WHERE organization_id = $1 AND endpoint = 'target'`);
    await giveBack(books);
    const [lane] = await claimTarget(books);
    expect(lane).toMatchObject({ lastSeq: 4, deliveries: [{ seq: 1 }, { seq: 3 }, { seq: 4 }] });
  });

  it('knows of a call that was begun and not made, and of one of which nobody knows', async () => {
    const books = await setup();
    const sending = await books.sending();
    const outcome = (text: string | null) => books.rows('UPDATE attempt SET outcome = $2 WHERE organization_id = $1', text);
    await giveBack(books);
    await outcome('NOT_SENT');
    expect((await claimTarget(books))[0]?.deliveries[0]).toMatchObject({ isUnknown: false });
    expect(await books.rows('SELECT outcome FROM attempt WHERE organization_id = $1 AND delivery_id = $2', sending.delivery.id)).toEqual([{ outcome: null }]);
    await giveBack(books);
    expect((await claimTarget(books))[0]?.deliveries[0]).toMatchObject({ isUnknown: true });
  });

  it('comes back empty for a lane whose deliveries are all gone, and knows up to where that is true', async () => {
    const books = await setup();
    const sending = await books.sending();
    await books.rows(`UPDATE delivery SET state = 'CANCELLED' WHERE organization_id = $1`);
    await giveBack(books);
    const [lane] = await claimTarget(books);
    expect(lane).toMatchObject({ deliveries: [], lastSeq: 1 });
    // A delivery that joins now is not passed over by what is written for the empty lane.
    await books.rows(`UPDATE ticket_link SET last_seq = 2 WHERE organization_id = $1 AND endpoint = 'target'`);
    await commitDeliveries(store.database, [books.result({ ...sending, claim: lane!.claim }, { doneSeq: lane!.lastSeq, delivery: null, attempt: null, ticketId: null })], books.nextClaim());
    expect(await books.link(sending.conversation)).toMatchObject({ done_seq: 1, last_seq: 2, ready: true, claim: null });
  });
});

describe('ringing what is due', () => {
  const waits = async (books: Books, conversation: string, dueSeconds: number): Promise<string> => {
    const id = newId();
    await books.rows(
      `INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, waiting_for, message, due_at, wake_at)
       VALUES ($1, $2, $3, $2, 'r', 1, 'r', 'target', 'incident', '[]', '{}', now() + $4 * interval '1 second', now() + $4 * interval '1 second')`, id, conversation, dueSeconds);
    return id;
  };
  const idle = async (books: Books, ticketId: string): Promise<string> => {
    const { lane } = await books.claimed(ticketId);
    await commitRoutes(store.database, [books.routed(lane)], books.nextClaim());
    return lane.conversation;
  };

  it('makes idle conversations ready and pokes those that are being decided; what is not due stays', async () => {
    const books = await setup();
    const [one, later] = [await idle(books, 'INC1'), await idle(books, 'INC3')];
    const { lane: held } = await books.claimed('INC2');
    await waits(books, one, -1);
    await waits(books, held.conversation, -1);
    await waits(books, later, 60);
    expect(await ringDue(store.database.worker)).toBe(2);
    expect(await books.conversation(one)).toMatchObject({ ready: true });
    expect(await books.conversation(held.conversation)).toMatchObject({ poked: true, claim: held.claim.toString() });
    expect(await books.conversation(later)).toMatchObject({ ready: false });
    expect(await ringDue(store.database.worker)).toBe(0);
    await commitRoutes(store.database, [books.routed(held)], books.nextClaim());
    expect(await books.conversation(held.conversation)).toMatchObject({ ready: true, poked: false });
  });

  it('leaves a conversation that somebody locks for the next time, and waits for nobody', async () => {
    const books = await setup();
    const conversation = await idle(books, 'INC1');
    await waits(books, conversation, -1);
    const client = await store.database.worker.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [conversation]);
    expect(await ringDue(store.database.worker)).toBe(0);
    await client.query('COMMIT');
    client.release();
    expect(await ringDue(store.database.worker)).toBe(1);
    expect(await books.conversation(conversation)).toMatchObject({ ready: true });
  });
});

describe('conversations that wait for an answer', () => {
  it('are settled when their time is over, however many others still wait before them', async () => {
    const books = await setup();
    await books.sending('INC1');
    const tickets = Array.from({ length: 210 }, (_, i) => books.message(`T-${i}`, { endpoint: 'target' }));
    await books.accept(...tickets);
    const last = tickets.map(({ proposed }) => proposed).sort().at(-1)!;
    await books.rows('UPDATE provisional_conversation SET deadline = now() WHERE organization_id = $1 AND conversation_id = $2', last);
    expect(await settleProvisional(store.database)).toEqual({ merged: 0, released: 1 });
    expect(await books.conversation(last)).toMatchObject({ blocked: null, ready: true });
  });

  it('are merged by one of two processes, with all their messages behind those of the conversation they belong to', async () => {
    const books = await setup();
    const sending = await books.sending('INC1');
    const early = await books.accept(books.message('T-1', { endpoint: 'target' }), books.message('T-1', { endpoint: 'target' }));
    await commitDeliveries(store.database, [books.result(sending, { ticketId: 'T-1' })], books.nextClaim());
    const settled = await Promise.all([settleProvisional(store.database), settleProvisional(store.database)]);
    expect(settled.reduce((sum, { merged }) => sum + merged, 0)).toBe(1);
    expect(await books.rows('SELECT id, seq::int FROM message WHERE organization_id = $1 AND conversation_id = $2 ORDER BY seq', sending.conversation)).toEqual([
      { id: sending.message.id, seq: 1 }, { id: early[0]!.id, seq: 2 }, { id: early[1]!.id, seq: 3 },
    ]);
    expect(await books.conversation(sending.conversation)).toMatchObject({ last_seq: 3, ready: true });
    expect(await books.count('conversation')).toBe(1);
    expect((await books.accept(books.message('T-1', { endpoint: 'target' })))[0]).toMatchObject({ conversation: sending.conversation, seq: 4 });
  });
});

describe('errors of the database', () => {
  it('are told apart: content, a claim that is gone, a key that is taken, the database itself', () => {
    expect(['22P05', '23502', '54000', '22012', '23505', '40P01', '57P01', undefined].map((code) => refusalOf({ code }))).toEqual(['row', 'row', 'row', 'guard', 'unique', 'elsewhere', 'elsewhere', 'elsewhere']);
  });
});
