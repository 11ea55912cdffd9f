import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { KeptInMemory as Kept } from '../../../../test/support/kept-tokens.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { CallOutcome, ConnectedEndpoint, KeptTokens, TokenKeeper } from '../../contract.js';
import { authorized } from './authorized.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const LIMITS = { connectMs: 1_000, headersMs: 2_000, totalMs: 2_000, maxAnswerBytes: 65_536 };

beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const AUTH = { type: 'oauth2', grant: 'authorizationCode', authorizationUrl: '/authorize', tokenUrl: '/token', clientId: 'parley', clientSecret: 'client-secret', scope: 'read write', audience: 'api', authorizationParameters: { prompt: 'consent' } };

function endpoint(keeper: TokenKeeper | undefined): ConnectedEndpoint {
  const settings = { baseUrl: target.url, auth: AUTH };
  expect(checkSettings(rest.settings, settings)).toEqual([]);
  return { organization: 'o', id: 'x', name: 'X', settings, entityTypes: [], ...(keeper === undefined ? {} : { tokens: keeper }) };
}

const call = (at: ConnectedEndpoint): Promise<CallOutcome> => authorized(http.client('t', { slots: 4 }), at).call({ method: 'GET', url: `${target.url}/me`, headers: {}, body: null }, LIMITS, new AbortController().signal);
const seen = (): string[] => target.seen.map(({ url, headers, body }) => `${url} ${url === '/token' ? Buffer.from(body).toString() : (headers.authorization ?? '')}`);
const over = (): KeptTokens => ({ accessToken: 'a1', refreshToken: 'r1', usableUntilMs: 0 });
const fresh = (): KeptTokens => ({ accessToken: 'a1', refreshToken: 'r1', usableUntilMs: Date.now() + 60_000 });
const told = (outcome: CallOutcome): unknown => (outcome.kind === 'answered' ? [outcome.status, Buffer.from(outcome.body).toString()] : outcome.message);

