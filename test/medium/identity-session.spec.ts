import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, BOOTSTRAP_KEY, cookieOf, startIdentity, type Running } from './identity-setup.js';

let parley: Running;
beforeAll(async () => { parley = await startIdentity(); });
afterAll(() => parley.stop());

describe('a session', () => {
  it('is opened with e-mail address and password, whatever the case of the address', async () => {
    const answer = await parley.call('POST', '/api/v1/session', { body: { email: 'ADMIN@parley.local', password: ADMIN.password } });
    expect(answer).toMatchObject({ status: 201, body: { person: { email: ADMIN.email }, organization: { slug: 'default', role: 'administrator' } } });
    expect(answer.headers['set-cookie']).toMatch(/^parley_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is stored as a hash only', async () => {
    const token = (await parley.signIn()).split('=')[1]!;
    const rows = await parley.database.app.query<{ found: string }[]>(`SELECT count(*) AS found FROM person_session WHERE position(convert_to($1, 'UTF8') IN token_hash) > 0 OR token_hash = convert_to($1, 'UTF8')`, [token]);
    expect(rows[0]?.found).toBe('0');
  });

  it('is refused in the same words for a wrong password and an unknown person', async () => {
    const wrong = await parley.call('POST', '/api/v1/session', { body: { email: ADMIN.email, password: 'wrong password' }, from: '198.51.100.1' });
    const unknown = await parley.call('POST', '/api/v1/session', { body: { email: 'nobody@example.org', password: 'wrong password' }, from: '198.51.100.1' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'unauthenticated', detail: 'E-mail address or password is wrong.' } });
    expect(unknown.body).toEqual(wrong.body);
  });

  it('replaces the one that the browser had', async () => {
    const old = await parley.signIn();
    await parley.call('POST', '/api/v1/session', { body: ADMIN, cookie: old });
    expect(await parley.call('GET', '/api/v1/session', { cookie: old })).toMatchObject({ status: 401 });
  });

  it('ends when the person signs out', async () => {
    const cookie = await parley.signIn();
    expect((await parley.call('DELETE', '/api/v1/session', { cookie })).headers['set-cookie']).toContain('Max-Age=0');
    expect(await parley.call('GET', '/api/v1/session', { cookie })).toMatchObject({ status: 401 });
  });

  it('ends after half an hour without use, and after twelve hours in any case', async () => {
    const [idle, old] = [await parley.signIn(), await parley.signIn()];
    const set = (column: string, past: string, cookie: string): Promise<unknown> => parley.database.app.query(
      `UPDATE person_session SET ${column} = now() - interval '${past}' WHERE token_hash = sha256(convert_to($1, 'UTF8'))`, [cookie.split('=')[1]]);
    await set('last_seen_at', '31 minutes', idle);
    await set('expires_at', '1 second', old);
    expect(await parley.call('GET', '/api/v1/session', { cookie: idle })).toMatchObject({ status: 401 });
    expect(await parley.call('GET', '/api/v1/session', { cookie: old })).toMatchObject({ status: 401 });
  });

  it('stays alive through use', async () => {
    const cookie = await parley.signIn();
    const token = cookie.split('=')[1];
    await parley.database.app.query(`UPDATE person_session SET last_seen_at = now() - interval '20 minutes' WHERE token_hash = sha256(convert_to($1, 'UTF8'))`, [token]);
    await parley.call('GET', '/api/v1/session', { cookie });
    const [row] = await parley.database.app.query<{ fresh: boolean }[]>(`SELECT last_seen_at > now() - interval '1 minute' AS fresh FROM person_session WHERE token_hash = sha256(convert_to($1, 'UTF8'))`, [token]);
    expect(row?.fresh).toBe(true);
  });

  it('is listed among the own ones and can be ended from another', async () => {
    const [here, there] = [await parley.signIn(), await parley.signIn()];
    const { body } = await parley.call('GET', '/api/v1/sessions', { cookie: there });
    const other = (body['items'] as { id: string; current: boolean }[]).find(({ current }) => current)!;
    expect(await parley.call('DELETE', `/api/v1/sessions/${other.id}`, { cookie: here })).toMatchObject({ status: 204 });
    expect(await parley.call('GET', '/api/v1/session', { cookie: there })).toMatchObject({ status: 401 });
    expect(await parley.call('DELETE', `/api/v1/sessions/${other.id}`, { cookie: here })).toMatchObject({ status: 404 });
  });

  it('is for people: a key has none', async () => {
    expect(await parley.call('GET', '/api/v1/session', { key: BOOTSTRAP_KEY })).toMatchObject({ status: 403, body: { code: 'person-needed' } });
  });
});

