import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptMessages, routeLanesOf } from '../../src/store/pipeline/accept.js';
import { claimReceiveLanes, commitNormalized, receiveRequests } from '../../src/store/pipeline/receive-lanes.js';
import { refusalOf } from '../../src/store/pipeline/statement.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { Books, openStore } from './pipeline-setup.js';

let store: Awaited<ReturnType<typeof openStore>>;
const setup = (): Promise<Books> => Books.open(store.database);

beforeAll(async () => { store = await openStore(); });
afterAll(() => store.close());

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('accepting messages', () => {
  it('of a new ticket begins a conversation with its key and link, claimed', async () => {
    const books = await setup();
    const message = books.message('INC1');
    const [placed] = await books.accept(message);
    expect(placed).toEqual({ id: message.id, conversation: message.proposed, seq: 1, mine: true, fresh: true, isContradicted: false });
    expect(await books.conversation(message.proposed)).toMatchObject({ last_seq: 1, done_seq: 0, blocked: null, ready: true });
    expect(await books.rows('SELECT endpoint, entity_type, ticket_id, conversation_id FROM conversation_key WHERE organization_id = $1')).toEqual([{ endpoint: 'source', entity_type: 'incident', ticket_id: 'INC1', conversation_id: message.proposed }]);
    expect(await books.link(message.proposed, 'source')).toMatchObject({ ticket_id: 'INC1', last_seq: 0, ready: false });
  });

  it('of a known ticket gives the next place; a lane that somebody holds is not taken', async () => {
    const books = await setup();
    const [first] = await books.accept(books.message('INC1'));
    const [second, third] = await books.accept(books.message('INC1'), books.message('INC1'));
    expect([second, third]).toMatchObject([{ conversation: first!.conversation, seq: 2, mine: false, fresh: false }, { conversation: first!.conversation, seq: 3, mine: false }]);
  });

  it('takes a lane that is idle, and hands over all of its messages', async () => {
    const books = await setup();
    const [first] = await books.accept(books.message('INC1'));
    await books.rows(`UPDATE conversation SET claim = NULL, ready_at = 'infinity', done_seq = 1 WHERE organization_id = $1`);
    const messages = [books.message('INC1'), books.message('INC2'), books.message('INC1')];
    const claim = books.nextClaim();
    const lanes = routeLanesOf(await acceptMessages(store.database.worker, messages, claim), messages, claim);
    expect(lanes.map((lane) => [lane.conversation, lane.fresh, lane.lastSeq, lane.items.map(({ id, seq }) => [id, seq])])).toEqual([
      [first!.conversation, false, 3, [[messages[0]!.id, 2], [messages[2]!.id, 3]]],
      [messages[1]!.proposed, true, 1, [[messages[1]!.id, 1]]],
    ]);
  });

  it('of one new ticket, several at once, is one conversation in their order', async () => {
    const books = await setup();
    const placed = await books.accept(books.message('INC1'), books.message('INC2'), books.message('INC1'), books.message('INC1'));
    expect(placed.map(({ seq }) => seq)).toEqual([1, 1, 2, 3]);
    expect(new Set(placed.map(({ conversation }) => conversation)).size).toBe(2);
  });

  it('of two tickets of one conversation, at once, gives consecutive places', async () => {
    const books = await setup();
    const [first] = await books.accept(books.message('INC1'));
    await books.rows(`INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id) VALUES ($1, 'target', 'incident', 'T-1', $2)`, first!.conversation);
    const placed = await books.accept(books.message('INC1'), books.message('T-1', { endpoint: 'target' }), books.message('INC1'));
    expect(placed.map(({ conversation, seq }) => [conversation, seq])).toEqual([2, 3, 4].map((seq) => [first!.conversation, seq]));
  });

  it('that names a known ticket joins its conversation and adds its own; its own ticket goes before any reference', async () => {
    const books = await setup();
    const [one, two] = await books.accept(books.message('INC1'), books.message('INC2'));
    const naming = (ticketId: string): object => ({ endpoint: 'target', references: [{ endpoint: 'source', entityKey: 'incident', ticketId: 'INC0' }, { endpoint: 'source', entityKey: 'incident', ticketId }] });
    const [joined] = await books.accept(books.message('T-1', naming('INC1')));
    expect(joined).toMatchObject({ conversation: one!.conversation, seq: 2, fresh: false });
    const [again] = await books.accept(books.message('T-1', naming('INC2')));
    expect(again).toMatchObject({ conversation: one!.conversation, seq: 3 });
    expect(await books.conversation(two!.conversation)).toMatchObject({ last_seq: 1 });
    expect(await books.link(one!.conversation)).toMatchObject({ ticket_id: 'T-1' });
  });

  it('of another organization with the same ticket is another conversation', async () => {
    const [one, other] = [await setup(), await setup()];
    const placed = await one.accept(one.message('INC1'), other.message('INC1'));
    expect(placed[0]!.conversation).not.toBe(placed[1]!.conversation);
  });

  it('of a ticket that another process makes known at this moment is refused as not unique, and found the next time', async () => {
    const books = await setup();
    const client = await store.database.worker.connect();
    await client.query('BEGIN');
    const [first] = await acceptMessages(client, [books.message('INC1')], books.nextClaim());
    const late = books.message('INC1');
    const refused = books.accept(late, books.message('INC2')).catch((error: unknown) => error);
    await wait(100);
    await client.query('COMMIT');
    client.release();
    expect(refusalOf(await refused)).toBe('unique');
    expect(await books.count('message')).toBe(1);
    expect((await books.accept(late))[0]).toMatchObject({ conversation: first!.conversation, seq: 2, mine: false });
  });

  it('for a conversation that is merged into another at this moment is refused, and finds the other the next time', async () => {
    const books = await setup();
    const [into] = await books.accept(books.message('INC1'));
    const [gone] = await books.accept(books.message('T-1', { endpoint: 'target' }));
    const client = await store.database.worker.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [gone!.conversation]);
    await client.query('UPDATE conversation_key SET conversation_id = $2 WHERE conversation_id = $1', [gone!.conversation, into!.conversation]);
    await client.query('DELETE FROM conversation WHERE id = $1', [gone!.conversation]);
    const late = books.message('T-1', { endpoint: 'target' });
    const refused = books.accept(late).catch((error: unknown) => error);
    await wait(100);
    await client.query('COMMIT');
    client.release();
    expect(refusalOf(await refused)).toBe('guard');
    expect((await books.accept(late))[0]).toMatchObject({ conversation: into!.conversation, seq: 2 });
    expect(await books.count('conversation')).toBe(1);
  });

  it('takes nothing for a process that only receives', async () => {
    const books = await setup();
    const [placed] = await acceptMessages(store.database.worker, [books.message('INC1')], null);
    expect(placed).toMatchObject({ mine: false, fresh: true });
    expect(await books.conversation(placed!.conversation)).toMatchObject({ claim: null, ready: true });
  });
});