describe('calls in the name of a person', () => {
  it('carry the token that all instances share', async () => {
    target.always(json(200, {}));
    expect(await call(endpoint(new Kept(fresh())))).toMatchObject({ status: 200 });
    expect(seen()).toEqual(['/me Bearer a1']);
  });

  it('renew it where it is over, and keep the new refresh token before it is used', async () => {
    const kept = new Kept(over());
    target.next(json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 3_600, token_type: 'Bearer' }), json(200, {}));
    await call(endpoint(kept));
    expect(seen()).toEqual(['/token grant_type=refresh_token&refresh_token=r1', '/me Bearer a2']);
    expect(kept).toMatchObject({ version: 2, tokens: { accessToken: 'a2', refreshToken: 'r2' } });
  });

  it('keep the refresh token where the target gives no other', async () => {
    const kept = new Kept(over());
    target.next(json(200, { access_token: 'a2', expires_in: '3600' }), json(200, {}));
    await call(endpoint(kept));
    expect(kept.tokens).toMatchObject({ accessToken: 'a2', refreshToken: 'r1' });
  });

  it('use a refresh token once, however many instances find the token over at the same time', async () => {
    const kept = new Kept(over());
    target.always(({ url }) => (url === '/token' ? json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 3_600 }) : json(200, {})));
    await Promise.all(Array.from({ length: 8 }, () => call(endpoint(kept))));
    expect(seen().filter((one) => one.startsWith('/token'))).toEqual(['/token grant_type=refresh_token&refresh_token=r1']);
    expect(seen().filter((one) => one === '/me Bearer a2')).toHaveLength(8);
  });

  it('renew a token that the target refuses, once; then the endpoint is to blame', async () => {
    const kept = new Kept(fresh());
    target.next(json(401, {}), json(200, { access_token: 'a2', refresh_token: 'r2' }), json(401, { message: 'no' }));
    expect(told(await call(endpoint(kept)))).toEqual([401, '{"message":"no"}']);
    expect(seen()).toEqual(['/me Bearer a1', '/token grant_type=refresh_token&refresh_token=r1', '/me Bearer a2']);
  });

  it.each([
    ['revoked', json(400, { error: 'invalid_grant', error_description: 'Token has been revoked' })],
    ['called invalid in other words', json(403, { error: 'unauthorized_client', error_description: 'refresh_token is invalid' })],
  ])('end where the consent was %s, and nobody tries it again', async (_, answer) => {
    const kept = new Kept(over());
    target.next(answer);
    expect(told(await call(endpoint(kept)))).toEqual([401, expect.stringContaining('connect the endpoint anew')]);
    expect(kept.refusedFor).toMatch(/revoked, or its refresh token is too old/);
    expect(told(await call(endpoint(kept)))).toEqual([401, expect.stringContaining('Nobody has connected')]);
    expect(target.seen).toHaveLength(1);
  });

  it.each([['is busy', json(503, {})], ['limits us', json(429, {})], ['cuts the line', { do: 'cut' } as const]])('are tried later where the target %s while it is asked: the consent stays', async (_, behaviour) => {
    const kept = new Kept(over());
    target.next(behaviour, json(200, { access_token: 'a2' }), json(200, {}));
    expect(await call(endpoint(kept))).toMatchObject({ kind: 'failed', written: false });
    expect(await call(endpoint(kept))).toMatchObject({ status: 200 });
  });

  it('keep the consent where only the client is refused', async () => {
    const kept = new Kept(over());
    target.next(json(401, { error: 'invalid_client' }));
    expect(await call(endpoint(kept))).toMatchObject({ status: 401 });
    expect(kept.refusedFor).toBeNull();
  });

  it('insist on keeping what replaces a token that is good for nothing now', async () => {
    const kept = new Kept(over());
    kept.brokenWrites = 2;
    target.next(json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 3_600 }), json(200, {}));
    expect(await call(endpoint(kept))).toMatchObject({ status: 200 });
    expect(kept.tokens).toMatchObject({ refreshToken: 'r2' });
  });

  it('are not made where nobody has connected, or the token cannot be renewed', async () => {
    expect(told(await call(endpoint(undefined)))).toEqual([401, expect.stringContaining('Nobody has connected')]);
    expect(told(await call(endpoint(new Kept(null))))).toEqual([401, expect.stringContaining('Nobody has connected')]);
    expect(told(await call(endpoint(new Kept({ ...over(), refreshToken: null }))))).toEqual([401, expect.stringContaining('no refresh token')]);
    expect(target.seen).toEqual([]);
  });

  it('never show a token', async () => {
    const at = endpoint(new Kept(over()));
    target.next(json(200, { access_token: 'a2-of-the-target', refresh_token: 'r2-of-the-target' }), json(200, {}));
    await call(at);
    expect(authorized(http.client('t', { slots: 4 }), at).secrets()).toEqual(expect.arrayContaining(['a2-of-the-target', 'r2-of-the-target']));
  });
});

describe('how somebody consents', () => {
  const consented = (changes: object): string | undefined => rest.consent?.({ settings: { baseUrl: 'https://x.example/', auth: { ...AUTH, ...changes } } })?.fingerprint;

  it('is asked with what the settings say', () => {
    expect(rest.consent?.(endpoint(undefined))).toMatchObject({ authorizationUrl: `${target.url}/authorize`, tokenUrl: `${target.url}/token`, clientId: 'parley', parameters: { scope: 'read write', audience: 'api', prompt: 'consent' } });
    expect(rest.consent?.({ settings: { baseUrl: 'https://x.example', auth: { type: 'oauth2', grant: 'clientCredentials', tokenUrl: '/t' } } })).toBeNull();
  });

  it('is asked anew where tokens would go elsewhere, or allow something else', () => {
    expect(consented({ clientSecret: 'another', authorizationParameters: {} })).toBe(consented({}));
    for (const changes of [{ tokenUrl: 'https://evil.example/token' }, { authorizationUrl: '/b' }, { clientId: 'b' }, { scope: 'read' }]) expect(consented(changes)).not.toBe(consented({}));
    expect(rest.consent?.({ settings: { baseUrl: 'https://evil.example', auth: AUTH } })?.fingerprint).not.toBe(consented({}));
  });

  it('needs an address and a client', () => {
    const { authorizationUrl: _, ...others } = AUTH;
    expect(checkSettings(rest.settings, { baseUrl: 'https://x.example', auth: others })).not.toEqual([]);
    expect(checkSettings(rest.settings, { baseUrl: 'https://x.example', auth: { ...AUTH, authorizationUrl: 'javascript:alert(1)' } })).not.toEqual([]);
  });
});
