import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OidcProvider } from '../support/fakes/oidc-provider.js';
import { ADMIN, BOOTSTRAP_KEY, startIdentity, type Answer, type Running } from './identity-setup.js';

let parley: Running;
let provider: OidcProvider;
let count = 0;
/** An address that nobody had in an earlier test. */
let email: string;

beforeAll(async () => {
  parley = await startIdentity({ PARLEY_PUBLIC_URL: 'https://parley.acme.example/' });
  provider = await OidcProvider.start();
});
afterAll(async () => {
  await parley.stop();
  await provider.stop();
});
beforeEach(() => {
  count += 1;
  email = `ann-${count}@acme.example`;
  provider.person = { sub: `subject-${count}`, email, email_verified: true, name: 'Ann' };
  provider.behaviour = {};
});

const api = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> => parley.call(method, path, { key: BOOTSTRAP_KEY, ...(body === undefined ? {} : { body }) });
const settings = (changes: object = {}): object => ({ name: `Acme SSO ${count}`, issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret, ...changes });
/** Sets a provider; answers its id. */
async function configured(changes: object = {}): Promise<string> {
  const { status, body } = await api('POST', '/api/v1/sign-in-providers', settings(changes));
  expect(status).toBe(201);
  provider.redirectUris.add(body['redirectUri'] as string);
  return body['id'] as string;
}
const addMember = async (role = 'viewer'): Promise<string> => (await api('POST', '/api/v1/users', { email, role })).body['id'] as string;
const cookiesOf = ({ headers }: Answer): string[] => [headers['set-cookie'] ?? []].flat().map(String);
const cookieFor = (answer: Answer, name: string): string | undefined => cookiesOf(answer).map((one) => one.split(';', 1)[0]!).find((one) => one.startsWith(`${name}=`) && !one.endsWith('='));

interface Trip {
  readonly begun: Answer;
  /** Path and query to which the provider sent the browser back. */
  readonly back: string;
  readonly cookie: string;
}

