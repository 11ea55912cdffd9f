import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { FakeTarget, json, type Behaviour } from '../../../../test/support/fake-target.js';
import { KeptInMemory } from '../../../../test/support/kept-tokens.js';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import type { ConnectedEndpoint, OutboundDelivery, SendResult } from '../../contract.js';
import { checkSettings } from '../../setting/check-settings.js';
import { soap } from './index.js';
import { ENVELOPE } from './names.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const OAUTH = { type: 'oauth2', grant: 'clientCredentials', tokenUrl: '/oauth/token', clientId: 'parley', clientSecret: 'client-secret' };
const SESSION = {
  type: 'session', username: 'par<ley', password: 'pass&word', token: { xpath: '//t:sessionId' },
  login: { action: 'urn:t/Login', body: '<t:Login><t:user>{{username}}</t:user><t:password>{{password}}</t:password></t:Login>' },
};
const ENTITY = {
  operations: { create: { action: 'urn:t/Create', body: '<t:Create><t:title>{{attributes.title}}</t:title></t:Create>' } }, response: { ticketId: { xpath: '//t:id' } },
  poll: { body: '<t:List/>', list: '//t:record' }, inbound: { ticketId: { xpath: '//t:id' } },
};

function endpoint(settings: Readonly<Record<string, unknown>>, over: Partial<ConnectedEndpoint> = {}): ConnectedEndpoint {
  const all = { address: `${target.url}/soap`, namespaces: { t: 'urn:t' }, timeouts: { connectMs: 5_000, headersMs: 5_000, totalMs: 10_000 }, ...settings };
  expect(checkSettings(soap.settings, all)).toEqual([]);
  return { organization: 'o', id: 'desk', name: 'Desk', settings: all, entityTypes: [{ name: 'ticket', references: [], settings: ENTITY }], ...over };
}

const client = () => http.client('t', { slots: 4 });
const delivery: OutboundDelivery = { id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'Printer' }, attachments: [], attempt: 1 };
const send = (to: ConnectedEndpoint): Promise<SendResult> => soap.outbound.send(delivery, to, client(), new AbortController().signal);
const xml = (status: number, body: string): Behaviour => ({ do: 'answer', status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: `<s:Envelope xmlns:s="${ENVELOPE['1.1']}" xmlns:u="urn:t"><s:Body>${body}</s:Body></s:Envelope>` });
const CREATED = xml(200, '<u:CreateResponse><u:id>7</u:id></u:CreateResponse>');
const fault = (code: string): Behaviour => xml(500, `<s:Fault><faultcode>s:${code}</faultcode><faultstring>no</faultstring></s:Fault>`);
const loggedIn = (id: string): Behaviour => xml(200, `<u:LoginResponse><u:sessionId>${id}</u:sessionId></u:LoginResponse>`);
const seen = (): string[] => target.seen.map(({ url, headers, body }) => [url, headers['soapaction'] ?? '', headers.authorization ?? '', headers['x-session'] ?? '', /<t:session>(.*?)<\/t:session>/.exec(body.toString())?.[1] ?? ''].join(' ').trim().replace(/ +/g, ' '));
const token = (value: string): Behaviour => json(200, { access_token: value, expires_in: 3_600 });

