import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, createHmac, generateKeyPairSync, verify as verifyWith } from 'node:crypto';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { CarriedAttachment, ConnectedEndpoint, OutboundDelivery, StepMemory } from '../../contract.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const signal = new AbortController().signal;
const client = () => http.client('t', { slots: 4 });

beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const ISSUE = { operations: { create: { method: 'POST', path: '/issues' }, update: { method: 'PUT', path: '/issues/{{ticketId}}' } }, response: { ticketId: 'id' } };
const endpoint = (entityType: Record<string, unknown> = ISSUE, settings: Record<string, unknown> = {}): ConnectedEndpoint => {
  const made = { baseUrl: target.url, timeouts: { connectMs: 10_000, headersMs: 10_000, totalMs: 20_000 }, ...settings };
  expect([...checkSettings(rest.settings, made), ...checkSettings(rest.entityTypeSettings, entityType)]).toEqual([]);
  return { organization: 'o', id: 'vendorx', name: 'Vendor X', settings: made, entityTypes: [{ name: 'Issue', references: [], settings: entityType }] };
};
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
  ({ id: 'd1', entityType: 'Issue', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'Mail & <b>', status: 'Closed', 'notes': [{ text: 'a' }, { text: 'b' }] }, attachments: [], attempt: 1, ...over });
const update = (over: Partial<OutboundDelivery> = {}): OutboundDelivery => delivery({ operation: 'UPDATE', ticketId: 'T-1', ...over });
const file = (name: string, text: string): CarriedAttachment => ({ id: `id-${name}`, name, contentType: 'text/plain', size: text.length, content: Buffer.from(text) });
const send = (given: OutboundDelivery, at: ConnectedEndpoint) => rest.outbound.send(given, at, client(), signal);
const lines = (): string[] => target.seen.map(({ method, url }) => `${method} ${url}`);
const sent = (at: number): unknown => JSON.parse(target.seen[at]?.body.toString() ?? 'null');

/** Remembers over attempts, as the store does. */
function memory(): StepMemory & { readonly kept: Record<string, unknown> } {
  const kept: Record<string, unknown> = {};
  return { kept, read: () => kept, keep: (name, done) => { kept[name] = JSON.parse(JSON.stringify(done)); return Promise.resolve(); } };
}