/** The way to the provider, as a browser goes it. */
async function sentAway(id: string, query = ''): Promise<Trip> {
  const begun = await parley.call('GET', `/api/v1/o/default/sign-in/${id}/start${query}`);
  expect(begun.status).toBe(303);
  const answer = await fetch(String(begun.headers['location']), { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  expect(back.origin).toBe('https://parley.acme.example');
  return { begun, back: back.pathname + back.search, cookie: cookieFor(begun, 'parley_sign_in') ?? '' };
}
const comesBack = ({ back, cookie }: Trip): Promise<Answer> => parley.call('GET', back, { cookie });
const signedIn = async (id: string, query = ''): Promise<Answer> => comesBack(await sentAway(id, query));
const whoIs = (answer: Answer): Promise<Answer> => parley.call('GET', '/api/v1/session', { cookie: cookieFor(answer, 'parley_session') ?? '' });
const refusal = (answer: Answer): string | null => new URL(String(answer.headers['location']), 'https://x').searchParams.get('refused');
const audited = async (): Promise<{ action: string; details: Record<string, unknown> }[]> => (await api('GET', '/api/v1/audit?limit=10')).body['items'] as { action: string; details: Record<string, unknown> }[];

describe('signing in by a provider', () => {
  it('lets in a member by the verified address, and from then on by the subject alone', async () => {
    const id = await configured();
    const person = await addMember('operator');
    const first = await signedIn(id);
    expect(first).toMatchObject({ status: 200, text: expect.stringContaining('url=/overview') });
    expect((await whoIs(first)).body).toMatchObject({ person: { id: person, email }, organization: { slug: 'default', role: 'operator' } });
    expect((await audited()).slice(0, 2)).toMatchObject([{ action: 'session.open', details: { provider: `Acme SSO ${count}` } }, { action: 'user.link', details: { subject: `subject-${count}` } }]);
    provider.person = { ...provider.person, email: `married-${count}@acme.example` };
    expect((await whoIs(await signedIn(id))).body).toMatchObject({ person: { id: person, email } });
  });

  it('leads to where one wanted to go, never to another site', async () => {
    const id = await configured();
    await addMember();
    expect((await signedIn(id, '?next=%2Fmessages%3Fstate%3DDEAD%26x%3D%22'))).toMatchObject({ text: expect.stringContaining('url=/messages?state=DEAD&amp;x=&quot;"') });
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/sign-in']) expect((await signedIn(id, `?next=${encodeURIComponent(next)}`)).text).toContain('url=/overview');
  });

  it('ends as any session does', async () => {
    const id = await configured();
    await addMember();
    const cookie = cookieFor(await signedIn(id), 'parley_session')!;
    const signOutUrl = `/api/v1/o/default/sign-in/${id}/end`;
    expect((await parley.call('GET', '/api/v1/session', { cookie })).body).toMatchObject({ signOutUrl });
    expect((await parley.call('DELETE', '/api/v1/session', { cookie })).status).toBe(204);
    expect((await parley.call('GET', '/api/v1/session', { cookie })).status).toBe(401);
    // At the provider, too, where it says how.
    const there = new URL(String((await parley.call('GET', signOutUrl)).headers['location']));
    expect([there.origin + there.pathname, there.searchParams.get('post_logout_redirect_uri'), there.searchParams.get('client_id')]).toEqual([`${provider.issuer}/end`, 'https://parley.acme.example/sign-in', 'parley']);
    await api('DELETE', `/api/v1/sign-in-providers/${id}`);
    expect((await parley.call('GET', signOutUrl)).headers['location']).toBe('/sign-in');
    expect((await parley.call('GET', '/api/v1/session', { cookie: await parley.signIn() })).body).toMatchObject({ signOutUrl: null });
  });

  it('sends state, nonce and a challenge that belong to the browser, in a cookie that nobody reads', async () => {
    const { begun, cookie } = await sentAway(await configured());
    const asked = new URL(String(begun.headers['location'])).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(cookiesOf(begun)[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    expect(Buffer.from(cookie.split('=')[1]!, 'base64url').toString('latin1')).not.toContain(asked.get('state')!);
  });

  it('reads the address from userinfo where the ID token does not say it', async () => {
    const id = await configured();
    const person = await addMember();
    provider.behaviour = { userinfo: {} };
    expect((await whoIs(await signedIn(id))).body).toMatchObject({ person: { id: person } });
  });

  it('is offered at the door as long as it is switched on', async () => {
    const id = await configured();
    const offered = async (query = ''): Promise<unknown[]> => (await parley.call('GET', `/api/v1/sign-in/providers${query}`)).body['items'] as unknown[];
    expect(await offered()).toContainEqual({ name: `Acme SSO ${count}`, startUrl: `/api/v1/o/default/sign-in/${id}/start` });
    expect(await offered('?organization=nowhere')).toEqual([]);
    await api('PUT', `/api/v1/sign-in-providers/${id}`, settings({ clientSecret: undefined, enabled: false }));
    expect(JSON.stringify(await offered())).not.toContain(id);
    expect(refusal(await parley.call('GET', `/api/v1/o/default/sign-in/${id}/start`))).toBe('provider-unknown');
  });
});

describe('somebody new', () => {
  it('is let in only where people are made, with the role of the first line that fits, else the default', async () => {
    const strict = await configured();
    expect(refusal(await signedIn(strict))).toBe('not-a-member');
    const id = await configured({ name: 'Makes people', createsPeople: true, defaultRole: 'viewer', roleClaim: 'realm_access.roles', roleMap: [{ value: 'parley-admin', role: 'administrator' }, { value: 'desk', role: 'operator' }] });
    provider.person = { ...provider.person, realm_access: { roles: ['other', 'desk'] } };
    expect((await whoIs(await signedIn(id))).body).toMatchObject({ person: { email, name: 'Ann' }, organization: { role: 'operator' } });
    expect((await audited()).map(({ action }) => action).slice(0, 3)).toEqual(['session.open', 'user.link', 'user.create']);
    provider.person = { sub: `another-${count}`, email: `bob-${count}@acme.example`, email_verified: 'true' };
    expect((await whoIs(await signedIn(id))).body).toMatchObject({ organization: { role: 'viewer' } });
    await api('DELETE', `/api/v1/sign-in-providers/${id}`);
  });

  it('without a role is not let in, which the audit log tells', async () => {
    const id = await configured({ createsPeople: true, roleClaim: 'groups', roleMap: [{ value: 'desk', role: 'operator' }] });
    expect(refusal(await signedIn(id))).toBe('no-role');
    expect(await audited()).toContainEqual(expect.objectContaining({ action: 'session.refuse', details: expect.objectContaining({ code: 'no-role', email }) }));
    expect((await api('GET', '/api/v1/users?limit=200')).text).not.toContain(email);
  });

  it('comes back at once in two tabs, and is made once', async () => {
    const id = await configured({ createsPeople: true, defaultRole: 'viewer' });
    const trips = await Promise.all([sentAway(id), sentAway(id)]);
    expect((await Promise.all(trips.map(comesBack))).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('who was taken out of the organization stays out, until somebody adds them; then whoever has their address is linked anew', async () => {
    const id = await configured({ createsPeople: true, defaultRole: 'viewer' });
    const { body } = await whoIs(await signedIn(id));
    const person = (body['person'] as { id: string }).id;
    await api('DELETE', `/api/v1/users/${person}`);
    expect(refusal(await signedIn(id))).toBe('not-a-member');
    provider.person = { ...provider.person, sub: `made-anew-${count}` };
    expect(refusal(await signedIn(id))).toBe('linked-elsewhere');
    expect(await addMember('operator')).toBe(person);
    expect((await whoIs(await signedIn(id))).body).toMatchObject({ person: { id: person }, organization: { role: 'operator' } });
  });
});

describe('what a provider says', () => {
  it.each([
    ['an unverified address', { idToken: { email_verified: false } }, 'email-unverified'],
    ['no address', { idToken: { email: undefined }, userinfo: { email: undefined } }, 'email-missing'],
    ['another nonce', { idToken: { nonce: 'of another sign-in' } }, 'provider-broken'],
    ['another audience', { idToken: { aud: 'another client' } }, 'provider-broken'],
    ['another issuer', { idToken: { iss: 'https://evil.example' } }, 'provider-broken'],
    ['what is over', { idToken: { exp: 1_000 } }, 'provider-broken'],
    ['what it did not sign', { wrongKey: true }, 'provider-broken'],
    ['that somebody cancelled', { error: 'access_denied' }, 'provider-refused'],
  ] as const)('is not believed or not enough: %s', async (_, behaviour, code) => {
    const id = await configured();
    await addMember();
    provider.behaviour = behaviour;
    const answer = await signedIn(id);
    expect([answer.status, refusal(answer)]).toEqual([303, code]);
    expect(cookieFor(answer, 'parley_session')).toBeUndefined();
    const told = await parley.call('GET', `/api/v1/sign-in/providers?refused=${code}`);
    expect(told.body['problem']).toMatch(/\.$/);
  });

  it('is refused where its address is of another domain, or was given to somebody else', async () => {
    const id = await configured({ emailDomains: ['other.example'] });
    await addMember();
    expect(refusal(await signedIn(id))).toBe('email-domain');
    await api('PUT', `/api/v1/sign-in-providers/${id}`, settings({ emailDomains: ['ACME.example'] }));
    expect((await signedIn(id)).status).toBe(200);
    provider.person = { ...provider.person, sub: `successor-${count}` };
    expect(refusal(await signedIn(id))).toBe('linked-elsewhere');
  });

  it('is not waited for when it does not answer, and not believed when it calls itself by another name', async () => {
    const id = await configured({ issuer: 'http://127.0.0.1:9' });
    expect(refusal(await parley.call('GET', `/api/v1/o/default/sign-in/${id}/start`))).toBe('provider-unreachable');
    expect((await api('POST', `/api/v1/sign-in-providers/${id}/check`)).body).toMatchObject({ ok: false, message: 'The target refuses connections.' });
    provider.behaviour = { issuer: 'https://evil.example' };
    const liar = await configured({ name: 'Liar' });
    expect(refusal(await parley.call('GET', `/api/v1/o/default/sign-in/${liar}/start`))).toBe('provider-broken');
    provider.behaviour = {};
    expect((await api('POST', `/api/v1/sign-in-providers/${liar}/check`)).body).toMatchObject({ ok: true });
  });
});

describe('who comes back', () => {
  it('must be the browser that began, once, with what it was sent away with', async () => {
    const id = await configured();
    await addMember();
    const trip = await sentAway(id);
    expect(refusal(await comesBack({ ...trip, cookie: '' }))).toBe('sign-in-expired');
    expect(refusal(await comesBack({ ...trip, cookie: (await sentAway(id)).cookie }))).toBe('sign-in-expired');
    expect(refusal(await comesBack({ ...trip, cookie: 'parley_sign_in=AAAA' }))).toBe('sign-in-expired');
    const other = await configured({ name: `Other ${count}` });
    expect(refusal(await comesBack({ ...trip, back: trip.back.replace(id, other) }))).toBe('sign-in-expired');
    const done = await comesBack(trip);
    expect(done.status).toBe(200);
    expect(cookiesOf(done)).toContainEqual(expect.stringMatching(/^parley_sign_in=; .*Max-Age=0/));
    expect(refusal(await comesBack(trip))).toBe('provider-broken'); // the code is used up
  });

  it('does not come back from another provider that was mixed up with it', async () => {
    const id = await configured();
    await addMember();
    const trip = await sentAway(id);
    expect(refusal(await comesBack({ ...trip, back: trip.back.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example') }))).toBe('provider-broken');
  });
});

describe('a session that an organization\'s provider opened', () => {
  it('is good in that organization only, and sees no other session of the person', async () => {
    const cookie = await parley.signIn();
    await parley.call('POST', '/api/v1/organizations', { cookie, body: { slug: `side-${count}`, name: 'Side' } });
    const id = await configured();
    provider.person = { sub: `admin-${count}`, email: ADMIN.email, email_verified: true };
    const bound = cookieFor(await signedIn(id), 'parley_session')!;
    expect((await parley.call('GET', '/api/v1/session', { cookie })).body['organizations']).toHaveLength(2);
    expect((await parley.call('GET', '/api/v1/session', { cookie: bound })).body['organizations']).toEqual([expect.objectContaining({ slug: 'default' })]);
    expect((await parley.call('GET', '/api/v1/organizations', { cookie: bound })).body['items']).toHaveLength(1);
    expect((await parley.call('PATCH', '/api/v1/session', { cookie: bound, body: { organization: `side-${count}` } })).status).toBe(422);
    expect((await parley.call('GET', `/api/v1/o/side-${count}/users`, { cookie: bound })).status).toBe(401);
    const sessions = (await parley.call('GET', '/api/v1/sessions', { cookie: bound })).body['items'] as { current: boolean }[];
    expect(sessions.map(({ current }) => current)).toEqual([true]);
  });
});

describe('the settings of a provider', () => {
  it('are shown without the secret, which is sealed and kept where it is left out', async () => {
    const id = await configured();
    const [view] = ((await api('GET', '/api/v1/sign-in-providers')).body['items'] as Record<string, unknown>[]).filter((one) => one['id'] === id);
    expect(view).toMatchObject({ hasSecret: true, scopes: 'openid email profile', redirectUri: `https://parley.acme.example/api/v1/o/default/sign-in/${id}/callback` });
    expect(JSON.stringify([view, await audited()])).not.toContain('secret of parley');
    await api('PUT', `/api/v1/sign-in-providers/${id}`, settings({ clientSecret: undefined }));
    await addMember();
    expect((await signedIn(id)).status).toBe(200);
    await api('PUT', `/api/v1/sign-in-providers/${id}`, settings({ clientSecret: null }));
    expect(refusal(await signedIn(id))).toBe('provider-broken');
  });

  it('are refused with every problem and its place', async () => {
    const pointers = async (changes: object): Promise<unknown[]> => ((await api('POST', '/api/v1/sign-in-providers', settings(changes))).body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(await pointers({ issuer: 'http://login.example', scopes: 'email', createsPeople: true })).toEqual(['/issuer', '/scopes', '/defaultRole']);
    expect(await pointers({ roleMap: [{ value: 'x', role: 'viewer' }] })).toEqual(['/roleClaim']);
    await configured();
    expect((await api('POST', '/api/v1/sign-in-providers', settings())).status).toBe(409);
  });

  it('are set by administrators alone: a key with fewer rights cannot', async () => {
    const { body } = await api('POST', '/api/v1/api-keys', { name: `few-${count}`, permissions: ['organizations:write', 'users:read'] });
    const weak = await parley.call('POST', '/api/v1/sign-in-providers', { key: body['key'] as string, body: settings() });
    expect(weak).toMatchObject({ status: 403, body: { code: 'role-too-high' } });
  });
});
