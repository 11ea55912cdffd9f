import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ApiClient, type Answer, type SentBody } from '../support/api-client.js';
import { API_KEY } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { LedgerRun, untilIdle } from '../support/ledger-run.js';

let database: TestDatabase;
let run: LedgerRun;
let api: ApiClient;
let stranger: ApiClient;
beforeAll(async () => {
  database = await createDatabase();
  run = await LedgerRun.open({ application: { databaseUrl: database.url } });
  api = run.application.api;
  stranger = new ApiClient(run.application.url, undefined);
});
afterAll(async () => {
  await run.close();
  await database.drop();
});

const INBOUND = '/api/v1/inbound/source/incident';
const post = (body: SentBody, headers: Readonly<Record<string, string>> = {}, path = INBOUND): Promise<Answer> => api.send('POST', path, body, headers);

/** Expects a problem document that says what and where. */
function expectProblem(answer: Answer, status: number, expected: { code?: string; pointers?: readonly string[]; detail?: RegExp } = {}): void {
  expect({ status: answer.status, type: answer.headers.get('content-type')?.split(';')[0] }).toEqual({ status, type: 'application/problem+json' });
  expect(answer.body).toMatchObject({ status, code: expect.stringMatching(/^[a-z0-9-]+$/), title: expect.any(String), detail: expect.any(String) });
  if (expected.code !== undefined) expect(answer.body.code).toBe(expected.code);
  if (expected.detail !== undefined) expect(answer.body.detail).toMatch(expected.detail);
  if (expected.pointers !== undefined) expect((answer.body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer)).toEqual(expected.pointers);
}

/** Announces more than is taken, or sends it piece by piece without saying how much there is; writes no further once there is an answer. */
function sendLarge(method: string, path: string, bytes: number, isAnnounced = true): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const call = request(`${run.application.url}${path}`, {
      method, headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...(isAnnounced ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' }) },
    }, (answer) => {
      isAnswered = true;
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as unknown, headers: new Headers({ 'content-type': answer.headers['content-type'] ?? '' }) });
        call.destroy();
      });
    });
    call.on('error', (error: NodeJS.ErrnoException) => { if (!isAnswered) reject(error); });
    call.flushHeaders();
    const piece = Buffer.alloc(65_536, 0x20);
    const write = (left: number): void => { if (!isAnswered && left > 0) call.write(piece, () => setImmediate(write, left - piece.length)); };
    if (!isAnnounced) write(bytes);
  });
}

describe('a message that cannot be read', () => {
  it.each([
    ['{"ticketId": "A", "attributes": {"a": }}', /35|character/],
    ['{"ticketId": "A"', /character 1\d/],
    ['', /empty|JSON/i],
    ['ticketId=A', /character 0/],
    ['\u0000', /character 0/],
  ])('is refused with the place where its JSON breaks: %j', async (body, detail) => {
    expectProblem(await post(body), 400, { detail });
  });

  it('is refused with a pointer to everything that has the wrong type', async () => {
    expectProblem(await post({ ticketId: ['A'], attributes: 'none', attachments: [{ name: 1 }], sender: {}, occurredAt: 'yesterday', references: [{ endpoint: 'x' }] }), 422);
    const { body } = await post({ ticketId: ['A'], attributes: 'none', attachments: {}, sender: 'me', occurredAt: 'yesterday', references: 7 });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/ticketId', '/attributes', '/attachments', '/sender', '/occurredAt', '/references']);
  });

  it.each([['a list', [1]], ['a text', '"text"'], ['nothing', 'null']])('is refused when it is %s instead of an object', async (_what, body) => {
    expectProblem(await post(body), 422, { pointers: [''] });
  });

  it('is refused when it has no ticket id, or a blank one', async () => {
    expectProblem(await post({ attributes: {} }), 422, { pointers: ['/ticketId'] });
    expectProblem(await post({ ticketId: '  ' }), 422, { pointers: ['/ticketId'] });
    expectProblem(await post({ ticketId: 'x'.repeat(600) }), 422, { pointers: ['/ticketId'] });
  });

  it('is refused when it holds what no column holds', async () => {
    expectProblem(await post('{"ticketId":"A\\u0000B","attributes":{"text":"a\\u0000b"}}'), 422, { pointers: ['/ticketId', '/attributes/text'] });
    expectProblem(await post('{"ticketId":"A","attributes":{"text":"\\ud800"}}'), 422, { pointers: ['/attributes/text'] });
    expectProblem(await post(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), 400);
  });

  it('is refused when it is nested deeper than 32', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });
    expect((await post({ ticketId: 'DEEP', attributes: nested(32) as Record<string, unknown> })).status).toBe(202);
    expectProblem(await post({ ticketId: 'DEEPER', attributes: nested(33) as Record<string, unknown> }), 422);
    expectProblem(await post(`{"ticketId":"A","attributes":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`), 422);
    expectProblem(await post('['.repeat(200_000)), 400);
  });

  it('is refused at the size limit, while it comes', async () => {
    expectProblem(await sendLarge('POST', INBOUND, 10_485_760), 413);
    expectProblem(await sendLarge('POST', INBOUND, 10_485_760, false), 413);
  });

  it('is refused when it is not JSON by its own account', async () => {
    expectProblem(await post('<ticket/>', { 'content-type': 'text/xml' }), 415);
    expectProblem(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415);
  });

  it('is refused when it is compressed, however much it would unpack to', async () => {
    const answer = await post(new Uint8Array(gzipSync(JSON.stringify({ ticketId: 'ZIP' }))), { 'content-encoding': 'gzip' });
    expectProblem(answer, 415, { detail: /gzip/ });
    const bomb = await post(new Uint8Array(gzipSync(Buffer.alloc(50_000_000, 0x20))), { 'content-encoding': 'gzip' });
    expectProblem(bomb, 415);
  });

  it('is refused when its key is too long', async () => {
    expectProblem(await post({ ticketId: 'A' }, { 'idempotency-key': 'k'.repeat(300) }), 422);
  });
});

