import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json, type Behaviour, type SeenRequest } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(async () => { await broker.close(); });

const THIN = {
  inbound: {
    ticketId: 'event.id', attributes: { text: 'ticket.text', notes: 'notes[0].body', kind: 'event.kind' }, attachments: { list: 'ticket.files', name: 'name', url: 'href' },
    complete: [{ id: 'ticket', method: 'GET', path: '/tickets/{{event.id}}', extract: { thread: 'thread' } }, { id: 'notes', when: 'steps.ticket.thread', method: 'GET', path: '/threads/{{steps.ticket.thread}}' }],
  },
};

async function thin(): Promise<{ desk: Desk; answers: Map<string, Behaviour> }> {
  const desk = await broker.desk();
  const answers = new Map<string, Behaviour>();
  desk.target.always((request: SeenRequest) => answers.get(request.url) ?? (request.url.startsWith('/target') ? json(201, { id: 'made' }) : json(404, { message: 'gone' })));
  await desk.rule('copy', { operationType: 'ALL', mappings: [{ type: 'Single', template: '${text}/${notes}', targetAttribute: 'text' }], attachmentMapping: { type: 'All' } });
  await desk.endpoint('source', { entityType: THIN });
  return { desk, answers };
}

const hook = async (desk: Desk, id: string): Promise<string> => (await desk.must('POST', '/api/v1/inbound/source/incident', { id, kind: 'updated' })).body.messageId as string;
const messages = (desk: Desk) => desk.rows<{ ticket_id: string | null; state: string; reason: string | null }>(`SELECT ticket_id, state, reason FROM message WHERE organization_id = $1 AND endpoint = 'source' AND kind = 0 ORDER BY id`);

describe('a thin webhook', () => {
  it('is completed before it is read: by its steps, and by the files that they name', async () => {
    const { desk, answers } = await thin();
    answers.set('/source/tickets/7', json(200, { text: 'full', thread: 'th1', files: [{ name: 'a.txt', href: `${desk.target.url}/source/files/1` }, { name: 'gone.txt', href: '/source/files/2' }] }));
    answers.set('/source/threads/th1', json(200, [{ body: 'last note' }]));
    answers.set('/source/files/1', { do: 'answer', status: 200, body: 'content', headers: { 'content-type': 'text/plain' } });
    await hook(desk, '7');
    await eventually(async () => expect(await messages(desk)).toMatchObject([{ ticket_id: '7' }]));
    await eventually(() => expect(desk.seen()).toContain('POST /target/incidents full/last note'));
    expect(await desk.rows('SELECT name, convert_from(content, \'UTF8\') AS content FROM attachment WHERE organization_id = $1')).toEqual([{ name: 'a.txt', content: 'content' }]);
  });

  it('waits while its ticket cannot be fetched, and blocks nobody', async () => {
    const { desk, answers } = await thin();
    answers.set('/source/tickets/8', json(503, {}));
    answers.set('/source/tickets/9', json(200, { text: 'nine', files: [] }));
    await hook(desk, '8');
    await hook(desk, '9');
    await eventually(async () => expect(await messages(desk)).toMatchObject([{ ticket_id: '9' }]));
    answers.set('/source/tickets/8', json(200, { text: 'eight', files: [] }));
    await eventually(async () => expect((await messages(desk)).map((one) => one.ticket_id)).toEqual(['9', '8']));
    expect(await desk.rows('SELECT id FROM incomplete_request WHERE organization_id = $1')).toEqual([]);
  });

  it('brings each comment of its ticket once, however often the ticket is fetched', async () => {
    const desk = await broker.desk();
    const inbound = {
      each: { jmespath: 'comments' }, recent: { time: 'at', reference: 'event.at' }, ticketId: { path: 'event.id', root: true }, eventId: 'id', attributes: { text: 'text' },
      complete: [{ id: 'comments', method: 'GET', path: '/tickets/{{event.id}}/comments' }],
    };
    await desk.rule('copy', { operationType: 'ALL' });
    await desk.endpoint('source', { entityType: { inbound } });
    const said = [{ id: 'c0', text: 'long ago', at: '2026-01-01T00:00:00Z' }, { id: 'c1', text: 'one', at: '2026-01-31T10:00:00Z' }, { id: 'c2', text: 'two', at: '2026-01-31T10:01:00Z' }];
    for (const [count, messages] of [[2, 1], [3, 3], [3, 5]] as const) {
      desk.target.always((request) => (request.url.startsWith('/source') ? json(200, said.slice(0, count)) : json(201, { id: 'made' })));
      await desk.must('POST', '/api/v1/inbound/source/incident', { id: '5', at: '2026-01-31T10:01:00Z' });
      await eventually(async () => expect(await desk.rows(`SELECT 1 FROM message WHERE organization_id = $1 AND endpoint = 'source' AND kind = 0`)).toHaveLength(messages));
    }
    await eventually(() => expect(desk.seen().filter((line) => line.includes('/target'))).toHaveLength(2));
    expect(desk.seen().filter((line) => line.includes('/target')).map((line) => line.split(' ').at(-1))).toEqual(['one', 'two']);
  });

  it('whose ticket is gone ends visibly', async () => {
    const { desk } = await thin();
    await hook(desk, '404');
    await eventually(async () => expect(await messages(desk)).toMatchObject([{ ticket_id: null, state: 'FAILED', reason: 'The step ticket did not work: The target answered 404: gone' }]));
  });
});

