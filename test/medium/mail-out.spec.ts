import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server, type AddressInfo } from 'node:net';
import type { ConnectedEndpoint, OutboundDelivery, SendResult } from '../../src/adapter/contract.js';
import { mail } from '../../src/adapter/kinds/mail/index.js';
import { EgressPolicy, GuardedHttp } from '../../src/net/index.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { MailTaker } from '../support/mail-server.js';

const SECRET = 'mailbox-password';
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery => ({
  id: '01990000-0000-7000-8000-0000000000d1', entityType: 'mail', messageType: '', operation: 'CREATE', ticketId: null, attributes: { to: 'anna@partner.example', title: 'Prüfung', description: 'Zeile\n.\nmit Punkt' },
  attachments: [{ id: 'f', name: 'Prüfbericht.pdf', contentType: 'application/pdf', size: 3, content: Buffer.from('one') }], attempt: 1, ...over,
});

let taker: MailTaker;
let http: GuardedHttp;
beforeAll(async () => { taker = await MailTaker.start(); });
beforeEach(() => {
  taker.taken.length = 0;
  taker.manners = {};
  http ??= new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
});
afterAll(async () => { await http.close(); await taker.stop(); });

const smtp = (outgoing: Record<string, unknown> = {}, settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', entityTypes: [{ name: 'mail', references: [], settings: {} }],
  settings: { address: 'support@example.com', outgoing: { type: 'smtp', host: '127.0.0.1', port: taker.port, security: 'none', ...outgoing }, timeouts: { connectMs: 500, headersMs: 500, totalMs: 1_500 }, ...settings },
});
const send = async (endpoint: ConnectedEndpoint, given = delivery(), signal = new AbortController().signal): Promise<SendResult> => {
  const result = await mail.outbound.send(given, endpoint, http.client('mail', { slots: 4 }), signal);
  expect(JSON.stringify(result)).not.toContain(SECRET);
  expect(result.error === null).toBe(result.outcome === 'success');
  return result;
};