describe('a service that takes tokens of OAuth', () => {
  it('gets one that was fetched once, for calls, polls, the connection test and its WSDL', async () => {
    const to = endpoint({ auth: OAUTH });
    target.next(token('tok-1'), CREATED, xml(200, '<u:ListResponse/>'), json(200, {}), xml(200, ''));
    expect(await send(to)).toMatchObject({ outcome: 'success', ticketId: '7' });
    const context = { http: client(), signal: new AbortController().signal, nowMs: Date.now() };
    expect(await soap.source!.poll(to, 'ticket', null, context)).toMatchObject({ kind: 'fetched' });
    expect((await soap.check(to, client(), new AbortController().signal)).map(({ ok }) => ok)).toEqual([true, true, true]);
    await soap.propose!(to, { at: null }, context);
    expect(seen()).toEqual(['/oauth/token Basic cGFybGV5OmNsaWVudC1zZWNyZXQ=', '/soap "urn:t/Create" Bearer tok-1', '/soap "" Bearer tok-1', '/soap?wsdl Bearer tok-1', '/soap?wsdl Bearer tok-1']);
    expect(Buffer.from(target.seen[0]!.body).toString()).toBe('grant_type=client_credentials');
  });

  it('is asked for a new one once where it refuses, by a status or by a fault, and the endpoint pauses where that is refused too', async () => {
    const to = endpoint({ auth: OAUTH });
    target.next(token('tok-1'), json(401, {}), token('tok-2'), CREATED);
    expect(await send(to)).toMatchObject({ outcome: 'success' });
    target.next(fault('Client.Authentication'), token('tok-3'), CREATED);
    expect(await send(to)).toMatchObject({ outcome: 'success' });
    target.next(fault('Client.Authentication'), token('tok-4'), fault('Client.Authentication'));
    expect(await send(to)).toMatchObject({ outcome: 'credentials' });
    expect(seen().filter((line) => line.startsWith('/soap'))).toEqual(['tok-1', 'tok-2', 'tok-2', 'tok-3', 'tok-3', 'tok-4'].map((one) => `/soap "urn:t/Create" Bearer ${one}`));
  });

  it('says which step fails: no token is a refusal, a token server that is down is none', async () => {
    target.next(json(400, { error: 'invalid_client' }));
    expect(await send(endpoint({ auth: OAUTH }))).toMatchObject({ outcome: 'credentials' });
    target.next(json(503, {}));
    expect(await send(endpoint({ auth: OAUTH }))).toMatchObject({ outcome: 'retryable', error: 'The login was answered 503.' });
  });

  it('never shows the token, not even where the service sends it back', async () => {
    target.next(token('tok-secret-1'), xml(500, '<s:Fault><faultcode>s:Client</faultcode><faultstring>tok-secret-1 is not welcome</faultstring></s:Fault>'));
    const result = await send(endpoint({ auth: OAUTH }));
    expect(result).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('is not welcome') });
    expect(JSON.stringify(result) + Buffer.from(result.body ?? '').toString()).not.toContain('tok-secret-1');
  });

  it('keeps a refresh token that the target replaces, for all instances', async () => {
    const auth = { ...OAUTH, grant: 'refreshToken', refreshToken: 'r0' };
    const kept = new KeptInMemory({ accessToken: 'a0', refreshToken: 'r1', usableUntilMs: 0 });
    target.next(json(200, { access_token: 'a1', expires_in: 60, refresh_token: 'r2' }), CREATED);
    expect(await send(endpoint({ auth }, { tokens: kept }))).toMatchObject({ outcome: 'success' });
    expect(Buffer.from(target.seen[0]!.body).toString()).toContain('refresh_token=r1');
    expect(soap.tokenSeed!(endpoint({ auth }))).toMatchObject({ refreshToken: 'r0' });
    const consented = endpoint({ auth: { ...OAUTH, grant: 'authorizationCode', authorizationUrl: '/authorize' } });
    expect(soap.consent!(consented)).toMatchObject({ authorizationUrl: `${target.url}/authorize`, tokenUrl: `${target.url}/oauth/token` });
  });
});

