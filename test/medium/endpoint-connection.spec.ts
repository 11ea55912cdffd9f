import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EndpointModule, Endpoints, type LiveEndpoint } from '../../src/adapter/index.js';
import { EndpointPauses } from '../../src/adapter/endpoint/endpoint-pauses.service.js';
import { wayOut } from '../../src/adapter/endpoint/way-out.js';
import { GuardedHttp } from '../../src/net/index.js';
import { NestLog } from '../../src/web/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { AuthorizationServer } from '../support/fakes/authorization-server.js';
import { BOOTSTRAP_KEY, startIdentity, type Answer, type Running } from './identity-setup.js';

const CALLBACK = 'https://parley.acme.example/api/v1/o/default/endpoints';
let parley: Running;
let server: AuthorizationServer;
let admin: string;
let count = 0;
/** An endpoint of each test's own. */
let id: string;
const log: unknown[] = [];

beforeAll(async () => {
  for (const level of ['log', 'warn', 'error', 'debug'] as const) jest.spyOn(NestLog.prototype, level).mockImplementation((...told) => { log.push(told.map((one) => inspect(one, { depth: 20 }))); });
  parley = await startIdentity({ PARLEY_PUBLIC_URL: 'https://parley.acme.example/' }, [RuleModule, EndpointModule]);
  server = await AuthorizationServer.start();
  admin = await parley.signIn();
  await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'other@acme.example', role: 'administrator', password: 'other password 1' } });
  await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'viewer@acme.example', role: 'viewer', password: 'viewer password 1' } });
  await parley.call('POST', '/api/v1/organizations', { cookie: admin, body: { slug: 'acme', name: 'Acme' } });
});
afterAll(async () => {
  await parley.stop();
  await server.stop();
});
beforeEach(async () => {
  count += 1;
  id = `desk-${count}`;
  server.behaviour = {};
  server.asked.length = 0;
  server.redirectUris.clear();
  server.redirectUris.add(`${CALLBACK}/${id}/connection/callback`);
  expect((await put()).status).toBe(201);
});

const documentOf = (changes: object = {}): object => ({
  id, name: id, adapter: 'rest', status: 'ACTIVE', entityTypes: [{ name: 'Issue', inbound: { ticketId: 'id' }, poll: { path: '/issues' } }],
  settings: {
    baseUrl: server.url, check: { path: '/me' },
    auth: { type: 'oauth2', grant: 'authorizationCode', authorizationUrl: '/authorize', tokenUrl: '/token', clientId: server.clientId, clientSecret: server.clientSecret, scope: 'read offline_access', authorizationParameters: { prompt: 'consent' }, ...changes },
  },
});
const put = (changes: object = {}): Promise<Answer> => parley.call('PUT', `/api/v1/endpoints/${id}`, { cookie: admin, body: documentOf(changes) });
const state = async (query = ''): Promise<Readonly<Record<string, unknown>>> => (await parley.call('GET', `/api/v1/endpoints/${id}/connection${query}`, { cookie: admin })).body;
const begin = (cookie = admin): Promise<Answer> => parley.call('POST', `/api/v1/endpoints/${id}/connection`, { cookie });

/** The way to the target; answers path and query with which the browser comes back. */
async function sentAway(cookie = admin): Promise<string> {
  const begun = await begin(cookie);
  expect(begun.status).toBe(200);
  const answer = await fetch(String(begun.body['url']), { redirect: 'manual' });
  expect(answer.status).toBe(302);
  const back = new URL(answer.headers.get('location') ?? '');
  return back.pathname + back.search;
}

