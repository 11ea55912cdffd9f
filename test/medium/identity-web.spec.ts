import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { problemOf } from '../../src/web/index.js';
import { BOOTSTRAP_KEY, startIdentity, type Running } from './identity-setup.js';

let parley: Running;
beforeAll(async () => { parley = await startIdentity({ PARLEY_MAX_BODY: '100000' }); });
afterAll(() => parley.stop());

const post = (payload: string | Buffer, headers: Record<string, string> = {}): ReturnType<Running['call']> =>
  parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, payload, headers: { 'content-type': 'application/json', ...headers } });

describe('what is wrong with a request', () => {
  it('is told as a problem document', async () => {
    const answer = await post('{"name": 7, "more": 1}');
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ type: 'urn:parley:problem:invalid-request', title: 'Invalid request', status: 422 });
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/name', '/more', '/permissions']));
  });

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['broken JSON', '{"name":', {}, 400, 'broken-json'],
    ['bytes that are no UTF-8', Buffer.of(0x22, 0xff, 0x22), {}, 400, 'broken-json'],
    ['no object', '[1]', {}, 422, 'invalid-request'],
    ['no body', '', {}, 422, 'invalid-request'],
    ['a NUL character', '{"name":"a\\u0000","permissions":["audit:read"]}', {}, 422, 'invalid-request'],
    ['deep nesting', '['.repeat(5_000) + ']'.repeat(5_000), {}, 422, 'invalid-request'],
    ['a name that reaches into prototypes', '{"__proto__":{"a":1}}', {}, 422, 'invalid-request'],
    ['another type', '<a/>', { 'content-type': 'application/xml' }, 415, 'unsupported-media-type'],
    ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415, 'unsupported-media-type'],
    ['no type that exists', '{}', { 'content-type': 'json' }, 415, 'unsupported-media-type'],
    ['too many bytes', `"${'x'.repeat(100_001)}"`, {}, 413, 'body-too-large'],
  ])('%s', async (_, payload, headers, status, code) => {
    expect(await post(payload, headers)).toMatchObject({ status, body: { code, status } });
  });

  it.each([['GET', '/api/v1/nothing'], ['POST', '/api/v1/nothing'], ['PUT', '/api/v1/session'], ['GET', '/api'], ['DELETE', '/nothing']] as const)('an address that does not exist: %s %s', async (method, path) => {
    expect(await parley.call(method, path, { key: BOOTSTRAP_KEY })).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('an id that cannot be one', async () => {
    expect(await parley.call('DELETE', '/api/v1/api-keys/1%00', { key: BOOTSTRAP_KEY })).toMatchObject({ status: 400 });
    expect(await parley.call('PATCH', `/api/v1/users/'; drop table person; --`, { key: BOOTSTRAP_KEY, body: {} })).toMatchObject({ status: 404 });
  });

  it('is not read at all before someone is known', async () => {
    const answer = await parley.call('POST', '/api/v1/api-keys', { payload: '{"broken', headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' }, headers: { 'www-authenticate': 'Bearer realm="Parley"' } });
  });

  it.each(['Bearer', 'Bearer ', 'Basic YTpi', 'Bearer wrong', `bearer ${BOOTSTRAP_KEY} more`, 'Digest x', 'Bearer parley_0000000000000000000000000000000000000000000000000000000000000000000000X'])('a credential that is none: %s', async (authorization) => {
    expect(await parley.call('GET', '/api/v1/audit', { headers: { authorization } })).toMatchObject({ status: 401 });
  });

  it('is a store that is away, not a fault, when the database cuts the connection', async () => {
    const owner = new pg.Client({ connectionString: parley.url });
    await owner.connect();
    const cut = parley.database.app.query(`SELECT pg_sleep(20)`).then(() => undefined, (thrown: unknown) => thrown);
    let ended: number | null = 0;
    while (ended === 0) ended = (await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'`)).rowCount;
    await owner.end();
    expect(problemOf(await cut)).toMatchObject({ status: 503, code: 'store-down', headers: { 'retry-after': '2' } });
  });
});

describe('every answer', () => {
  it('carries the headers that protect browsers', async () => {
    const { headers } = await parley.call('GET', '/api/v1/audit', { key: BOOTSTRAP_KEY, headers: { 'x-request-id': 'given-1' } });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-request-id': 'given-1',
      'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('asks for https to stay only where it came by https', async () => {
    const behind = await startIdentity({ PARLEY_TRUST_PROXY: '192.0.2.0/24' });
    try {
      const answer = await behind.call('POST', '/api/v1/session', { body: { email: 'admin@parley.local', password: 'correct horse battery' }, headers: { 'x-forwarded-proto': 'https' } });
      expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
      expect(answer.headers['set-cookie']).toMatch(/^__Host-parley_session=.*; Secure$/);
      const stranger = await behind.call('GET', '/api/v1/session', { headers: { 'x-forwarded-proto': 'https' }, from: '198.51.100.1' });
      expect(stranger.headers['strict-transport-security']).toBeUndefined();
    } finally {
      await behind.stop();
    }
  });
});

describe('a list', () => {
  it('comes in pages that neither repeat nor leave out anything', async () => {
    for (let at = 0; at < 7; at += 1) await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: `key ${at}`, permissions: ['audit:read'] } });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await parley.call('GET', `/api/v1/api-keys?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`, { key: BOOTSTRAP_KEY });
      expect((body['items'] as unknown[]).length).toBeLessThanOrEqual(3);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    } while (cursor !== null);
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'unknown=1', 'limit=1&limit=2'])('is refused with %s', async (query) => {
    expect(await parley.call('GET', `/api/v1/api-keys?${query}`, { key: BOOTSTRAP_KEY })).toMatchObject({ status: 422 });
  });
});
