import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LaneActStore } from '../../src/store/lane/lane-act.store.js';
import { commitDeliveries } from '../../src/store/pipeline/delivery-commit.js';
import { commitRoutes, laneKey } from '../../src/store/pipeline/route-commit.js';
import { claimDeliveryLanes } from '../../src/store/pipeline/delivery-lanes.js';
import { refusalOf } from '../../src/store/pipeline/statement.js';
import { holdBehind } from '../../src/store/pipeline/troubled.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { Books, openStore } from './pipeline-setup.js';

let store: Awaited<ReturnType<typeof openStore>>;
const setup = (): Promise<Books> => Books.open(store.database);

beforeAll(async () => { store = await openStore(); });
afterAll(() => store.close());

const route = (books: Books, ...results: Parameters<typeof commitRoutes>[1][number][]) => commitRoutes(store.database, results, books.nextClaim());
const deliver = (books: Books, ...results: Parameters<typeof commitDeliveries>[1][number][]) => commitDeliveries(store.database, results, books.nextClaim());
const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => refusalOf(error));
/** What an operator does under the lane's lock. */
const operate = <T>(books: Books, delivery: string, work: (store: LaneActStore, locked: NonNullable<Awaited<ReturnType<LaneActStore['lock']>>>) => Promise<T>): Promise<T> =>
  store.database.inOrganization(books.organization, async (manager) => {
    const acts = new LaneActStore(books.organization, manager);
    return work(acts, (await acts.lock(delivery))!);
  });