describe('normalizing requests that came together', () => {
  it('joins the tickets of two systems where one refers to the other, though the reference came in the same batch', async () => {
    const books = await setup();
    const names = (ticketId: string, entityKey = 'incident') => [{ endpoint: 'source', entityKey, ticketId }];
    const messages = [
      books.message('INC1'), books.message('INC9'), books.message('CASE1', { entityType: 'Case', entityKey: 'case', references: names('INC1') }),
      books.message('INC1'), books.message('TASK1', { entityType: 'Task', entityKey: 'task', references: names('CASE1', 'case') }),
    ];
    await receiveRequests(books.database.worker, [{ id: newId(), organization: books.organization, endpoint: 'source', entityType: 'Incident', contentType: 'a/b', headers: '{}', query: '', body: Buffer.from('x'), key: null }]);
    const lane = (await claimReceiveLanes(books.database.worker, books.nextClaim())).find(({ organization }) => organization === books.organization)!;
    const claim = books.nextClaim();
    const { lanes } = await commitNormalized(books.database, {
      organization: books.organization, endpoint: 'source', claim: lane.claim, doneSeq: lane.lastSeq, ended: [], items: messages.map((accepted) => ({ accepted, eventKey: null, attachments: [] })),
    }, claim);
    expect(lanes.map(({ items, fresh, lastSeq }) => ({ tickets: items.map(({ ticketId }) => ticketId), fresh, lastSeq }))).toEqual([
      { tickets: ['INC1', 'CASE1', 'INC1', 'TASK1'], fresh: false, lastSeq: 4 }, { tickets: ['INC9'], fresh: true, lastSeq: 1 },
    ]);
    expect(await books.count('conversation')).toBe(2);
  });
});