describe('a mail over SMTP', () => {
  it('arrives whole, and the same when it is sent again', async () => {
    const endpoint = smtp();
    const first = await send(endpoint);
    expect(first).toMatchObject({ outcome: 'success', ticketId: expect.stringMatching(/^\w{12}$/), answer: { message_id: expect.stringMatching(/^parley\./) } });
    expect(await send(endpoint, delivery({ attempt: 2 }))).toMatchObject({ ticketId: first.ticketId });
    const [one, other] = taker.taken;
    expect(one).toEqual(other);
    expect(one).toMatchObject({ from: 'support@example.com', to: ['anna@partner.example'] });
    expect(one!.text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(one!.text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(one!.text).toMatch(/^Message-ID: <parley\.\w{12}\.\w{8}@example\.com>\r$/m);
    expect(one!.text).toMatch(/^Date: .+\r$/m);
    const read = await mail.inbound.open!({ entityType: 'mail', body: Buffer.from(one!.text), contentType: '', headers: {}, query: '' }, smtp(), 0) as { mail: { value: { text: string; subject: string; files: { name: string; content: Buffer }[] } } };
    expect(read.mail.value).toMatchObject({ text: expect.stringContaining('Zeile\n.\nmit Punkt'), subject: expect.stringMatching(/^Prüfung \[#/), files: [{ name: 'Prüfbericht.pdf', content: Buffer.from('one') }] });
  });

  it('goes over one connection after the other, with what signs it in', async () => {
    const endpoint = smtp({ username: 'u', password: SECRET });
    const before = taker.connections;
    for (let at = 0; at < 3; at += 1) expect((await send(endpoint)).outcome).toBe('success');
    expect(taker.connections - before).toBe(1);
    expect(taker.taken.map(({ user }) => user)).toEqual(Array.from({ length: 3 }, () => `u:${SECRET}`));
  });

  it('is signed where a key is set', async () => {
    const privateKey = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;
    expect((await send(smtp({ dkim: { domain: 'example.com', selector: 's1', privateKey } }))).outcome).toBe('success');
    expect(taker.taken[0]!.text).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=example\.com;/m);
  });

  it.each([
    ['refused credentials', { auth: [535, '5.7.8 no'] as const }, { outcome: 'credentials', endpointFault: true }], ['a sign-in that does not work now', { auth: [454, '4.7.0 later'] as const }, { outcome: 'retryable' }],
    ['a refused sender', { mail: [553, '5.7.1 not yours'] as const }, { outcome: 'rejected', endpointFault: false }], ['a busy server', { mail: [421, '4.3.2 closing'] as const }, { outcome: 'retryable', endpointFault: true }],
    ['an unknown recipient', { rcpt: () => [550, '5.1.1 unknown'] as const }, { outcome: 'rejected' }], ['a greylisted recipient', { rcpt: () => [450, '4.7.1 greylisted'] as const }, { outcome: 'retryable', endpointFault: false }],
    ['a refused text', { data: [554, '5.7.1 spam'] as const }, { outcome: 'rejected', answer: { 'smtp.code': 554 } }], ['a full disk', { data: [452, '4.3.1 full'] as const }, { outcome: 'retryable' }],
    ['a connection that is cut after the dot', { data: 'cut' as const }, { outcome: 'unknown', endpointFault: true }], ['a server that says nothing after the dot', { data: 'hang' as const }, { outcome: 'unknown' }],
  ])('that meets %s is judged', async (_what, manners, expected) => {
    taker.manners = manners;
    expect(await send(smtp({ username: 'u', password: SECRET }))).toMatchObject(expected);
  });

  it('to several of whom one is refused is taken, with a warning', async () => {
    taker.manners = { rcpt: (address) => (address.startsWith('bob') ? [550, '5.1.1 unknown'] : null) };
    expect(await send(smtp(), delivery({ attributes: { to: ['anna@p.example', 'bob@p.example'], title: 'x' } }))).toMatchObject({ outcome: 'success', warning: expect.stringContaining('not for bob@p.example') });
  });

  it('names each recipient to servers that tell of its fate, and keeps quiet where they do not', async () => {
    const to = { attributes: { to: ['anna+40@p.example', 'bob@p.example'], title: 'x' } };
    const telling = await MailTaker.start({ hideDSN: false });
    const quiet = await MailTaker.start({ hideDSN: true });
    const outcomes = [await send(smtp({ port: telling.port }), delivery(to)), await send(smtp({ port: quiet.port }), delivery(to))].map(({ outcome }) => outcome);
    await telling.stop();
    await quiet.stop();
    expect(outcomes).toEqual(['success', 'success']);
    expect(telling.taken[0]!.dsn).toEqual({ envelopeId: delivery().id, recipients: ['rfc822;anna+40@p.example', 'rfc822;bob@p.example'] });
  });

  it('comes back to an address of its own where that is set, and to the mailbox where it is not', async () => {
    await send(smtp({}, { returnPath: 'bounce@example.com' }));
    await send(smtp());
    expect(taker.taken.map(({ from }) => from)).toEqual([expect.stringMatching(/^bounce\+\w{50}@example\.com$/), 'support@example.com']);
    expect(taker.taken[0]!.text).not.toMatch(/^(?:From|Reply-To|Return-Path): .*bounce\+/m);
  });

  it('is not sent where nothing protects it as it should, nor is a password said', async () => {
    expect(await send(smtp({ security: 'starttls', username: 'u', password: SECRET }))).toMatchObject({ outcome: 'retryable', endpointFault: true });
    const secure = await MailTaker.start({ secure: true });
    expect(await send(smtp({ security: 'tls', port: secure.port }))).toMatchObject({ outcome: 'retryable', error: expect.stringContaining('TLS') });
    await secure.stop();
    expect(taker.taken).toEqual([]);
  });

  it('goes to no address that the policy forbids', async () => {
    const guarded = new GuardedHttp(new EgressPolicy({ allowPrivate: false, forbidden: [] }));
    expect(await mail.outbound.send(delivery(), smtp(), guarded.client('x', { slots: 1 }), new AbortController().signal)).toMatchObject({ outcome: 'retryable', error: expect.stringContaining('loopback') });
    await guarded.close();
  });

  it('is given up when the process gives it up, and was not told where the server never let it speak', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
    const abort = new AbortController();
    silent.once('connection', () => abort.abort());
    expect(await send(smtp({ port: (silent.address() as AddressInfo).port }), delivery(), abort.signal)).toMatchObject({ outcome: 'retryable', endpointFault: false });
    silent.close();
    expect(await send(smtp({ port: 1 }))).toMatchObject({ outcome: 'retryable', endpointFault: true });
  });

  it('is not handed over by a process that may not act any more, though its connection stands', async () => {
    const endpoint = smtp();
    await send(endpoint);
    const client = http.client('mail', { slots: 4 });
    const fenced = { call: client.call.bind(client), address: client.address.bind(client), mayCall: () => false };
    expect(await mail.outbound.send(delivery(), endpoint, fenced, new AbortController().signal)).toMatchObject({ outcome: 'retryable' });
    expect(taker.taken).toHaveLength(1);
  });

  it('is tested step by step', async () => {
    const check = async (endpoint: ConnectedEndpoint) => (await mail.check(endpoint, http.client('mail', { slots: 4 }), new AbortController().signal)).map(({ step, ok }) => [step, ok]);
    expect(await check(smtp({ username: 'u', password: SECRET }))).toEqual([['network', true], ['authentication', true]]);
    taker.manners = { auth: [535, 'no'] };
    expect(await check(smtp({ username: 'u', password: SECRET }))).toEqual([['network', true], ['authentication', false]]);
    expect(await check(smtp({ port: 1 }))).toEqual([['network', false]]);
  });
});

describe('a mail over Microsoft Graph', () => {
  let target: FakeTarget;
  beforeAll(async () => { target = await FakeTarget.start(); });
  beforeEach(() => target.reset());
  afterAll(() => target.stop());
  const graph = (): ConnectedEndpoint => ({
    ...smtp(), settings: { address: 'support@example.com', timeouts: { connectMs: 500, headersMs: 500, totalMs: 1_000 }, outgoing: { type: 'graph', tenant: 't-1', clientId: 'c', clientSecret: SECRET, mailbox: 'support@example.com', graphUrl: target.url, loginUrl: target.url } },
  });
  const token = json(200, { access_token: 'tok-1', expires_in: 3_600, token_type: 'Bearer' });

  it('is handed over as MIME with a token of the application, which is kept', async () => {
    const endpoint = graph();
    target.next(token, { ...json(202, '') }, { ...json(202, '') });
    expect(await send(endpoint)).toMatchObject({ outcome: 'success', httpStatus: 202, ticketId: expect.stringMatching(/^\w{12}$/) });
    expect(await send(endpoint)).toMatchObject({ outcome: 'success' });
    expect(target.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /t-1/oauth2/v2.0/token', 'POST /v1.0/users/support%40example.com/sendMail', 'POST /v1.0/users/support%40example.com/sendMail']);
    expect(target.seen[1]?.headers).toMatchObject({ authorization: 'Bearer tok-1', 'content-type': 'text/plain' });
    expect(Buffer.from(target.seen[1]!.body.toString(), 'base64').toString()).toMatch(/^Message-ID: <parley\./m);
    expect(target.seen[0]?.body.toString()).toContain('grant_type=client_credentials');
  });

  it.each([
    ['a wrong secret', [json(401, { error: 'invalid_client' })], 'credentials'], ['an old token', [token, json(401, {}), token, json(202, '')], 'success'], ['no right', [token, json(403, {})], 'credentials'],
    ['too many requests', [token, json(429, {}, { 'retry-after': '17' })], 'retryable'], ['a broken answer', [token, { do: 'cut' }], 'unknown'], ['a refused mail', [token, json(400, { error: { message: 'bad' } })], 'rejected'], ['no token in the answer', [json(200, {})], 'retryable'],
  ] as const)('that meets %s is judged', async (_what, answers, outcome) => {
    target.next(...(answers as unknown as Parameters<FakeTarget['next']>));
    expect((await send(graph())).outcome).toBe(outcome);
  });
});