describe('committing what routing decided', () => {
  it('writes messages, deliveries with their places and the begun attempt, and takes the idle lane', async () => {
    const books = await setup();
    const { lane, message } = await books.claimed();
    const { delivery, ...sends } = books.sends(message.id, 1);
    const committed = await route(books, books.routed(lane, { ...sends, messages: [{ id: message.id, state: 'ROUTED', reason: null, trace: '{}', receipt: null }] }));
    expect([...committed.taken]).toEqual([[laneKey(lane.conversation, 'target', 'incident'), null]]);
    expect(await books.conversation(lane.conversation)).toMatchObject({ done_seq: 1, claim: null, ready: false });
    expect(await books.link(lane.conversation)).toMatchObject({ last_seq: 1, done_seq: 0, create_delivery_id: delivery.id, ready: true });
    expect(await books.rows('SELECT number, outcome FROM attempt WHERE organization_id = $1')).toEqual([{ number: 1, outcome: null }]);
  });

  it('writes nothing of a batch in which one claim is gone', async () => {
    const books = await setup();
    const [one, two] = [await books.claimed('INC1'), await books.claimed('INC2')];
    await books.rows('UPDATE conversation SET claim = NULL, ready_at = now() WHERE organization_id = $1 AND id = $2', two.lane.conversation);
    const { delivery, ...sends } = books.sends(one.message.id, 1);
    expect(await refusal(route(books, books.routed(one.lane, sends), books.routed(two.lane)))).toBe('guard');
    expect([await books.count('delivery'), await books.count('attempt')]).toEqual([0, 0]);
    expect(await books.conversation(one.lane.conversation)).toMatchObject({ done_seq: 0 });
    expect(delivery.seq).toBe(1);
  });

  it('writes nothing where a lane got another delivery since it was read', async () => {
    const books = await setup();
    const { lane, message } = await books.claimed();
    await books.rows(`INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, ticket_id, last_seq) VALUES ($1, $2, 'target', 'incident', 'T-1', 3)`, lane.conversation);
    const { delivery: _, ...sends } = books.sends(message.id, 3, { operation: 'UPDATE' });
    expect(await refusal(route(books, books.routed(lane, sends)))).toBe('guard');
    expect(await books.count('delivery')).toBe(0);
  });

  it('writes no create of a ticket that has become known since it was decided', async () => {
    const books = await setup();
    const { lane, message } = await books.claimed();
    await books.accept(books.message('T-1', { endpoint: 'target', references: [{ endpoint: 'source', entityKey: 'incident', ticketId: 'INC1' }] }));
    const { delivery: _, ...sends } = books.sends(message.id, 1);
    expect(await refusal(route(books, books.routed(lane, sends)))).toBe('guard');
    expect(await books.link(lane.conversation)).toMatchObject({ ticket_id: 'T-1', last_seq: 0, create_delivery_id: null });
  });

  it('writes no update behind a create that an operator skipped since it was decided', async () => {
    const books = await setup();
    const { conversation, delivery, message } = await books.sending();
    await books.rows(`UPDATE ticket_link SET claim = NULL, ready_at = 'infinity', blocked = 'DEAD_CREATE' WHERE organization_id = $1 AND endpoint = 'target'`);
    const claim = books.nextClaim();
    await books.rows('UPDATE conversation SET claim = $2, ready_at = now(), last_seq = 2 WHERE organization_id = $1 AND id = $3', claim.toString(), conversation);
    await operate(books, delivery.id, (acts, locked) => acts.forgetCreate(locked));
    const { delivery: _, ...sends } = books.sends(message.id, 2, { operation: 'UPDATE' });
    expect(await refusal(route(books, books.routed({ conversation, claim }, { ...sends, doneSeq: 2 })))).toBe('guard');
    expect(await books.link(conversation)).toMatchObject({ create_delivery_id: null, blocked: null });
  });

  it('leaves a lane that is held to its holder, and holds visibly what joins one that stands still', async () => {
    const books = await setup();
    const { conversation, message, claim } = await books.sending();
    const again = async (seq: number): Promise<Awaited<ReturnType<typeof route>>> => {
      const token = books.nextClaim();
      await books.rows('UPDATE conversation SET claim = $2, ready_at = now(), last_seq = $4 WHERE organization_id = $1 AND id = $3', token.toString(), conversation, seq);
      const { delivery: _, ...sends } = books.sends(message.id, seq, { operation: 'UPDATE' });
      return route(books, books.routed({ conversation, claim: token }, { ...sends, doneSeq: seq }));
    };
    expect(await again(2)).toMatchObject({ left: true, taken: new Map(), stopped: [] });
    expect(await books.link(conversation)).toMatchObject({ claim: claim.toString(), last_seq: 2 });
    await books.rows(`UPDATE ticket_link SET claim = NULL, ready_at = 'infinity', blocked = 'DEAD_CREATE', done_seq = 1 WHERE organization_id = $1 AND endpoint = 'target'`);
    await again(3);
    expect(await books.rows('SELECT seq::int, state FROM delivery WHERE organization_id = $1 ORDER BY seq')).toEqual([{ seq: 1, state: 'QUEUED' }, { seq: 2, state: 'HELD' }, { seq: 3, state: 'HELD' }]);
    expect(await books.count('troubled_delivery')).toBe(2);
  });

  it('holds nothing in a lane that somebody has let go on meanwhile', async () => {
    const books = await setup();
    const { conversation } = await books.sending();
    await books.rows(`UPDATE ticket_link SET claim = NULL, ready_at = now() WHERE organization_id = $1 AND endpoint = 'target'`);
    await store.database.asWorker((client) => holdBehind(client, [{ conversation, endpoint: 'target', entityKey: 'incident', blocked: 'DEAD_CREATE' }]));
    expect(await books.rows('SELECT state FROM delivery WHERE organization_id = $1')).toEqual([{ state: 'QUEUED' }]);
  });

  it('leaves a conversation ready that was poked or got messages while it was being decided', async () => {
    const books = await setup();
    const [one, two, three] = [await books.claimed('INC1'), await books.claimed('INC2'), await books.claimed('INC3')];
    await books.accept(books.message('INC2'));
    await books.rows('UPDATE conversation SET poked = true WHERE organization_id = $1 AND id = $2', three.lane.conversation);
    expect(await route(books, books.routed(one.lane), books.routed(two.lane), books.routed(three.lane))).toMatchObject({ more: true });
    const ready = await Promise.all([one, two, three].map(async ({ lane }) => (await books.conversation(lane.conversation))['ready']));
    expect(ready).toEqual([false, true, true]);
    expect(await books.conversation(three.lane.conversation)).toMatchObject({ poked: false });
  });
});