describe('who we are', () => {
  it.each([
    ['a query parameter', { type: 'query', name: 'key', value: 'a b&c' }, '/issues?key=a+b%26c', {}],
    ['several headers', { type: 'headers', headers: { 'Session-Token': 's1', 'App-Token': 's2' } }, '/issues', { 'session-token': 's1', 'app-token': 's2' }],
  ])('is told by %s', async (_, auth, url, headers) => {
    await send(delivery(), endpoint(ISSUE, { auth }));
    expect(target.seen[0]).toMatchObject({ url, headers });
  });

  const oauth = (over: Record<string, unknown> = {}) => endpoint(ISSUE, { auth: { type: 'oauth2', grant: 'clientCredentials', tokenUrl: '/token', clientId: 'me', clientSecret: 's:cret', scope: 'write', ...over } });
  const tokens = (answer: (count: number) => unknown = (count) => ({ access_token: `token-${count}`, expires_in: 3600 })) => {
    let count = 0;
    target.always((request) => (request.url === '/token' ? json(200, answer(++count)) : json(201, { id: 'T-1' })));
  };

  it('is told by a token that is fetched once for all who wait', async () => {
    tokens();
    const at = oauth();
    await Promise.all([send(delivery(), at), send(delivery(), at), send(delivery(), at)]);
    expect(lines().filter((line) => line.endsWith('/token'))).toHaveLength(1);
    expect(target.seen[0]).toMatchObject({ url: '/token', headers: { authorization: `Basic ${Buffer.from('me:s%3Acret').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' } });
    expect(target.seen[0]?.body.toString()).toBe('grant_type=client_credentials&scope=write');
    expect(target.seen.slice(1).map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1']);
  });

  it('is told anew once where the target does not take the token any more, then no more', async () => {
    tokens();
    const at = oauth({ clientAuth: 'body' });
    await send(delivery(), at);
    target.next(json(401, {}));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'success' });
    expect(target.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer token-1', 'Bearer token-1', undefined, 'Bearer token-2']);
    expect(target.seen[0]?.body.toString()).toBe('grant_type=client_credentials&scope=write&client_id=me&client_secret=s%3Acret');
    target.always((request) => (request.url === '/token' ? json(200, { access_token: 'never' }) : json(401, { message: 'never good' })));
    target.seen.length = 0;
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'credentials', error: 'The target answered 401: *** good' });
    expect(lines()).toEqual(['POST /issues', 'POST /token', 'POST /issues']);
  });

  it('keeps the refresh token that it was given last', async () => {
    let count = 0;
    target.always((request) => (request.url === '/token' ? json(200, { access_token: `t${++count}`, expires_in: 0, refresh_token: `refresh-${count}` }) : json(201, { id: 1 })));
    const at = oauth({ grant: 'refreshToken', refreshToken: 'refresh-0' });
    for (let times = 0; times < 3; times++) await send(delivery(), at);
    expect(target.seen.filter(({ url }) => url === '/token').map(({ body }) => new URLSearchParams(body.toString()).get('refresh_token'))).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  });

  it('is told by a signed assertion', async () => {
    tokens();
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await send(delivery(), oauth({ grant: 'jwtBearer', clientAuth: 'body', jwt: { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, issuer: 'us', keyId: 'k1' } }));
    const [head = '', claims = '', signature = ''] = (new URLSearchParams(target.seen[0]?.body.toString()).get('assertion') ?? '').split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'us', sub: 'us', aud: `${target.url}/token`, exp: expect.any(Number) });
    expect(verifyWith('sha256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it.each([
    [json(400, { error: 'invalid_client', error_description: 'who are you' }), 'credentials', 'The target answered 401: who are you'],
    [json(200, { nothing: true }), 'credentials', 'The target answered 401: the login was answered without a token'],
    [json(503, {}), 'retryable', 'The login was answered 503.'], [{ do: 'cut' } as const, 'retryable', 'The login did not work: The connection was cut.'],
  ])('cannot be told where the login does not work (%#)', async (behaviour, outcome, error) => {
    target.always(behaviour);
    expect(await send(delivery(), oauth())).toMatchObject({ outcome, error });
    expect(lines()).toEqual(['POST /token']);
  });

  it('is told by a session that begins with a login, and begins anew when it is over', async () => {
    let count = 0;
    target.always((request) => (request.url === '/login' ? { do: 'answer', status: 200, body: ` jwt-${++count}\n`, headers: { 'content-type': 'text/plain' } } : json(201, { id: 1 })));
    const auth = { type: 'session', username: 'u', password: 'p<w', login: { method: 'POST', path: '/login', form: 'form', body: { username: '{{username}}', password: '{{password}}' } }, token: { text: true }, headers: { Authorization: 'AR-JWT {{token}}', 'X-App': '{{secrets.app}}' }, invalidWhen: [{ status: [200], body: "error == 'ERROR_SESSION'" }] };
    const at = endpoint(ISSUE, { auth, secrets: { app: 'app-secret' } });
    await send(delivery(), at);
    target.next(json(200, { error: 'ERROR_SESSION' }));
    await send(delivery(), at);
    expect(lines()).toEqual(['POST /login', 'POST /issues', 'POST /issues', 'POST /login', 'POST /issues']);
    expect(target.seen[0]?.body.toString()).toBe('username=u&password=p%3Cw');
    expect(target.seen[4]?.headers).toMatchObject({ authorization: 'AR-JWT jwt-2', 'x-app': 'app-secret' });
  });

  it('is proved by a signature over the request', async () => {
    const signing = { secret: 'key-of-the-hmac', content: '{{method}}\\n{{path}}\\n{{timestamp}}\\n{{bodySha256}}', header: 'X-Signature', value: 'v1 {{signature}}', timestampHeader: 'X-Time' };
    await send(delivery(), endpoint(ISSUE, { signing }));
    const { headers, body } = target.seen[0]!;
    const text = `POST\n/issues\n${String(headers['x-time'])}\n${createHash('sha256').update(body).digest('hex')}`;
    expect(headers['x-signature']).toBe(`v1 ${createHmac('sha256', 'key-of-the-hmac').update(text).digest('hex')}`);
  });
});

describe('a body', () => {
  it('of which a filter or an expression does not exist is refused as it is set', () => {
    const problems = checkSettings(rest.entityTypeSettings, { operations: { create: { method: 'POST', path: '/x', body: { a: '{{attributes.x | uper}}', b: { $each: 'a[', $as: 1 } } } } });
    expect(problems).toEqual(expect.arrayContaining([{ pointer: '/operations/create/body', detail: 'there is no filter "uper"' }, { pointer: '/operations/create/body', detail: '$each is no JMESPath expression' }]));
  });

  const rendered = (operation: Record<string, unknown>, over: Partial<OutboundDelivery> = {}) => {
    const made = rest.outbound.render(delivery(over), endpoint({ operations: { create: { method: 'POST', path: '/x', ...operation } } }, { secrets: { pw: 'p<w' } }));
    if (!made.ok) throw new Error(made.error.message);
    return { type: made.value.headers['content-type'], text: Buffer.from(made.value.body ?? []).toString() };
  };

  it('may be a form, XML, text, or of several parts', () => {
    expect(rendered({ form: 'form', body: { title: '{{attributes.title}}', tag: ['a', 'b'], o: { x: 1 }, gone: '{{attributes.gone}}' } })).toEqual({ type: 'application/x-www-form-urlencoded', text: 'title=Mail+%26+%3Cb%3E&tag=a&tag=b&o=%7B%22x%22%3A1%7D' });
    expect(rendered({ form: 'xml', body: '<t p="{{secrets.pw}}">{{attributes.title}}</t>' })).toEqual({ type: 'application/xml; charset=utf-8', text: '<t p="p&lt;w">Mail &amp; &lt;b&gt;</t>' });
    expect(rendered({ form: 'text', body: 'id: x\nSubject: {{attributes.title}}', contentType: 'text/x-rt' })).toEqual({ type: 'text/x-rt', text: 'id: x\nSubject: Mail & <b>' });
    const parts = rendered({ form: 'multipart', jsonPart: 'ticket', body: { t: '{{attributes.title}}' }, field: 'file[{{index}}]' }, { attachments: [file('a.txt', 'one'), file('b".txt', 'two')] });
    expect(parts.text).toContain('name="ticket"\r\nContent-Type: application/json\r\n\r\n{"t":"Mail & <b>"}\r\n');
    expect(parts.text).toContain('name="file[1]"; filename="b%22.txt"\r\nContent-Type: text/plain\r\n\r\ntwo\r\n');
    expect(rendered({ form: 'none' })).toEqual({ type: undefined, text: '' });
  });

  it('loops over values and files', () => {
    const body = { notes: { $each: 'attributes.notes', $as: { text: '{{item.text}}' } }, files: { $each: 'files', $as: { n: '{{item.name}}', c: '{{item.contentBase64}}' } } };
    expect(JSON.parse(rendered({ body }, { attachments: [file('a.txt', 'one')] }).text)).toEqual({ notes: [{ text: 'a' }, { text: 'b' }], files: [{ n: 'a.txt', c: 'b25l' }] });
  });

  it('takes headers and query parameters with it, each in one line', () => {
    const made = rest.outbound.render(delivery({ attributes: { title: 'x\r\nevil: 1 ä €' } }), endpoint({ operations: { create: { method: 'POST', path: '/x?a=1', query: { t: '{{attributes.title}}', gone: '{{attributes.gone}}', l: ['1', '2'] }, headers: { 'X-Title': '{{attributes.title}}' } } } }));
    expect(made).toMatchObject({ ok: true, value: { url: `${target.url}/x?a=1&t=x%0D%0Aevil%3A+1+%C3%A4+%E2%82%AC&l=1&l=2`, headers: { 'x-title': 'x evil: 1 ä  ' } } });
  });
});

describe('an answer', () => {
  const judged = async (response: Record<string, unknown>, status: number, body: unknown, { given = update(), headers = {} }: { given?: OutboundDelivery; headers?: Record<string, string> } = {}) => {
    target.next(typeof body === 'string' ? { do: 'answer', status, body, headers } : json(status, body, headers));
    return send(given, endpoint({ ...ISSUE, response }));
  };

  it('is judged by its body before its status', async () => {
    const response = { ticketId: 'result.id', error: 'result.why', successWhen: [{ body: "result.ok == `true`" }], retryWhen: [{ body: "result.code == 'LOCKED'" }, { status: [409], text: 'busy' }], rejectedWhen: [{ body: "result.code == 'BAD'" }] };
    expect(await judged(response, 200, { result: { ok: true } })).toMatchObject({ outcome: 'success' });
    expect(await judged(response, 200, { result: { code: 'LOCKED', why: 'somebody edits it' } })).toMatchObject({ outcome: 'retryable', error: 'somebody edits it', endpointFault: false });
    expect(await judged(response, 409, { m: 'busy now' })).toMatchObject({ outcome: 'retryable' });
    expect(await judged(response, 200, { result: { code: 'BAD' } })).toMatchObject({ outcome: 'rejected' });
    expect(await judged(response, 200, { result: { ok: false, why: 'no such field' } })).toMatchObject({ outcome: 'rejected', error: 'no such field' });
    expect(await judged(response, 500, { result: { ok: false } })).toMatchObject({ outcome: 'retryable' });
  });

  it('that tells a limit by 403 or in words of its own is waited for', async () => {
    const answers = { retryWhen: [{ status: [403], header: { 'x-left': '^0$' } }], retryAfter: { header: 'x-reset' } };
    const at = endpoint(ISSUE, { answers });
    target.next(json(403, {}, { 'x-left': '0', 'x-reset': '20' }), json(429, {}, { 'x-reset': '30' }), json(403, {}, { 'x-left': '0', 'retry-after': '40' }), json(403, {}));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'retryable', retryAfterMs: 20_000 });
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'retryable', retryAfterMs: 30_000 });
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'retryable', retryAfterMs: 40_000 });
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'credentials' });
  });

  it('that refuses who we are with another status is no refusal of the ticket', async () => {
    const response = { credentialsWhen: [{ body: "error.code == 'AUTH'" }], rejectedWhen: [{ body: 'error' }], error: 'error.text' };
    expect(await judged(response, 200, { error: { code: 'AUTH', text: 'who are you' } })).toMatchObject({ outcome: 'credentials', error: 'who are you', endpointFault: true });
    expect(await judged(response, 200, { error: { code: 'TITLE' } })).toMatchObject({ outcome: 'rejected' });
  });

  it('of XML is judged and read like any other', async () => {
    const response = { ticketId: { xpath: '/r:answer/r:ticket/@no', namespaces: { r: 'urn:r' } }, rejectedWhen: [{ xpath: '//r:error', namespaces: { r: 'urn:r' } }], error: 'answer.error' };
    expect(await judged(response, 200, '<answer xmlns="urn:r"><ticket no="77"/><state>new</state></answer>', { given: delivery(), headers: { 'content-type': 'application/xml' } })).toMatchObject({ outcome: 'success', ticketId: '77', answer: { 'answer.state': 'new' } });
    expect(await judged(response, 200, '<answer xmlns="urn:r"><error>broken</error></answer>', { given: delivery() })).toMatchObject({ outcome: 'rejected', error: 'broken' });
  });

  it.each([
    ['a header', { header: 'Location', pattern: '/issues/(\\w+)$' }, {}], ['JMESPath', { jmespath: 'objects.*.key | [0]' }, { objects: { 'UserRequest::5': { key: 'T9' } } }], ['text', { text: true, pattern: 'Ticket (\\w+) created' }, 'RT/5 200 Ok\n# Ticket T9 created.'],
  ])('names the ticket by %s', async (_, ticketId, body) => {
    expect(await judged({ ticketId }, 201, body, { given: delivery(), headers: { location: 'https://x/issues/T9' } })).toMatchObject({ outcome: 'success', ticketId: 'T9' });
  });

  it('that says the target has it already is a success whose ticket is looked up', async () => {
    const at = endpoint({ ...ISSUE, response: { ticketId: 'id', duplicateWhen: [{ status: [409] }] }, lookup: { method: 'GET', path: '/find?ref={{correlationKey}}', ticketId: '[0].id' } });
    target.next(json(409, { message: 'exists' }), json(200, [{ id: 'T-7' }]), json(409, {}), json(200, []));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'success', ticketId: 'T-7' });
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('an operation of several steps', () => {
  const transition = {
    ...ISSUE, operations: { ...ISSUE.operations, update: { steps: [
      { id: 'tr', when: 'attributes.status', method: 'GET', path: '/issues/{{ticketId}}/transitions', extract: { to: { jmespath: "transitions[?name=='Closed'].id | [0]" } }, failWhen: 'steps.tr.to == null', failMessage: 'There is no transition to {{attributes.status}}.' },
      { id: 'edit', main: true, method: 'PUT', path: '/issues/{{ticketId}}', body: { title: '{{attributes.title}}' } },
      { id: 'move', when: 'steps.tr', method: 'POST', path: '/issues/{{ticketId}}/transitions', body: { transition: { id: '{{steps.tr.to}}' } } },
      { id: 'note', each: 'attributes.notes', method: 'POST', path: '/issues/{{ticketId}}/notes', body: { text: '{{item.text}}' }, extract: { noteId: 'id' } },
    ] } },
  };

  it('uses what one step brings in the next, and loops', async () => {
    target.next(json(200, { transitions: [{ id: 5, name: 'Open' }, { id: 31, name: 'Closed' }] }), json(200, { v: 2 }), json(204, ''), json(201, { id: 'n1' }), json(201, { id: 'n2' }));
    expect(await send(update(), endpoint(transition))).toMatchObject({ outcome: 'success', answer: { v: 2, to: 31 } });
    expect(lines()).toEqual(['GET /issues/T-1/transitions', 'PUT /issues/T-1', 'POST /issues/T-1/transitions', 'POST /issues/T-1/notes', 'POST /issues/T-1/notes']);
    expect([sent(2), sent(4)]).toEqual([{ transition: { id: 31 } }, { text: 'b' }]);
    expect(new Set(target.seen.slice(1).map(({ headers }) => headers['idempotency-key'])).size).toBe(4);
  });

  it('leaves out what its condition does not want, and says why it refuses', async () => {
    target.always(json(200, { transitions: [] }));
    expect(await send(update(), endpoint(transition))).toMatchObject({ outcome: 'rejected', error: 'There is no transition to Closed.' });
    target.reset();
    await send(update({ attributes: { title: 'x' } }), endpoint(transition));
    expect(lines()).toEqual(['PUT /issues/T-1']);
  });

  it('does not do again what would be doubled', async () => {
    const at = endpoint({ ...ISSUE, operations: { create: { steps: [{ id: 'make', main: true, method: 'POST', path: '/issues' }, { id: 'note', each: 'attributes.notes', method: 'POST', path: '/issues/{{ticketId}}/notes', body: { text: '{{item.text}}' } }] } } });
    const steps = memory();
    target.next(json(201, { id: 'T-5', state: 'new' }), json(201, {}), json(503, {}));
    expect(await send(delivery({ steps }), at)).toMatchObject({ outcome: 'retryable' });
    target.reset();
    target.always(json(201, {}));
    expect(await send(delivery({ steps, attempt: 2 }), at)).toMatchObject({ outcome: 'success', ticketId: 'T-5', answer: { state: 'new' } });
    expect(lines()).toEqual(['POST /issues/T-5/notes']);
    expect(sent(0)).toEqual({ text: 'b' });
  });

  it('is not undone by what fails after the ticket was written', async () => {
    const at = endpoint({ ...ISSUE, operations: { create: { steps: [{ id: 'make', main: true, method: 'POST', path: '/issues' }, { id: 'note', method: 'POST', path: '/notes' }] } } });
    target.next(json(201, { id: 'T-5' }), json(422, { message: 'no notes' }));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'success', ticketId: 'T-5', warning: 'The ticket was written, but the step note was not done: The target answered 422: no notes.' });
  });

  it('tells of every step and file that was left behind', async () => {
    const at = endpoint({ ...ISSUE, operations: {
      create: { steps: [{ id: 'make', main: true, method: 'POST', path: '/issues' }, { id: 'note', method: 'POST', path: '/notes' }, { id: 'tag', method: 'POST', path: '/tags' }] },
      attach: { method: 'POST', path: '/issues/{{ticketId}}/files', form: 'binary' },
    } });
    target.next(json(201, { id: 'T-5' }), json(422, { message: 'no notes' }), json(422, { message: 'no tags' }), json(413, { message: 'too large' }));
    expect(await send(delivery({ attachments: [file('a.txt', 'one')] }), at)).toMatchObject({ outcome: 'success', warning:
      'The ticket was written, but the step note was not done: The target answered 422: no notes; the step tag was not done: The target answered 422: no tags; not these files: a.txt (The target answered 413: too large).' });
  });

  it('asks until an answer that comes later is there', async () => {
    const at = endpoint({ operations: { create: { steps: [
      { id: 'order', method: 'POST', path: '/alerts', extract: { request: 'requestId' } },
      { id: 'state', method: 'GET', path: '/requests/{{steps.order.request}}', repeatUntil: { when: [{ body: 'data.done' }], everyMs: 100, tries: 3 }, extract: { ticketId: 'data.alertId' } },
    ] } } });
    target.next(json(202, { requestId: 'r1' }), json(200, { data: { done: false } }), json(200, { data: { done: true, alertId: 'A-1' } }));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'success', ticketId: 'A-1' });
    target.always(json(200, { requestId: 'r2' }));
    expect(await send(delivery(), at)).toMatchObject({ outcome: 'retryable', error: 'The step state did not come to an end.' });
  });

  it('is shown without being sent', () => {
    const shown = rest.outbound.preview?.(update({ attributes: { title: 'x', notes: [{ text: 'a' }] } }), endpoint(transition)) ?? [];
    expect(shown.map(({ step, request, note }) => [step, request?.method ?? null, note])).toEqual([
      ['tr', null, 'left out: attributes.status does not hold'], ['edit', 'PUT', null], ['move', 'POST', 'reads what earlier steps bring'], ['note', 'POST', null],
    ]);
    expect(target.seen).toEqual([]);
  });
});

describe('files ahead of the ticket', () => {
  const at = () => endpoint({ ...ISSUE, operations: {
    upload: { method: 'POST', path: '/uploads?filename={{file.name}}', form: 'binary', contentType: 'application/octet-stream', extract: { token: 'upload.token' } },
    create: { method: 'POST', path: '/issues', body: { title: '{{attributes.title}}', uploads: { $each: 'files', $as: { token: '{{item.token}}', filename: '{{item.name}}' } } } },
  } });
  const attachments = [file('a.txt', 'one'), file('b.txt', 'two')];

  it('are uploaded for tokens that the ticket names, once', async () => {
    const steps = memory();
    target.next(json(201, { upload: { token: 't1' } }), json(201, { upload: { token: 't2' } }), json(503, {}));
    expect(await send(delivery({ attachments, steps }), at())).toMatchObject({ outcome: 'retryable' });
    target.next(json(201, { id: 'T-1' }));
    expect(await send(delivery({ attachments, steps, attempt: 2 }), at())).toMatchObject({ outcome: 'success', ticketId: 'T-1' });
    expect(lines()).toEqual(['POST /uploads?filename=a.txt', 'POST /uploads?filename=b.txt', 'POST /issues', 'POST /issues']);
    expect(target.seen[0]?.body.toString()).toBe('one');
    expect(sent(3)).toMatchObject({ uploads: [{ token: 't1', filename: 'a.txt' }, { token: 't2', filename: 'b.txt' }] });
  });

  it('that are refused are left out and told', async () => {
    target.next(json(413, { message: 'too large' }), json(201, { upload: { token: 't2' } }), json(201, { id: 'T-1' }));
    expect(await send(delivery({ attachments }), at())).toMatchObject({ outcome: 'success', warning: expect.stringContaining('a.txt (The target answered 413: too large)') });
    expect(sent(2)).toMatchObject({ uploads: [{ token: 't2', filename: 'b.txt' }] });
  });
});
