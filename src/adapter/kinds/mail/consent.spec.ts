import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { KeptInMemory } from '../../../../test/support/kept-tokens.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, TokenKeeper } from '../../contract.js';
import { mail } from './index.js';
import { graphClient } from './send/graph-client.js';
import { accessToken } from './send/oauth-token.js';
import type { GraphOut, OAuthClient } from './settings.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const client = (changes: Partial<OAuthClient> = {}): OAuthClient => ({ tokenUrl: `${target.url}/token`, authorizationUrl: `${target.url}/authorize`, clientId: 'c', clientSecret: 'client-secret', scope: 'imap offline_access', ...changes });
const graph = (): GraphOut => ({ type: 'graph', tenant: 't', clientId: 'c', clientSecret: 'client-secret', mailbox: 'a@b.example', loginUrl: target.url, graphUrl: 'https://graph.example', delegated: true });

function endpoint(settings: object, tokens?: TokenKeeper): ConnectedEndpoint {
  const whole = { address: 'support@example.com', ...settings };
  expect(checkSettings(mail.settings, whole)).toEqual([]);
  return { organization: 'o', id: 'x', name: 'X', settings: whole, entityTypes: [], ...(tokens === undefined ? {} : { tokens }) };
}
const imap = (oauth: OAuthClient): object => ({ type: 'imap', host: 'imap.example.com', username: 'u', oauth });
const smtp = (oauth: OAuthClient): object => ({ type: 'smtp', host: 'smtp.example.com', username: 'u', oauth });
const token = (at: ConnectedEndpoint, of: OAuthClient, again = false): ReturnType<typeof accessToken> => accessToken(of, { endpoint: at, http: http.client('t', { slots: 2 }), signal: new AbortController().signal }, again);
const over = (): KeptInMemory => new KeptInMemory({ accessToken: 'a1', refreshToken: 'r1', usableUntilMs: 0 });

describe('a mailbox in the name of a person', () => {
  it('is consented to once, for all that both directions ask', () => {
    const at = endpoint({ incoming: imap(client()), outgoing: smtp(client({ scope: 'smtp offline_access', authorizationParameters: { prompt: 'consent' } })) });
    expect(mail.consent?.(at)).toMatchObject({ authorizationUrl: `${target.url}/authorize`, tokenUrl: `${target.url}/token`, clientId: 'c', parameters: { scope: 'imap offline_access smtp' } });
  });

  it('is one at Microsoft Graph where that is wanted', () => {
    const given = endpoint({ outgoing: graph() });
    expect(mail.consent?.(given)).toMatchObject({ authorizationUrl: `${target.url}/t/oauth2/v2.0/authorize`, parameters: { scope: 'https://graph.example/Mail.ReadWrite https://graph.example/Mail.Send offline_access' } });
    expect(graphClient({ ...graph(), delegated: false })).toEqual({ tokenUrl: `${target.url}/t/oauth2/v2.0/token`, clientId: 'c', clientSecret: 'client-secret', scope: 'https://graph.example/.default' });
    expect(mail.consent?.(endpoint({ outgoing: { ...graph(), delegated: false } }))).toBeNull();
    expect(mail.consent?.(endpoint({}))).toBeNull();
  });

  it('uses the token that all instances share, renewed once it is over', async () => {
    const kept = over();
    const at = endpoint({ incoming: imap(client()) }, kept);
    target.next(json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 3_600 }));
    expect([await token(at, client()), await token(at, client()), await token({ ...at }, client())]).toEqual([{ token: 'a2' }, { token: 'a2' }, { token: 'a2' }]);
    expect(target.seen.map(({ body }) => body.toString())).toEqual(['client_id=c&client_secret=client-secret&grant_type=refresh_token&refresh_token=r1']);
    target.next(json(200, { access_token: 'a3', refresh_token: 'r3', expires_in: 3_600 }));
    expect(await token(at, client(), true)).toEqual({ token: 'a3' });
    expect(kept.tokens).toMatchObject({ refreshToken: 'r3' });
  });

  it('is refused where the consent is over, and not tried again', async () => {
    const at = endpoint({ incoming: imap(client()) }, over());
    target.next(json(400, { error: 'invalid_grant' }));
    expect(await token(at, client())).toMatchObject({ failed: { outcome: 'credentials', error: expect.stringContaining('connect the endpoint anew') } });
    expect(await token(at, client())).toMatchObject({ failed: { outcome: 'credentials', error: expect.stringContaining('Nobody has connected') } });
    expect(target.seen).toHaveLength(1);
  });

  it('waits where the server has a bad moment', async () => {
    const kept = over();
    const at = endpoint({ incoming: imap(client()) }, kept);
    target.next(json(503, {}), json(200, { access_token: 'a2' }));
    expect(await token(at, client())).toMatchObject({ failed: { outcome: 'retryable' } });
    expect(await token(at, client())).toEqual({ token: 'a2' });
    kept.read = () => Promise.reject(new Error('the database is away'));
    expect(await token({ ...at }, client())).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('never hands the tokens of one client to another', async () => {
    const other = client({ tokenUrl: `${target.url}/other` });
    const at = endpoint({ incoming: imap(client()), outgoing: smtp(other) }, over());
    expect(await token(at, other)).toMatchObject({ failed: { outcome: 'credentials', error: expect.stringContaining('different clients') } });
    expect(await token(endpoint({ incoming: imap(client()) }), client())).toMatchObject({ failed: { outcome: 'credentials' } });
    expect(target.seen).toEqual([]);
  });
});