describe('a page of another site', () => {
  it('can neither sign in nor change anything', async () => {
    const cookie = await parley.signIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await parley.call('POST', '/api/v1/session', { body: ADMIN, headers })).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
    expect(await parley.call('DELETE', '/api/v1/session', { cookie, headers })).toMatchObject({ status: 403 });
    expect(await parley.call('DELETE', '/api/v1/session', { cookie, headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
    expect(await parley.call('GET', '/api/v1/session', { cookie })).toMatchObject({ status: 200 });
  });

  it('cannot send a form: only JSON is read', async () => {
    const answer = await parley.call('POST', '/api/v1/session', { payload: 'email=a&password=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
  });
});

describe('guessing passwords', () => {
  const guess = (email: string, from: string): Promise<number> =>
    parley.call('POST', '/api/v1/session', { body: { email, password: 'guess' }, from }).then(({ status }) => status);

  it('must wait from the sixth attempt on, and is told how long', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) expect(await guess('victim@example.org', '203.0.113.9')).toBe(401);
    const answer = await parley.call('POST', '/api/v1/session', { body: { email: 'victim@example.org', password: 'guess' }, from: '203.0.113.200' });
    expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  it('does not get more attempts by trying at once', async () => {
    const statuses = await Promise.all(Array.from({ length: 12 }, () => guess('parallel@example.org', '203.0.114.9')));
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  });

  it('is not what someone does who knows the password: many sign-ins at once all succeed', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => parley.call('POST', '/api/v1/session', { body: ADMIN, from: '192.0.2.60' })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201));
  });

  it('from many networks runs into the account\'s own limit, which does not lock out who signed in from there before', async () => {
    await parley.call('POST', '/api/v1/session', { body: ADMIN, from: '192.0.2.50' });
    for (let network = 0; network < 20; network += 1) await guess(ADMIN.email, `10.1.${network}.1`);
    expect(await guess(ADMIN.email, '10.1.99.1')).toBe(429);
    expect(await parley.call('POST', '/api/v1/session', { body: ADMIN, from: '192.0.2.50' })).toMatchObject({ status: 201 });
  });
});

describe('the own password', () => {
  it('is changed with the current one; other sessions end and this one stays', async () => {
    const { body } = await parley.call('POST', '/api/v1/users', { key: BOOTSTRAP_KEY, body: { email: 'changer@example.org', role: 'viewer' } });
    const first = String(body['initialPassword']);
    const [here, there] = [await parley.signIn('changer@example.org', first), await parley.signIn('changer@example.org', first)];
    const change = (currentPassword: string, newPassword: string): ReturnType<Running['call']> =>
      parley.call('POST', '/api/v1/session/password', { cookie: here, body: { currentPassword, newPassword } });
    expect(await change('not it', 'a longer password')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/currentPassword' }] } });
    expect(await change(first, 'short')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/newPassword' }] } });
    expect(await change(first, 'a longer password')).toMatchObject({ status: 204 });
    expect(await parley.call('GET', '/api/v1/session', { cookie: here })).toMatchObject({ status: 200 });
    expect(await parley.call('GET', '/api/v1/session', { cookie: there })).toMatchObject({ status: 401 });
    expect(cookieOf(await parley.call('POST', '/api/v1/session', { body: { email: 'changer@example.org', password: 'a longer password' } }))).toContain('parley_session=');
  });
});
