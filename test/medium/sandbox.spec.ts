import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { GuardedHttp } from '../../src/net/index.js';
import { SandboxModule, type MadeSandbox } from '../../src/sandbox/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { eventually } from '../support/eventually.js';

const TOKEN = 'a-token-for-the-tests-1';
const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

let api: Api;
let user: ApiUser;
let receiver: FakeTarget;
let url: string;
let count = 0;

beforeAll(async () => {
  receiver = await FakeTarget.start();
  api = await openApi([SandboxModule]);
  user = await api.organization('acme');
  url = await listen(api);
});

beforeEach(() => {
  receiver.reset();
  receiver.always(json(202, {}));
});

afterAll(async () => {
  await api.close();
  await receiver.stop();
});

async function listen(of: Api): Promise<string> {
  await of.app.listen(0, '127.0.0.1');
  const { port } = of.app.getHttpServer().address() as AddressInfo;
  of.app.get(GuardedHttp).policy.listeningOn('127.0.0.1', port);
  return `http://127.0.0.1:${port}`;
}

/** A tool of its own for each test. */
async function setup(over: Record<string, unknown> = {}) {
  const name = `tool-${(count += 1)}`;
  const made = await user.send('POST', '/api/v1/sandboxes', { name, title: 'Tool <A>', prefix: 'A', token: TOKEN, webhook: { url: `${receiver.url}/hook/${name}`, secret: SECRET }, ...over });
  expect(made.status).toBe(201);
  const base = `${url}/sandbox/${name}`;
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, at = base) => {
    const answer = await fetch(`${at}/api${path}`, {
      method, headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
    return { status: answer.status, headers: answer.headers, body: await answer.json().catch(() => null) as any };
  };
  const visit = (path: string, form?: Record<string, string>, headers: Record<string, string> = {}) => fetch(`${base}${path}`, {
    method: form === undefined ? 'GET' : 'POST', redirect: 'manual',
    headers: { accept: 'text/html', cookie: 'sandbox_agent=Ann', ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }), ...headers },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  // What the tool of an earlier test still had to tell is none of this one's.
  const ofOthers = (address: string) => /^\/hook\/tool-\d+$/.test(address) && address !== `/hook/${name}`;
  const hooks = () => receiver.seen.filter((request) => !ofOthers(request.url)).map((request) => ({ headers: request.headers, raw: request.body, body: JSON.parse(request.body.toString()) }));
  return { name, base, call, visit, hooks, made: made.body as MadeSandbox };
}

describe('a sandbox tool', () => {
  it('is made once under its name, and its secrets are shown once', async () => {
    const { name, made } = await setup();
    expect(made).toMatchObject({ token: TOKEN, webhookSecret: SECRET, page: `/sandbox/${name}` });
    expect(await user.send('POST', '/api/v1/sandboxes', { name })).toMatchObject({ status: 409 });
    const read = await user.get(`/api/v1/sandboxes/${name}`);
    expect(read.status).toBe(200);
    expect(JSON.stringify([read.body, (await user.get('/api/v1/sandboxes')).body])).not.toMatch(new RegExp(`${TOKEN}|whsec_`));
    const { rows } = await api.database.worker.query('SELECT sandbox::text FROM sandbox');
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${TOKEN}|whsec_|${Buffer.from('0123456789abcdef').toString('hex')}`));
  });

  it('belongs to its organization', async () => {
    const { name } = await setup();
    const other = await api.organization('other');
    for (const [method, path, body] of [['GET', '', undefined], ['PATCH', '', { title: 'x' }], ['DELETE', '', undefined]] as const) {
      const answer = method === 'GET' ? await other.get(`/api/v1/sandboxes/${name}${path}`) : await other.send(method, `/api/v1/sandboxes/${name}${path}`, body);
      expect(answer.status).toBe(404);
    }
    const reader = await api.organization('acme', ['endpoints:read']);
    expect((await reader.send('POST', '/api/v1/sandboxes', { name: 'x' })).status).toBe(403);
  });

  it('refuses what is no tool', async () => {
    for (const body of [{}, { name: 'Up' }, { name: '-' }, { name: 'a/b' }, { name: 'ok', prefix: 'a b' }, { name: 'ok', webhook: { url: 'ftp://x' } }, { name: 'ok', options: { states: [] } }, { name: 'ok', extra: 1 }]) {
      expect((await user.send('POST', '/api/v1/sandboxes', body)).status).toBe(422);
    }
    expect((await fetch(`${url}/sandbox/nobody`)).status).toBe(404);
    expect((await fetch(`${url}/sandbox/nobody/api/tickets`)).status).toBe(404);
  });

  it('changes only what is given, and goes with all its tickets', async () => {
    const { name, call } = await setup({ options: { states: ['Open', 'Done'] } });
    await call('POST', '/tickets', { title: 'x' });
    const changed = await user.send('PATCH', `/api/v1/sandboxes/${name}`, { title: 'New name', options: { lockAnswer: 'refuse' } });
    expect(changed.body).toMatchObject({ title: 'New name', prefix: 'A', webhookUrl: `${receiver.url}/hook/${name}`, options: { states: ['Open', 'Done'], lockAnswer: 'refuse' } });
    expect((await user.send('DELETE', `/api/v1/sandboxes/${name}`)).status).toBe(204);
    expect((await call('GET', '/tickets')).status).toBe(404);
    expect((await api.database.worker.query('SELECT FROM sandbox_ticket WHERE sandbox = $1', [name])).rowCount).toBe(0);
  });
});

describe('its API', () => {
  it('asks for the token', async () => {
    const { call } = await setup();
    for (const authorization of ['', 'Bearer wrong', 'Basic eDp5', 'Digest x']) expect((await call('GET', '/tickets', undefined, { authorization })).status).toBe(401);
    expect((await call('GET', '/tickets', undefined, { authorization: `Basic ${Buffer.from(`carol:${TOKEN}`).toString('base64')}` })).status).toBe(200);
  });

  it('makes, finds, changes and tells tickets', async () => {
    const { call } = await setup();
    const made = await call('POST', '/tickets', { title: 'Mail is slow', priority: 2, externalReference: 'INC1', correlationId: 'd-1', custom: { site: 'HQ' }, comment: 'hello', attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'b25l' }] });
    expect(made).toMatchObject({ status: 201, body: { id: 'A-1001', state: 'New', priority: '2', externalReference: 'INC1', custom: { site: 'HQ' }, createdBy: 'parley', comment: { text: 'hello', author: 'parley', visibility: 'public' } } });
    expect((await call('PATCH', '/tickets/A-1001', { state: 'in PROGRESS', custom: { floor: 3 } })).body).toMatchObject({ state: 'In progress', custom: { site: 'HQ', floor: 3 }, version: 2 });
    expect((await call('POST', '/tickets/A-1001/comments', { text: 'psst', visibility: 'internal', author: 'Carol' })).status).toBe(200);
    expect((await call('GET', '/tickets/A-1001')).body).toMatchObject({ comments: [{ text: 'hello' }, { text: 'psst', visibility: 'internal', author: 'Carol' }], attachments: [{ name: 'a.txt', size: 3 }] });
    expect((await call('GET', '/tickets?externalReference=INC1')).body).toMatchObject([{ id: 'A-1001' }]);
    expect((await call('GET', '/tickets?correlationId=d-1')).body).toMatchObject([{ id: 'A-1001' }]);
    expect((await call('GET', '/tickets?correlationId=d-2')).body).toEqual([]);
    expect((await call('GET', '/tickets/A-9999')).body).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('says what is wrong and where', async () => {
    const { call } = await setup();
    expect(await call('POST', '/tickets', { priority: '9', surprise: 1 })).toMatchObject({ status: 422, body: { error: { code: 'INVALID', details: [{ pointer: '/priority' }, { pointer: '/surprise' }] } } });
    for (const body of ['{', '[]', '{"title":""}', '{"title":"\\u0000"}', '{"title":"x","attachments":[{"contentBase64":"%"}]}', '{"title":"x","comment":{"text":" "}}']) expect((await call('POST', '/tickets', body)).status).toBe(422);
    expect((await call('POST', '/tickets', { title: 'x', attachments: [{ name: 'big', contentBase64: 'A'.repeat(7_500_000) }] })).status).toBe(413);
    expect((await call('GET', '/tickets/%00')).status).toBe(400);
    expect((await call('GET', '/tickets')).body).toEqual([]);
  });

  it('does a create once per Idempotency-Key, also when two race', async () => {
    const { call } = await setup();
    const create = () => call('POST', '/tickets', { title: 'once' }, { 'idempotency-key': 'k-1' });
    const answers = await Promise.all([create(), create(), create()]);
    expect(answers.map((answer) => answer.body.id)).toEqual(['A-1001', 'A-1001', 'A-1001']);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(2);
    expect(await call('POST', '/tickets', { title: 'other' }, { 'idempotency-key': 'k-1' })).toMatchObject({ status: 422, body: { error: { code: 'KEY_REUSED' } } });
    expect((await call('GET', '/tickets')).body).toHaveLength(1);
  });
});

describe('its webhooks', () => {
  it('are signed over id, timestamp and body', async () => {
    const { call, hooks } = await setup();
    await call('POST', '/tickets', { title: 'x', attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'b25l' }] });
    await eventually(() => expect(hooks()).toHaveLength(1));
    const [hook] = hooks();
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = hook!.headers;
    expect(signature).toBe(`v1,${createHmac('sha256', '0123456789abcdef0123456789abcdef').update(`${id}.${at}.`).update(hook!.raw).digest('base64')}`);
    expect(Math.abs(Number(at) * 1_000 - Date.now())).toBeLessThan(10_000);
    expect(hook!.body).toMatchObject({ id, type: 'ticket.created', actor: { id: 'parley' }, ticket: { id: 'A-1001', title: 'x' }, attachments: [{ name: 'a.txt', contentBase64: 'b25l' }] });
  });

  it('carry the receiver\'s credentials, which nobody sees', async () => {
    const { name, call, hooks, visit } = await setup({ webhook: { url: `${receiver.url}/hook?token=url-token-7`, username: 'tool', password: 'the-password-7', secret: SECRET } });
    await user.send('PATCH', `/api/v1/sandboxes/${name}`, { webhook: { url: `${receiver.url}/moved?token=url-token-7` } });
    await call('POST', '/tickets', { title: 'x' });
    await eventually(() => expect(hooks()).toHaveLength(1));
    expect(hooks()[0]!.headers.authorization).toBe(`Basic ${Buffer.from('tool:the-password-7').toString('base64')}`);
    expect(receiver.seen[0]?.url).toBe('/moved?token=url-token-7');
    const shown = JSON.stringify([(await user.get('/api/v1/sandboxes')).body, (await call('GET', '/webhooks')).body, await (await visit('/switches')).text(), await (await visit('/tickets/A-1001')).text()]);
    expect(shown).toContain('/moved?…');
    expect(shown).not.toMatch(/url-token-7|the-password-7|whsec_/);
  });

  it('arrive in order per ticket, again until they are taken, with the same id', async () => {
    const { call, hooks } = await setup();
    receiver.next(json(500, {}), { do: 'cut' });
    await call('POST', '/tickets', { title: 'x' });
    for (const title of ['a', 'b', 'c']) await call('PATCH', '/tickets/A-1001', { title });
    await eventually(() => expect(hooks()).toHaveLength(6));
    expect(hooks().map(({ body }) => body.ticket.title)).toEqual(['x', 'x', 'x', 'a', 'b', 'c']);
    expect(new Set(hooks().slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('of another ticket do not wait for one that is not taken', async () => {
    const { call, hooks } = await setup();
    receiver.always((request) => (request.body.includes('A-1001') ? json(500, {}) : json(202, {})));
    await call('POST', '/tickets', { title: 'stuck' });
    await call('POST', '/tickets', { title: 'free' });
    await eventually(() => expect(hooks().map(({ body }) => body.ticket.title)).toContain('free'));
  });

  it('survive the end of the process', async () => {
    const { call, hooks } = await setup();
    receiver.always(json(503, {}));
    await call('POST', '/tickets', { title: 'survivor' });
    await eventually(() => expect(hooks().length).toBeGreaterThan(0));
    const port = await receiver.goDown();
    await api.stop();
    await receiver.comeBack(port);
    receiver.reset();
    receiver.always(json(202, {}));
    const before = api;
    const after = await openApi([SandboxModule], { over: before });
    api = { ...after, close: async () => { await after.close(); await before.close(); } };
    user = await api.organization('acme');
    url = await listen(api);
    await eventually(() => expect(hooks().map(({ body }) => body.ticket.title)).toContain('survivor'));
  });

  it('may go to Parley\'s own inbound addresses and nowhere else of Parley', async () => {
    const { name, call } = await setup();
    const lastError = async (): Promise<string> => (await call('GET', '/webhooks')).body[0]?.lastError ?? '';
    await user.send('PATCH', `/api/v1/sandboxes/${name}`, { webhook: { url: `${url}/api/v1/inbound/x/y` } });
    await call('POST', '/tickets', { title: 'x' });
    await eventually(async () => expect(await lastError()).toMatch(/answered 4\d\d/));
    await user.send('PATCH', `/api/v1/sandboxes/${name}`, { webhook: { url: `${url}/api/v1/sandboxes` } });
    await call('POST', '/tickets', { title: 'y' });
    await eventually(async () => expect(await lastError()).toContain("Parley's own"));
  });
});

describe('a locked ticket', () => {
  it('answers a program with 200 and refuses a moment later by webhook', async () => {
    const { call, hooks } = await setup({ options: { ackDelayMs: 50 } });
    await call('POST', '/tickets', { title: 'x' });
    expect((await call('POST', '/tickets/A-1001/lock', undefined, { authorization: `Basic ${Buffer.from(`ann:${TOKEN}`).toString('base64')}` })).body).toMatchObject({ locked: true, lockedBy: 'ann' });
    expect(await call('PATCH', '/tickets/A-1001', { title: 'y' }, { 'idempotency-key': 'd-7' })).toMatchObject({ status: 200, body: { id: 'A-1001', accepted: true } });
    await eventually(() => expect(hooks()).toHaveLength(2));
    expect(hooks()[1]!.body).toMatchObject({ type: 'ticket.update-rejected', actor: { id: 'system' }, error: { code: 'LOCKED', message: 'The ticket A-1001 is locked by ann.', requestKey: 'd-7' } });
    expect((await call('GET', '/tickets/A-1001')).body.title).toBe('x');
    await call('DELETE', '/tickets/A-1001/lock');
    expect((await call('PATCH', '/tickets/A-1001', { title: 'y' })).body.title).toBe('y');
  });

  it('answers 423 at once where the tool is set up so', async () => {
    const { call } = await setup({ options: { lockAnswer: 'refuse' } });
    await call('POST', '/tickets', { title: 'x' });
    await call('POST', '/tickets/A-1001/lock', undefined, { authorization: `Basic ${Buffer.from(`ann:${TOKEN}`).toString('base64')}` });
    expect(await call('PATCH', '/tickets/A-1001', { title: 'y' })).toMatchObject({ status: 423, body: { error: { code: 'LOCKED' } } });
  });
});

describe('faults', () => {
  it('hit the API as often as was said, then stop', async () => {
    const { call } = await setup();
    expect((await call('PUT', '/faults', { errorRate: 1, errorStatus: 503, times: 2 })).status).toBe(200);
    const statuses = [await call('GET', '/tickets'), await call('GET', '/tickets'), await call('GET', '/tickets')].map((answer) => answer.status);
    expect(statuses).toEqual([503, 503, 200]);
  });

  it('can be slow, limit, cut before and cut after', async () => {
    const { call } = await setup();
    await call('PUT', '/faults', { latencyMs: 150 });
    const started = Date.now();
    await call('GET', '/tickets');
    expect(Date.now() - started).toBeGreaterThanOrEqual(145);
    await call('PUT', '/faults', { limitRate: 1, retryAfterSeconds: 7 });
    const limited = await call('GET', '/tickets');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    await call('PUT', '/faults', { cutBeforeRate: 1 });
    await expect(call('POST', '/tickets', { title: 'before' })).rejects.toThrow();
    await call('PUT', '/faults', { cutAfterRate: 1 });
    await expect(call('POST', '/tickets', { title: 'after' })).rejects.toThrow();
    await call('PUT', '/faults', { down: true });
    await expect(call('GET', '/tickets')).rejects.toThrow();
    await call('PUT', '/faults', {});
    expect((await call('GET', '/tickets')).body.map((ticket: { title: string }) => ticket.title)).toEqual(['after']);
  });

  it('that do not exist are refused with their place', async () => {
    const { call } = await setup();
    expect(await call('PUT', '/faults', { errorRate: 2, gremlins: true })).toMatchObject({ status: 422, body: { error: { details: [{ pointer: '/errorRate' }, { pointer: '/gremlins' }] } } });
  });
});

describe('its page', () => {
  it('asks for a name, then shows, makes and changes tickets', async () => {
    const { visit, base, hooks } = await setup();
    expect(await (await visit('', undefined, { cookie: '' })).text()).toContain('Who are you?');
    const named = await visit('/agent', { name: 'Ann', to: `${new URL(base).pathname}/new` });
    expect([named.status, named.headers.get('location'), named.headers.get('set-cookie')]).toEqual([303, `${new URL(base).pathname}/new`, expect.stringContaining('sandbox_agent=Ann; Path=/sandbox/')]);
    const made = await visit('/tickets', { title: 'From the page', description: 'x', state: 'New', priority: '3', group: 'Network', caller: 'Bob' });
    expect(made.headers.get('location')).toMatch(/\/tickets\/A-1001$/);
    await visit('/tickets/A-1001', { was: JSON.stringify({ title: 'From the page', state: 'New' }), title: 'From the page', state: 'Resolved' });
    await visit('/tickets/A-1001/comments', { text: 'Done', visibility: 'internal' });
    await fetch(`${base}/tickets/A-1001/attachments?name=a%20b.txt`, { method: 'POST', headers: { cookie: 'sandbox_agent=Ann', 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin' }, body: 'bytes' });
    const text = await (await visit('/tickets/A-1001')).text();
    for (const expected of ['From the page', 'Resolved', 'Done', 'a b.txt', 'internal', 'Network']) expect(text).toContain(expected);
    await eventually(() => expect(hooks().map(({ body }) => [body.type, body.actor.id])).toEqual([['ticket.created', 'Ann'], ['ticket.updated', 'Ann'], ['ticket.commented', 'Ann'], ['ticket.attached', 'Ann']]));
    expect(hooks()[1]!.body.changes).toEqual({ state: { from: 'New', to: 'Resolved' } });
  });

  it('escapes everything that people write', async () => {
    const { visit, call } = await setup();
    const nasty = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
    await call('POST', '/tickets', { title: nasty, description: nasty, caller: nasty, group: nasty, externalReference: nasty, custom: { [nasty]: nasty }, comment: { text: nasty, author: nasty }, attachments: [{ name: nasty, contentType: 'text/html', contentBase64: Buffer.from('<script>1</script>').toString('base64') }] });
    for (const path of ['', '/tickets/A-1001', '/switches', `?q=${encodeURIComponent(nasty)}`]) {
      const page = await visit(path, undefined, { cookie: `sandbox_agent=${encodeURIComponent(nasty)}` });
      const text = await page.text();
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('<img src=x');
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(text).not.toMatch(/ style=| on\w+=["']/);
    }
    const { attachments: [file] } = (await call('GET', '/tickets/A-1001')).body;
    const sent = await visit(`/tickets/A-1001/attachments/${file.id}`);
    expect([sent.headers.get('content-disposition'), sent.headers.get('content-security-policy'), sent.headers.get('x-content-type-options')]).toEqual([expect.stringMatching(/^attachment/), expect.stringContaining('sandbox'), 'nosniff']);
  });

  it('lets no other site act for someone, and sends nobody elsewhere', async () => {
    const { visit, base } = await setup();
    for (const site of ['cross-site', 'same-site']) expect((await visit('/tickets', { title: 'x' }, { 'sec-fetch-site': site })).status).toBe(403);
    const noFetchMetadata = await fetch(`${base}/tickets`, { method: 'POST', redirect: 'manual', headers: { cookie: 'sandbox_agent=Ann', origin: 'https://evil.example' }, body: new URLSearchParams({ title: 'x' }) });
    expect(noFetchMetadata.status).toBe(403);
    for (const to of ['https://evil.example', '//evil.example', `/sandbox/../api`, '/sandbox/other']) {
      expect((await visit('/agent', { name: 'Ann', to })).headers.get('location')).toBe(new URL(base).pathname);
    }
  });

  it('shows a locked ticket\'s refusal as a page', async () => {
    const { visit, call } = await setup();
    await call('POST', '/tickets', { title: 'x' });
    await visit('/tickets/A-1001/lock', {});
    const refused = await visit('/tickets/A-1001', { title: 'y' }, { cookie: 'sandbox_agent=Bob' });
    expect(refused.status).toBe(423);
    expect(await refused.text()).toContain('locked by Ann');
  });

  it('tells when there is something new', async () => {
    const { visit, call } = await setup({ webhook: undefined });
    const before = await (await visit('/revision')).text();
    expect(await (await visit('/revision')).text()).toBe(before);
    await call('POST', '/tickets', { title: 'x' });
    expect(await (await visit('/revision')).text()).not.toBe(before);
  });
});