describe('a sender', () => {
  it.each([INBOUND, '/api/v1/inbound/nowhere/incident', '/api/v1/inbound/source/nothing'])('without credentials learns nothing of %s', async (path) => {
    expectProblem(await stranger.send('POST', path, { ticketId: 'A' }), 401, { code: 'unauthenticated' });
    expectProblem(await new ApiClient(run.application.url, 'Bearer wrong').send('POST', path, { ticketId: 'A' }), 401);
    expectProblem(await new ApiClient(run.application.url, `Basic ${Buffer.from('source:wrong').toString('base64')}`).send('POST', path, { ticketId: 'A' }), 401);
  });

  it('with credentials is told what there is not', async () => {
    expectProblem(await post({ ticketId: 'A' }, {}, '/api/v1/inbound/nowhere/incident'), 404, { detail: /nowhere/ });
    expectProblem(await post({ ticketId: 'A' }, {}, '/api/v1/inbound/source/nothing'), 404, { detail: /nothing/ });
  });
});

describe('what is unusual but right', () => {
  it('arrives exactly: long numbers, prototype keys, any text', async () => {
    const text = `{"ticketId":90071992547409931234,"attributes":{"ticket":"EXACT","step":0,"text":"9007199254740993 \u{1F600} \\u00e9 \\\\ \\" ${'é'.repeat(10)}","n":1}}`;
    expect((await post(text)).status).toBe(202);
    expect((await post('{"ticketId":"PROTO","attributes":{"ticket":"PROTO","step":9007199254740993,"constructor":{"prototype":{"polluted":"yes"}},"text":"x"}}')).status).toBe(202);
    expectProblem(await post('{"ticketId":"PROTO","attributes":{"__proto__":{"polluted":"yes"}}}'), 422, { pointers: ['/attributes/__proto__'] });
    await untilIdle(database.url, 60_000);
    const [exact] = run.target.requests.filter(({ body }) => body['ticket'] === 'EXACT');
    expect(exact?.body['text']).toBe(`9007199254740993 \u{1F600} é \\ " ${'é'.repeat(10)}`);
    const [proto] = run.target.requests.filter(({ body }) => body['ticket'] === 'PROTO');
    expect(proto?.text).toContain('9007199254740993');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const { body } = await api.get('/api/v1/messages?ticketId=90071992547409931234');
    expect(JSON.stringify(body)).toContain('"90071992547409931234"');
  });
});

describe('every other route', () => {
  const WRITES = [
    ['POST', '/api/v1/endpoints'], ['PUT', '/api/v1/endpoints/target'], ['POST', '/api/v1/rules'], ['PUT', '/api/v1/config'], ['POST', '/api/v1/simulate'], ['POST', '/api/v1/sandboxes'],
  ] as const;

  /** All at once: what is announced and not sent is waited for by the server, for two seconds each. */
  let tooLarge: Map<string, Answer>;
  beforeAll(async () => {
    tooLarge = new Map(await Promise.all(WRITES.map(async ([method, path]) => [`${method} ${path}`, await sendLarge(method, path, 20_000_000)] as const)));
  });

  it.each(WRITES)('%s %s refuses broken JSON, the wrong shape, the wrong type and too much', async (method, path) => {
    expectProblem(await api.send(method, path, '{"a": '), 400);
    expectProblem(await api.send(method, path, '[1]'), 422);
    expectProblem(await api.send(method, path, '{"endpoints":7,"rules":7,"name":7,"id":7,"adapter":7,"settings":7}'), 422);
    expectProblem(await api.send(method, path, 'x', { 'content-type': 'text/plain' }), 415);
    expectProblem(tooLarge.get(`${method} ${path}`)!, 413);
    expectProblem(await stranger.send(method, path, '{}'), 401);
  });

  it.each([
    '/api/v1/messages/nowhere', '/api/v1/conversations/nowhere', '/api/v1/endpoints/nowhere', '/api/v1/rules/nowhere', '/api/v1/nothing', '/api/v1/messages/00000000-0000-7000-8000-000000000000',
  ])('GET %s says that there is nothing', async (path) => {
    expectProblem(await api.get(path), 404);
    expectProblem(await stranger.get(path), path === '/api/v1/nothing' ? 404 : 401);
  });

  it.each(['/api/v1/messages?limit=many', '/api/v1/messages?limit=-1', '/api/v1/messages?cursor=rubbish', '/api/v1/deliveries?cursor=%00', '/api/v1/deliveries?limit=0'])('GET %s says what is wrong with the question', async (path) => {
    const answer = await api.get(path);
    expect([400, 422]).toContain(answer.status);
    expectProblem(answer, answer.status);
  });

  it('a rule and an endpoint are refused with pointers', async () => {
    const rule = await api.send('POST', '/api/v1/rules', { name: 'bad', changeDescription: 'x', sourceSystemId: 'source', sourceEntityType: 'incident', targetSystemId: 'nowhere', targetEntityType: 'ticket', mappings: [{ type: 'Nothing' }] });
    expectProblem(rule, 422);
    expect(rule.body.errors[0].pointer).toMatch(/^\//);
    const endpoint = await api.send('POST', '/api/v1/endpoints', { id: 'bad', name: 'Bad', adapter: 'rest', settings: { baseUrl: 7 } });
    expectProblem(endpoint, 422);
    expect(endpoint.body.errors[0].pointer).toMatch(/^\/settings/);
  });
});