describe('a delivery of several steps', () => {
  it('goes on where it was after a step failed, and does nothing twice', async () => {
    const desk = await broker.desk();
    const steps = [{ id: 'make', main: true, method: 'POST', path: '/incidents' }, { id: 'note', method: 'POST', path: '/incidents/{{ticketId}}/notes', body: { text: 'note' } }];
    await desk.endpoint('target', { entityType: { operations: { create: { steps }, update: { method: 'PUT', path: '/incidents/{{ticketId}}' } } } });
    await desk.rule('copy');
    desk.target.next(json(201, { id: 'T1' }), json(503, {}), json(503, {}), json(201, {}));
    await desk.say('INC1', { text: 'one' });
    await desk.untilDeliveries(['SENT']);
    expect(desk.seen()).toEqual(['POST /target/incidents one', 'POST /target/incidents/T1/notes note', 'POST /target/incidents/T1/notes note', 'POST /target/incidents/T1/notes note']);
    expect(await desk.link()).toMatchObject({ ticket_id: 'T1' });
  });
});

describe('an endpoint that is tried out', () => {
  it('shakes hands by GET and POST, shows how it reads answers and requests, and what its system has', async () => {
    const desk = await broker.desk();
    desk.target.always((request) => (request.url === '/source/meta/tables' ? json(200, { result: [{ name: 'incident' }] }) : json(200, { fields: { short: { label: 'Short text', type: 'string' } } })));
    const discovery = { entityTypes: { path: '/meta/tables', list: 'result', name: 'name' }, attributes: { path: '/meta/{{entityType}}', list: 'fields', name: 'name', label: 'label', type: 'type' } };
    await desk.endpoint('source', { settings: { handshake: { type: 'hmacQuery', parameter: 'crc_token', secret: 'key' }, discovery }, entityType: { ...THIN, response: { ticketId: { header: 'location', pattern: '(\\w+)$' }, retryWhen: [{ body: "code == 'LOCKED'" }] } } });

    const shaken = await desk.user.get('/api/v1/inbound/source/incident?crc_token=abc');
    expect([shaken.status, shaken.body, shaken.headers['content-type']]).toEqual([200, '9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab', 'text/plain; charset=utf-8']);
    expect(await desk.user.get('/api/v1/inbound/source/incident')).toMatchObject({ status: 405 });

    const tried = async (what: string, body: unknown): Promise<unknown> => (await desk.must('POST', `/api/v1/endpoints/source/${what}`, body)).body;
    expect(await tried('try-answer', { entityType: 'incident', operation: 'CREATE', status: 201, headers: { Location: '/incidents/T9' }, body: '' })).toMatchObject({ outcome: 'success', ticketId: 'T9' });
    expect(await tried('try-answer', { entityType: 'incident', operation: 'UPDATE', status: 422, body: '{"code":"LOCKED","message":"in use"}' })).toMatchObject({ outcome: 'retryable', error: 'in use', attributes: { code: 'LOCKED' } });
    expect(await tried('try-request', { entityType: 'incident', body: '{"event":{"id":"7"},"ticket":{"text":"x"}}' })).toMatchObject({ ok: true, signature: null, messages: [{ ticketId: '7', attributes: { text: 'x' } }] });
    expect(await tried('try-request', { entityType: 'incident', body: '{"id":"7"}' })).toMatchObject({ ok: false, error: expect.stringContaining('names no ticket') });
    expect((await desk.user.get('/api/v1/endpoints/source/discovery?entityType=incident')).body).toEqual({ entityTypes: ['incident'], attributes: [{ entityType: 'incident', name: 'short', label: 'Short text', type: 'string', choices: [] }], from: 'system' });
    expect(await messages(desk)).toEqual([]);
  });
});