describe('a service that wants a session', () => {
  const header = { header: '<t:session>{{token}}</t:session>' };

  it('is logged in to by a call, and gets the session in its SOAP header', async () => {
    const to = endpoint({ ...header, auth: SESSION });
    target.next(loggedIn('s&amp;1'), CREATED, CREATED);
    await send(to);
    expect(await send(to)).toMatchObject({ outcome: 'success', ticketId: '7' });
    expect(seen()).toEqual(['/soap "urn:t/Login"', '/soap "urn:t/Create" s&amp;1', '/soap "urn:t/Create" s&amp;1']);
    const login = target.seen[0]!.body.toString();
    expect(login).toContain('<t:user>par&lt;ley</t:user><t:password>pass&amp;word</t:password>');
    expect(login).not.toContain('Header');
  });

  it('gets it in a header of HTTP where that is where it belongs', async () => {
    target.next({ ...loggedIn('x'), headers: { 'content-type': 'text/xml', 'set-cookie': 'SID=abc; Path=/' } } as Behaviour, CREATED);
    const auth = { ...SESSION, token: { header: 'set-cookie', pattern: '^[^;]+' }, headers: { 'X-Session': '{{token}}' } };
    expect(await send(endpoint({ auth }))).toMatchObject({ outcome: 'success' });
    expect(seen()[1]).toBe('/soap "urn:t/Create" SID=abc');
  });

  it('begins a new one, once, where the old one is over: by a fault, or as its settings know it', async () => {
    const auth = { ...SESSION, invalidWhen: [{ xpath: '//t:expired' }] };
    const to = endpoint({ ...header, auth });
    target.next(loggedIn('s1'), fault('Client.Authentication'), loggedIn('s2'), CREATED);
    expect(await send(to)).toMatchObject({ outcome: 'success' });
    target.next(xml(200, '<u:CreateResponse><u:expired/></u:CreateResponse>'), loggedIn('s3'), CREATED);
    expect(await send(to)).toMatchObject({ outcome: 'success' });
    expect(seen().filter((line) => line.includes('Create'))).toEqual(['s1', 's2', 's2', 's3'].map((one) => `/soap "urn:t/Create" ${one}`));
  });

  it('is told when a new session takes the place of an old one', async () => {
    const to = endpoint({ ...header, auth: { ...SESSION, logout: { action: 'urn:t/Logout', header: '<t:session>{{token}}</t:session>', body: '<t:Logout/>' } } });
    target.next(loggedIn('s1'), CREATED, loggedIn('s2')).always(CREATED);
    await send(to);
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 7_200_000);
    await send(to).finally(() => { clock.mockRestore(); });
    await eventually(() => { expect(seen()).toContain('/soap "urn:t/Logout" s1'); });
    expect(seen()).toContain('/soap "urn:t/Create" s2');
  });

  it('that does not take the login pauses the endpoint; one that cannot answer now is tried again', async () => {
    target.next(fault('Client.Authentication'));
    expect(await send(endpoint({ auth: SESSION }))).toMatchObject({ outcome: 'credentials' });
    target.next(xml(200, '<u:LoginResponse/>'));
    expect(await send(endpoint({ auth: SESSION }))).toMatchObject({ outcome: 'credentials', error: expect.stringContaining('without a token') });
    target.next(fault('Server'));
    expect(await send(endpoint({ auth: SESSION }))).toMatchObject({ outcome: 'retryable', error: 'The login was answered 500.' });
  });

  it('may give an assertion, which goes into the security header as it stands', async () => {
    const saml = 'urn:oasis:names:tc:SAML:2.0:assertion';
    const assertion = `<a:Assertion xmlns:a="${saml}" ID="i1"><a:Issuer>them &amp; co</a:Issuer></a:Assertion>`;
    const auth = { ...SESSION, tokenForm: 'element', token: { xpath: '//saml:Assertion' } };
    target.next(xml(200, `<u:Issued>${assertion}</u:Issued>`), CREATED);
    expect(await send(endpoint({ auth, namespaces: { t: 'urn:t', saml }, security: { assertion: '{{token}}' } }))).toMatchObject({ outcome: 'success' });
    expect(target.seen[1]!.body.toString()).toMatch(new RegExp(`<wsse:Security [^>]*>${assertion}</wsse:Security>`));
  });

  it('is shown without it, since it is known only when it is sent', () => {
    const shown = soap.outbound.render(delivery, endpoint({ ...header, auth: SESSION }));
    expect(shown.ok && Buffer.from(shown.value.body ?? '').toString()).toContain('<t:session>***</t:session>');
  });

  it('needs a login and a place of its token', () => {
    const problems = (auth: object): string[] => checkSettings(soap.settings, { address: 'https://x.example', auth }).map(({ pointer }) => pointer);
    expect(problems({ type: 'session' }).sort()).toEqual(['/auth/login', '/auth/token']);
    expect(problems({ ...SESSION, login: { body: '<t:Login>' } })).toEqual(['/auth/login/body']);
    expect(problems({ type: 'oauth2', grant: 'clientCredentials' })).toEqual(['/auth/tokenUrl']);
  });
});

describe('an assertion of the settings', () => {
  it('goes into the security header as it stands, and is never shown', () => {
    const assertion = '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="i1">secret of theirs</a:Assertion>';
    const shown = soap.outbound.render(delivery, endpoint({ security: { assertion, timestampSeconds: 60 } }));
    expect(shown.ok && Buffer.from(shown.value.body ?? '').toString()).toMatch(new RegExp(`</wsu:Timestamp>${assertion}</wsse:Security>`));
    expect(checkSettings(soap.settings, { address: 'https://x.example', security: { assertion: '<a:Assertion>' } }).map(({ pointer }) => pointer)).toEqual(['/security/assertion']);
  });
});