describe('a message of a ticket that nobody knows', () => {
  const fromTarget = (books: Books, ticketId: string, changes = {}) => books.message(ticketId, { endpoint: 'target', ...changes });
  const provisional = (books: Books) => books.rows('SELECT conversation_id AS conversation, awaits, ticket_id FROM provisional_conversation WHERE organization_id = $1');

  it('begins a conversation that waits, while creates to its place are being sent', async () => {
    const books = await setup();
    const [one, two] = [await books.sending('INC1'), await books.sending('INC2')];
    const [placed] = await books.accept(fromTarget(books, 'T-1'));
    expect(placed).toMatchObject({ fresh: true, mine: false });
    expect(await books.conversation(placed!.conversation)).toMatchObject({ blocked: 'AWAITING_CREATE', claim: null, ready: false });
    const [row] = await provisional(books);
    expect([...(row!['awaits'] as string[])].sort()).toEqual([one.delivery.id, two.delivery.id].sort());
    expect((await books.accept(fromTarget(books, 'T-1')))[0]).toMatchObject({ conversation: placed!.conversation, seq: 2, mine: false });
    expect(await provisional(books)).toHaveLength(1);
  });

  it('does not wait for creates of another place, queued ones, refused ones, nor where it names a known ticket', async () => {
    const books = await setup();
    const { conversation } = await books.sending('INC1');
    expect((await books.accept(books.message('X-1', { endpoint: 'other' })))[0]).toMatchObject({ mine: true });
    const naming = { references: [{ endpoint: 'source', entityKey: 'incident', ticketId: 'INC1' }] };
    expect((await books.accept(fromTarget(books, 'T-1', naming)))[0]).toMatchObject({ conversation });
    await books.rows(`UPDATE ticket_link SET claim = NULL, blocked = 'DEAD_CREATE' WHERE organization_id = $1 AND endpoint = 'target'`);
    expect((await books.accept(fromTarget(books, 'T-2')))[0]).toMatchObject({ mine: true });
    expect(await provisional(books)).toEqual([]);
  });

  it('waits for a create of unknown outcome, though nobody sends it now', async () => {
    const books = await setup();
    await books.sending('INC1');
    await books.rows(`UPDATE ticket_link SET claim = NULL, in_doubt = true, ready_at = now() + interval '1 hour' WHERE organization_id = $1 AND endpoint = 'target'`);
    expect((await books.accept(fromTarget(books, 'T-1')))[0]).toMatchObject({ mine: false, fresh: true });
    expect(await provisional(books)).toHaveLength(1);
  });

  it('does not wait as an answer: its conversation is known', async () => {
    const books = await setup();
    const { conversation, delivery } = await books.sending('INC1');
    const [placed] = await books.accept(books.message(null, { endpoint: 'target', kind: 1, known: conversation, proposed: newId(), deliveryId: delivery.id }));
    expect(placed).toMatchObject({ conversation, seq: 2 });
  });
});