/** The way back: first without a session, since the browser comes from another site; then as our own page leads on. */
async function comesBack(back: string, cookie: string | null = admin): Promise<string | null> {
  const landed = await parley.call('GET', back);
  expect(landed).toMatchObject({ status: 200, headers: { 'referrer-policy': 'no-referrer' } });
  const next = /url=(arrived\?[^"]*)"/.exec(landed.text)![1]!.replaceAll('&amp;', '&');
  const answer = await parley.call('GET', back.replace(/callback\?.*$/, next), cookie === null ? {} : { cookie });
  expect(answer.status).toBe(303);
  const to = new URL(String(answer.headers['location']), 'https://x');
  expect(to.pathname).toBe(`/endpoints/${/endpoints\/([^/]+)/.exec(back)![1]!}`);
  return to.searchParams.get('connection');
}
const connected = async (): Promise<string | null> => comesBack(await sentAway());

const live = (): LiveEndpoint => parley.app.get(Endpoints).all((parley.app.get(Endpoints).everywhere()[0]!).organization as never).find((one) => one.id === id)!;
const check = async (): Promise<unknown> => (await parley.call('POST', `/api/v1/endpoints/${id}/check`, { cookie: admin })).body;
const poll = (from: LiveEndpoint) => from.adapter.source!.poll(from, 'Issue', null, { http: wayOut(parley.app.get(GuardedHttp), from), signal: new AbortController().signal, nowMs: Date.now() });
const audited = async (): Promise<unknown[]> => (await parley.call('GET', '/api/v1/audit?limit=3', { key: BOOTSTRAP_KEY })).body['items'] as unknown[];

describe('connecting an endpoint by a person\'s consent', () => {
  it('asks with state, challenge and the exact address, and works in their name from then on', async () => {
    expect(await state()).toMatchObject({ isNeeded: true, state: 'none', redirectUri: `${CALLBACK}/${id}/connection/callback` });
    expect(await check()).toMatchObject({ ok: false, steps: [{ ok: true }, { step: 'authentication', message: expect.stringContaining('Nobody has connected') }] });
    const { searchParams: asked } = new URL(String((await begin()).body['url']));
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', client_id: 'parley', scope: 'read offline_access', prompt: 'consent', code_challenge_method: 'S256', redirect_uri: `${CALLBACK}/${id}/connection/callback` });
    for (const name of ['state', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    expect(await connected()).toBe('connected');
    expect(await state()).toMatchObject({ state: 'connected', connectedBy: 'admin@parley.local', reason: null });
    expect(await check()).toMatchObject({ ok: true });
    expect((await audited())[0]).toMatchObject({ action: 'endpoint.connect', subject: `endpoint:${id}`, actorName: 'admin@parley.local' });
  });

  it('takes the answers of sloppy targets', async () => {
    server.behaviour = { isSloppy: true, lifeS: null };
    expect(await connected()).toBe('connected');
    expect(await check()).toMatchObject({ ok: true });
  });

  it('ends a pause for refused credentials', async () => {
    await parley.app.get(EndpointPauses).pause(live(), 'credentials');
    expect(await connected()).toBe('connected');
    expect((await parley.call('GET', `/api/v1/endpoints/${id}`, { cookie: admin })).body).toMatchObject({ runtime: { pausedReason: null } });
    expect(parley.app.get(EndpointPauses).reason(live())).toBeNull();
  });

  it('is forgotten when somebody wants that', async () => {
    await connected();
    expect((await parley.call('DELETE', `/api/v1/endpoints/${id}/connection`, { cookie: admin })).status).toBe(204);
    expect(await state()).toMatchObject({ state: 'none' });
    expect(await check()).toMatchObject({ ok: false });
    expect((await parley.call('DELETE', `/api/v1/endpoints/${id}/connection`, { cookie: admin })).status).toBe(404);
    expect((await audited())[0]).toMatchObject({ action: 'endpoint.disconnect' });
  });

  it('is for people who may change endpoints', async () => {
    expect((await parley.call('POST', `/api/v1/endpoints/${id}/connection`, { key: BOOTSTRAP_KEY })).body).toMatchObject({ code: 'person-needed' });
    expect((await begin(await parley.signIn('viewer@acme.example', 'viewer password 1'))).status).toBe(403);
    await parley.call('PUT', `/api/v1/endpoints/${id}`, { cookie: admin, body: { ...documentOf(), settings: { baseUrl: server.url } } });
    expect((await begin()).body).toMatchObject({ code: 'no-consent-needed' });
    expect(await state()).toMatchObject({ isNeeded: false });
  });
});

describe('an answer that is not taken', () => {
  afterAll(() => { server.behaviour = {}; });

  it('is one with another state, or none', async () => {
    const back = await sentAway();
    expect(await comesBack(back.replace(/state=[^&]*/, 'state=x'))).toBe('not-begun');
    expect(await comesBack(back.replace(/state=[^&]*&/, ''))).toBe('not-begun');
    expect(server.asked).toEqual([]);
    expect(await comesBack(back)).toBe('connected');
  });

  it('is one that comes twice', async () => {
    const back = await sentAway();
    expect([await comesBack(back), await comesBack(back)]).toEqual(['connected', 'not-begun']);
    expect(server.asked).toEqual(['authorization_code']);
    expect(await check()).toMatchObject({ ok: true });
  });

  it('is one that somebody else brings, or another session, or nobody', async () => {
    const back = await sentAway();
    expect(await comesBack(back, await parley.signIn('other@acme.example', 'other password 1'))).toBe('not-begun');
    expect(await comesBack(back, await parley.signIn())).toBe('not-begun');
    expect(await comesBack(back, null)).toBe('not-allowed');
    expect(await comesBack(back, await parley.signIn('viewer@acme.example', 'viewer password 1'))).toBe('not-allowed');
    expect(server.asked).toEqual([]);
    expect(await comesBack(back)).toBe('connected');
  });

  it('is one for another endpoint, or another organization', async () => {
    const back = await sentAway();
    const own = id;
    id = `${own}-b`;
    await put();
    expect(await comesBack(back.replace(own, id))).toBe('not-begun');
    await parley.call('PUT', `/api/v1/o/acme/endpoints/${own}`, { cookie: admin, body: { ...documentOf(), id: own } });
    expect(await comesBack(back.replace('/o/default/', '/o/acme/'))).toBe('not-begun');
    expect(await comesBack(back)).toBe('connected');
  });

  it('is a refusal', async () => {
    server.behaviour = { error: 'access_denied' };
    expect(await connected()).toBe('target-refused');
    expect(await state('?refused=target-refused')).toMatchObject({ state: 'none', reason: expect.stringContaining('did not give its consent') });
    expect(server.asked).toEqual([]);
  });

  it('is one for settings of before', async () => {
    const back = await sentAway();
    await put({ tokenUrl: 'https://evil.example/token' });
    expect(await comesBack(back)).toBe('settings-changed');
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['target-broken', { status: 200, body: '{"access_token":7}' }],
    ['target-broken', { status: 200, body: '<html>', contentType: 'text/html' }],
    ['target-broken', { status: 400, body: '{"error":"invalid_grant"}' }],
    ['target-broken', { status: 502, body: 'Bad Gateway', contentType: 'text/plain' }],
    ['client-refused', { status: 401, body: '{"error":"invalid_client"}' }],
  ])('is told as %s where the token address answers %j', async (code, token) => {
    const back = await sentAway();
    server.behaviour = { token };
    expect(await comesBack(back)).toBe(code);
    expect(await state()).toMatchObject({ state: 'none' });
  });

  it('is told where the token address does not answer', async () => {
    await put({ tokenUrl: 'http://127.0.0.1:9/token' });
    expect(await connected()).toBe('target-unreachable');
  });
});

describe('tokens of a consent', () => {
  it('are renewed by one of all instances, with each refresh token used once', async () => {
    await connected();
    server.expire();
    server.asked.length = 0;
    server.behaviour = { slowMs: 300 };
    // What two processes have in memory: endpoints that know nothing of each other but the store.
    const instances = Array.from({ length: 6 }, () => ({ ...live() }));
    expect((await Promise.all(instances.map(poll))).map(({ kind }) => kind)).toEqual(instances.map(() => 'fetched'));
    expect(server.asked).toEqual(['refresh_token']);
    server.expire();
    expect((await Promise.all(instances.map(poll))).map(({ kind }) => kind)).toEqual(instances.map(() => 'fetched'));
    expect(server.asked).toEqual(['refresh_token', 'refresh_token']);
  });

  it('are renewed by another instance where the one that began to died', async () => {
    await connected();
    server.expire();
    server.asked.length = 0;
    const { tokens } = live();
    const { version } = (await tokens!.read())!;
    expect([await tokens!.claim(version, 300), await tokens!.claim(version, 300)]).toEqual([true, false]);
    expect(await poll(live())).toMatchObject({ kind: 'fetched' });
    expect(server.asked).toEqual(['refresh_token']);
    await tokens!.replace(version, { accessToken: 'late', refreshToken: 'late', usableUntilMs: Date.now() + 60_000 });
    expect(await poll({ ...live() })).toMatchObject({ kind: 'fetched' });
  });

  it('that are revoked count as refused credentials, are not tried again, and are made new by connecting', async () => {
    await connected();
    server.revoke();
    server.asked.length = 0;
    expect(await poll(live())).toMatchObject({ kind: 'credentials', error: expect.stringContaining('connect the endpoint anew') });
    expect(await poll({ ...live() })).toMatchObject({ kind: 'credentials' });
    expect(server.asked).toEqual(['refresh_token']);
    expect(await state()).toMatchObject({ state: 'refused', reason: expect.stringContaining('has ended the consent'), refusedAt: expect.any(String) });
    expect(await connected()).toBe('connected');
    expect(await poll(live())).toMatchObject({ kind: 'fetched' });
  });

  it('that cannot be renewed end with their time', async () => {
    server.behaviour = { withoutRefresh: true };
    await connected();
    expect(await poll(live())).toMatchObject({ kind: 'fetched' });
    server.expire();
    expect(await poll(live())).toMatchObject({ kind: 'credentials', error: expect.stringContaining('no refresh token') });
  });

  it('go nowhere else when the settings are changed', async () => {
    await connected();
    const other = await AuthorizationServer.start();
    await parley.call('PUT', `/api/v1/endpoints/${id}`, { cookie: admin, body: { ...documentOf(), settings: { ...(documentOf() as { settings: object }).settings, baseUrl: other.url } } });
    expect(await check()).toMatchObject({ ok: false, steps: [{}, { message: expect.stringContaining('Nobody has connected') }] });
    expect(await state()).toMatchObject({ state: 'none', reason: expect.stringContaining('settings were changed') });
    expect(other.asked).toEqual([]);
    await other.stop();
  });

  it('stand nowhere in clear: not in the database, an answer, the audit log or the log', async () => {
    log.length = 0;
    server.behaviour = { token: { status: 200, body: '{"access_token":7,"refresh_token":"refresh-in-a-broken-answer"}' } };
    expect(await connected()).toBe('target-broken');
    server.behaviour = {};
    await connected();
    server.expire();
    await poll(live());
    const rows = await parley.database.app.transaction(async (manager) => {
      await manager.query(`SELECT set_config('parley.organization', $1, true)`, [live().organization]);
      return manager.query<unknown[]>(`SELECT c::text, encode(tokens, 'escape') FROM endpoint_connection c`);
    });
    expect(rows.length).toBeGreaterThan(0);
    const shown = JSON.stringify([rows, await state(), await check(), await audited(), (await parley.call('GET', `/api/v1/endpoints/${id}`, { cookie: admin })).body, log]);
    expect(shown).toContain('an endpoint was not connected');
    expect(server.given.length).toBeGreaterThan(4);
    expect([...server.given, 'refresh-in-a-broken-answer'].filter((secret) => shown.includes(secret))).toEqual([]);
  });
});

describe('a refresh token of the settings', () => {
  const withToken = (refreshToken: string): Promise<Answer> => put({ grant: 'refreshToken', authorizationUrl: undefined, authorizationParameters: undefined, refreshToken });

  it('is replaced by what the target gives for it, for all instances and over restarts', async () => {
    expect((await withToken(server.issue())).status).toBe(200);
    const asked = (): unknown => Promise.all(Array.from({ length: 4 }, () => poll({ ...live() })));
    expect(await asked()).toMatchObject(Array.from({ length: 4 }, () => ({ kind: 'fetched' })));
    server.expire();
    expect(await asked()).toMatchObject(Array.from({ length: 4 }, () => ({ kind: 'fetched' })));
    expect(server.asked).toEqual(['refresh_token', 'refresh_token']);
    expect(await state()).toMatchObject({ isNeeded: false });
  });

  it('that is over is told, not tried again, and replaced by writing another one', async () => {
    await withToken('of long ago');
    expect(await poll(live())).toMatchObject({ kind: 'credentials', error: expect.stringContaining('write a new one into the settings') });
    expect(await poll({ ...live() })).toMatchObject({ kind: 'credentials' });
    expect(server.asked).toEqual(['refresh_token']);
    await withToken(server.issue());
    expect(await poll(live())).toMatchObject({ kind: 'fetched' });
  });
});