describe('committing what became of deliveries', () => {
  it('gives the lane back idle, with the ticket id and its key', async () => {
    const books = await setup();
    const sending = await books.sending();
    expect(await deliver(books, books.result(sending, { ticketId: 'T-1' }))).toMatchObject({ more: false, conflicts: [] });
    expect(await books.link(sending.conversation)).toMatchObject({ claim: null, done_seq: 1, ready: false, ticket_id: 'T-1', crash_count: 0, in_doubt: false });
    expect((await books.accept(books.message('T-1', { endpoint: 'target' })))[0]).toMatchObject({ conversation: sending.conversation });
    expect(await books.rows('SELECT state, attempts FROM delivery WHERE organization_id = $1')).toEqual([{ state: 'SENT', attempts: 1 }]);
  });

  it('makes a retry wait for its time, on the work list', async () => {
    const books = await setup();
    const sending = await books.sending();
    await deliver(books, books.result(sending, { delayMs: 60_000, doneSeq: 0 }, 'RETRYING'));
    const link = await books.link(sending.conversation);
    expect(link).toMatchObject({ claim: null, done_seq: 0, ready: true });
    expect(link['in_s']).toBeGreaterThan(50);
    expect(await books.rows('SELECT state FROM troubled_delivery WHERE organization_id = $1')).toEqual([{ state: 'RETRYING' }]);
    await books.rows(`UPDATE ticket_link SET claim = $2 WHERE organization_id = $1 AND endpoint = 'target'`, sending.claim.toString());
    const sent = books.result(sending);
    await deliver(books, { ...sent, delivery: { ...sent.delivery!, attempts: 2 } });
    expect(await books.count('troubled_delivery')).toBe(0);
  });

  it('stops a lane, and holds what waits in it', async () => {
    const books = await setup();
    const sending = await books.sending();
    const update = newId();
    await books.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version) VALUES ($1, $2, $3, $2, 'target', 'Incident', 'incident', 2, 'UPDATE', 'r', 1)`, update, sending.conversation);
    await books.rows(`UPDATE ticket_link SET last_seq = 2 WHERE organization_id = $1 AND endpoint = 'target'`);
    await deliver(books, books.result(sending, { blocked: 'DEAD_CREATE', doneSeq: 0 }, 'DEAD'));
    expect(await books.link(sending.conversation)).toMatchObject({ blocked: 'DEAD_CREATE', ready: false, claim: null, in_doubt: false });
    expect(await books.rows('SELECT state FROM troubled_delivery WHERE organization_id = $1 ORDER BY state')).toEqual([{ state: 'DEAD' }, { state: 'HELD' }]);
  });

  it('keeps the lane for the next delivery, whose attempt is begun in the same commit', async () => {
    const books = await setup();
    const sending = await books.sending();
    const next = newId();
    await deliver(books, books.result(sending, { release: false, next: { deliveryId: next, number: 1 } }));
    expect(await books.link(sending.conversation)).toMatchObject({ claim: sending.claim.toString(), done_seq: 1, ready: true });
    expect(await books.rows('SELECT outcome FROM attempt WHERE organization_id = $1 AND delivery_id = $2', next)).toEqual([{ outcome: null }]);
  });

  it('that is repeated because its answer was lost is refused, and the lane can be given back: what was sent is not sent again', async () => {
    const books = await setup();
    const sending = await books.sending();
    const next = newId();
    await books.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version) VALUES ($1, $2, $3, $2, 'target', 'Incident', 'incident', 2, 'UPDATE', 'r', 1)`, next, sending.conversation);
    await books.rows(`UPDATE ticket_link SET last_seq = 2 WHERE organization_id = $1 AND endpoint = 'target'`);
    const response = books.message('T-1', { endpoint: 'target', kind: 1, known: sending.conversation });
    const result = books.result(sending, { release: false, next: { deliveryId: next, number: 1 }, response });
    await deliver(books, result);
    expect(await refusal(deliver(books, result))).toBe('unique');
    const unsent = { deliveryId: next, number: 1, outcome: 'NOT_SENT', httpStatus: null, error: null, durationMs: 0, answer: null };
    await deliver(books, { ...result, release: true, ticketId: null, delivery: null, attempt: unsent, next: null, response: null });
    const lanes = await claimDeliveryLanes(store.database.worker, [{ organization: books.organization, endpoint: 'target' }], books.nextClaim());
    expect(lanes).toMatchObject([{ deliveries: [{ id: next, isUnknown: false }] }]);
  });

  it('keeps a ticket id that another conversation owns for sending only, and says so', async () => {
    const books = await setup();
    const [owner] = await books.accept(books.message('T-1', { endpoint: 'target' }));
    const sending = await books.sending();
    expect((await deliver(books, books.result(sending, { ticketId: 'T-1' }))).conflicts).toEqual([{ conversation: sending.conversation, endpoint: 'target', entityKey: 'incident', ticketId: 'T-1' }]);
    expect(await books.link(sending.conversation)).toMatchObject({ ticket_id: 'T-1' });
    expect((await books.accept(books.message('T-1', { endpoint: 'target' })))[0]).toMatchObject({ conversation: owner!.conversation });
  });

  it('writes nothing where a lane is not ours any more, neither its answer', async () => {
    const books = await setup();
    const [one, two] = [await books.sending('INC1'), await books.sending('INC2')];
    await books.rows('UPDATE ticket_link SET claim = $2 WHERE organization_id = $1 AND conversation_id = $3 AND endpoint = \'target\'', books.nextClaim().toString(), two.conversation);
    const response = books.message('T-1', { endpoint: 'target', kind: 1, known: two.conversation });
    expect(await refusal(deliver(books, books.result(one), books.result(two, { response })))).toBe('guard');
    expect(await books.rows('SELECT DISTINCT state FROM delivery WHERE organization_id = $1')).toEqual([{ state: 'QUEUED' }]);
    expect(await books.conversation(two.conversation)).toMatchObject({ last_seq: 1 });
  });

  it('gives an answer its place in the conversation, and takes that where it is idle', async () => {
    const books = await setup();
    const sending = await books.sending();
    const response = books.message('T-1', { endpoint: 'target', kind: 1, known: sending.conversation, deliveryId: sending.delivery.id });
    expect((await deliver(books, books.result(sending, { response }))).responses).toEqual([{ id: response.id, conversation: sending.conversation, seq: 2, mine: true, fresh: false, isContradicted: false }]);
  });

  it('marks a lane in doubt as long as nobody knows whether its create was done', async () => {
    const books = await setup();
    const sending = await books.sending();
    const unknown = books.result(sending, { blocked: 'UNKNOWN_OUTCOME', doneSeq: 0 }, 'HELD');
    await deliver(books, { ...unknown, attempt: { ...unknown.attempt!, outcome: 'unknown' } });
    expect(await books.link(sending.conversation)).toMatchObject({ in_doubt: true });
    await books.rows(`UPDATE ticket_link SET claim = $2, blocked = NULL WHERE organization_id = $1 AND endpoint = 'target'`, sending.claim.toString());
    await deliver(books, books.result(sending, { delivery: null, attempt: null, doneSeq: 0, ticketId: null }));
    expect(await books.link(sending.conversation)).toMatchObject({ in_doubt: true });
  });
});
