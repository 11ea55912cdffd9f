import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, PollResult } from '../../src/adapter/contract.js';
import { mail } from '../../src/adapter/kinds/mail/index.js';
import { EgressPolicy, GuardedHttp } from '../../src/net/index.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { ImapFake, Pop3Fake } from '../support/mail-server.js';

const PASSWORD = 'mailbox-password';
const text = (subject: string, body = 'hello'): string => `From: a@b.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@b.example>\r\n\r\n${body}\r\n`;
const endpoint = (incoming: Record<string, unknown>, settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', entityTypes: [{ name: 'mail', references: [], settings: {} }],
  settings: { address: 'support@example.com', incoming: { host: '127.0.0.1', security: 'none', username: 'support', password: PASSWORD, ...incoming }, timeouts: { connectMs: 1_000, headersMs: 1_000, totalMs: 3_000 }, ...settings },
});

let http: GuardedHttp;
let stop: AbortController;
beforeAll(() => { http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] })); });
beforeEach(() => { stop = new AbortController(); });
afterEach(() => stop.abort());
afterAll(() => http.close());

const context = () => ({ http: http.client('mail', { slots: 2 }), signal: stop.signal, nowMs: Date.now() });
const source = mail.source!;
type Fetched = PollResult & { kind: 'fetched' };
const poll = async (at: ConnectedEndpoint, cursor: unknown = null): Promise<Fetched> => {
  const result = await source.poll(at, 'mailbox', cursor, context());
  if (result.kind !== 'fetched') throw new Error(`${result.kind}: ${result.error}`);
  return result;
};
const subjects = ({ items }: Fetched): string[] => items.map((item) => /^Subject: (.*)\r$/m.exec(Buffer.from(item.body).toString('latin1'))?.[1] ?? '');
const settle = (at: ConnectedEndpoint, cursor: unknown) => source.settled!(at, 'mailbox', cursor, context());

describe('a mailbox over IMAP', () => {
  let server: ImapFake;
  beforeEach(async () => { server = await ImapFake.start(); });
  afterEach(() => server.stop());
  const imap = (more: Record<string, unknown> = {}, settings = {}) => endpoint({ type: 'imap', port: server.port, ...more }, settings);

  it('gives each mail once, as it is, and marks it only when that is asked', async () => {
    const at = imap();
    server.put(text('old'), ['\\Seen']);
    server.put(Buffer.concat([Buffer.from(text('one', 'Gr')), Buffer.from([0xfc])]));
    const first = await poll(at);
    expect(subjects(first)).toEqual(['one']);
    expect(Buffer.from(first.items[0]!.body)).toEqual(server.inbox[1]!.bytes);
    expect(first.items[0]).toMatchObject({ entityType: 'mail', contentType: 'message/rfc822' });
    expect([...server.inbox[1]!.flags]).toEqual([]);
    await settle(at, first.cursor);
    expect([...server.inbox[1]!.flags]).toEqual(['\\Seen']);
    const second = await poll(at, first.cursor);
    expect(subjects(second)).toEqual([]);
    server.put(text('two'));
    expect(subjects(await poll(at, second.cursor))).toEqual(['two']);
    // As after a crash: the same again, with the same key.
    expect((await poll(at, second.cursor)).items[0]?.repeatKey).toBe((await poll(at, second.cursor)).items[0]?.repeatKey);
  });

  it('that was numbered anew is read as at first', async () => {
    const at = imap();
    server.put(text('one'));
    const { cursor } = await poll(at);
    server.validity = 8;
    expect(await poll(at, cursor)).toMatchObject({ items: [{}], warning: expect.stringContaining('numbered') });
    for (const broken of ['x', 7, {}, { mailbox: 'INBOX' }, []]) expect(subjects(await poll(at, broken))).toEqual(['one']);
  });

  it('gives many mails in pages, the oldest first', async () => {
    for (let at = 1; at <= 60; at += 1) server.put(text(`m${at}`));
    const first = await poll(imap());
    const second = await poll(imap(), first.cursor);
    expect([first.items.length, first.more, second.items.length, second.more]).toEqual([50, true, 10, false]);
    expect([...subjects(first), ...subjects(second)]).toEqual(Array.from({ length: 60 }, (_, at) => `m${at + 1}`));
  });

  it('has its mails moved to a folder that is made, or deleted', async () => {
    server.put(text('one'), ['\\Seen']);
    const moving = imap({ after: 'move', moveTo: 'Done' });
    const { cursor } = await poll(moving);
    await settle(moving, cursor);
    expect([server.inbox.length, server.folders.get('Done')?.length]).toEqual([0, 1]);
    server.put(text('two'));
    const deleting = imap({ after: 'delete' });
    await settle(deleting, (await poll(deleting)).cursor);
    expect(server.inbox).toEqual([]);
  });

  it('of which nothing is to be changed gives only what comes from now on', async () => {
    server.put(text('before'));
    const at = imap({ after: 'nothing' });
    const first = await poll(at);
    server.put(text('after'));
    const second = await poll(at, first.cursor);
    await settle(at, second.cursor);
    expect([subjects(first), subjects(second), [...server.inbox[1]!.flags]]).toEqual([[], ['after'], []]);
  });

  it('tells of a mail that is too large instead of fetching it', async () => {
    server.put(`MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n${text('huge', 'x'.repeat(20_000))}`);
    const { items } = await poll(imap({}, { maxMailBytes: 10_240 }));
    expect(Buffer.from(items[0]!.body).toString()).toMatch(/^From: [^]*Subject: huge[^]*\[This mail has 20\d\d\d bytes/);
    expect(server.commands.filter((one) => one.includes('BODY.PEEK[]'))).toEqual([]);
  });

  it('that refuses the password, is away or forbidden says which', async () => {
    expect(await source.poll(imap({ password: 'wrong-password' }), 'mailbox', null, context())).toMatchObject({ kind: 'credentials', error: expect.not.stringContaining('wrong-password') });
    expect(await source.poll(imap({ mailbox: 'No/Such' }), 'mailbox', null, context())).toMatchObject({ kind: 'failed' });
    expect(await source.poll(imap({ port: 1 }), 'mailbox', null, context())).toMatchObject({ kind: 'failed' });
    expect(await source.poll(imap({ host: '169.254.169.254' }), 'mailbox', null, context())).toMatchObject({ kind: 'failed', error: expect.stringContaining('metadata') });
    expect((await source.poll(imap({ security: 'starttls' }), 'mailbox', null, context())).kind).toBe('failed');
    expect(server.commands.filter((one) => one.startsWith('LOGIN') && one.includes(PASSWORD)).length).toBe(1); // the one that found no folder
  });

  it('tells of new mail at once, and a cut connection is an error that ends the waiting', async () => {
    const wakes: number[] = [];
    const watching = source.watch!(imap(), 'mailbox', () => wakes.push(Date.now()), context());
    const ended = watching.then(() => 'returned', (error: Error) => error.message);
    await eventually(() => expect(server.listeners).toBe(1));
    const before = wakes.length;
    server.put(text('one'));
    await eventually(() => expect(wakes.length).toBeGreaterThan(before));
    server.cut();
    expect(await ended).toContain('has ended the connection');
    await eventually(() => expect(server.listeners).toBe(0));
    const again = source.watch!(imap(), 'mailbox', () => undefined, context());
    await eventually(() => expect(server.listeners).toBe(1));
    stop.abort();
    await again;
  });

  it('can be tested without changing it', async () => {
    server.put(text('one'));
    const check = async (at: ConnectedEndpoint) => (await mail.check(at, http.client('mail', { slots: 2 }), stop.signal)).map(({ step, ok }) => [step, ok]);
    expect(await check(imap())).toEqual([['network', true], ['authentication', true], ['rights', true]]);
    expect(await check(imap({ password: 'wrong-password' }))).toEqual([['network', true], ['authentication', false]]);
    expect([...server.inbox[0]!.flags]).toEqual([]);
  });
});

describe('a mailbox over POP3', () => {
  let server: Pop3Fake;
  beforeEach(async () => { server = await Pop3Fake.start(); });
  afterEach(() => server.stop());
  const pop3 = (more: Record<string, unknown> = {}, settings = {}) => endpoint({ type: 'pop3', port: server.port, ...more }, settings);

  it('gives each mail once, byte for byte, and deletes only what was committed', async () => {
    const bytes = Buffer.concat([Buffer.from(text('one', '.dot\r\n..dots\r\n.')), Buffer.from([0xff, 0x0d, 0x0a])]);
    server.put(1, bytes);
    const first = await poll(pop3());
    expect(Buffer.from(first.items[0]!.body)).toEqual(bytes);
    expect(server.mails).toHaveLength(1);
    server.put(2, text('two'));
    const second = await poll(pop3(), first.cursor);
    expect(subjects(second)).toEqual(['two']);
    server.put(3, text('three'));
    await settle(pop3(), second.cursor);
    expect(server.mails.map(({ uid }) => uid)).toEqual([3]);
    expect(subjects(await poll(pop3(), second.cursor))).toEqual(['three']);
  });

  it('in which mails stay gives none again', async () => {
    const at = pop3({ after: 'nothing' });
    server.put(1, text('one'));
    const first = await poll(at);
    await settle(at, first.cursor);
    expect([server.mails.length, subjects(await poll(at, first.cursor))]).toEqual([1, []]);
  });

  it('tells of a mail that is too large instead of fetching it', async () => {
    server.put(1, text('huge', 'x'.repeat(20_000)));
    expect(Buffer.from((await poll(pop3({}, { maxMailBytes: 10_240 }))).items[0]!.body).toString()).toContain('[This mail has 20');
  });

  it('that refuses the password, is in use or does not speak POP3 says which', async () => {
    expect(await source.poll(pop3({ password: 'wrong' }), 'mailbox', null, context())).toMatchObject({ kind: 'credentials' });
    expect(await source.poll(pop3({ password: 'later' }), 'mailbox', null, context())).toMatchObject({ kind: 'failed', error: expect.stringContaining('IN-USE') });
    expect(await source.poll(pop3({ security: 'starttls' }), 'mailbox', null, context())).toMatchObject({ kind: 'failed' });
    expect(await source.poll(pop3({ username: 'x\r\nDELE 1' }), 'mailbox', null, context())).toMatchObject({ kind: 'credentials', error: expect.stringContaining('line break') });
    const imap = await ImapFake.start();
    expect(await source.poll(pop3({ port: imap.port }), 'mailbox', null, context())).toMatchObject({ kind: 'failed', error: expect.stringContaining('does not speak POP3') });
    await imap.stop();
  });
});

describe('a mailbox over Microsoft Graph', () => {
  let target: FakeTarget;
  beforeAll(async () => { target = await FakeTarget.start(); });
  beforeEach(() => target.reset());
  afterAll(() => target.stop());
  const graph = (more: Record<string, unknown> = {}): ConnectedEndpoint => {
    const { settings, ...rest } = endpoint({});
    return { ...rest, settings: { ...settings, incoming: { type: 'graph', tenant: 't-1', clientId: 'c', clientSecret: PASSWORD, mailbox: 'support@example.com', graphUrl: target.url, loginUrl: target.url, ...more } } };
  };
  const base = () => `${target.url}/v1.0/users/support%40example.com`;
  const token = json(200, { access_token: 'tok-1', expires_in: 3_600 });
  const mime = (subject: string) => ({ do: 'answer' as const, status: 200, body: text(subject), headers: { 'content-type': 'text/plain' } });
  const page = (ids: readonly string[], link: 'nextLink' | 'deltaLink', to: string, read: readonly string[] = []) => json(200, { value: ids.map((id) => ({ id, isRead: read.includes(id) })), [`@odata.${link}`]: `${base()}/mailFolders/inbox/messages/delta?${to}` });

  it('gives what a delta query lists, page by page, and goes on where it ended', async () => {
    const at = graph();
    target.next(token, page(['A', 'B'], 'nextLink', '$skiptoken=1', ['B']), mime('a'), page(['C'], 'deltaLink', '$deltatoken=2'), mime('c'), page(['D'], 'deltaLink', '$deltatoken=3', ['D']), mime('d'));
    const first = await poll(at);
    const second = await poll(at, first.cursor);
    const third = await poll(at, second.cursor);
    expect([first, second, third].map((one) => [subjects(one), one.more])).toEqual([[['a'], true], [['c'], false], [['d'], false]]);
    expect(target.seen.filter(({ url }) => url.includes('delta')).map(({ url }) => url.split('?')[1])).toEqual(['changeType=created&$select=isRead', '$skiptoken=1', '$deltatoken=2']);
    target.reset();
    target.next(json(200, {}));
    await settle(at, third.cursor);
    expect(target.seen.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`)).toEqual(['PATCH /v1.0/users/support%40example.com/messages/D {"isRead":true}']);
  });

  it('whose place is forgotten is read as at first; links that lead elsewhere are not followed', async () => {
    const at = graph();
    target.next(token, page([], 'deltaLink', '$deltatoken=2'), json(410, { error: { code: 'syncStateNotFound', message: 'gone' } }));
    const { cursor } = await poll(at);
    expect(await poll(at, cursor)).toMatchObject({ cursor: null, more: true, items: [] });
    target.next(json(200, { value: [], '@odata.deltaLink': 'http://evil.example/x' }));
    expect(await source.poll(at, 'mailbox', null, context())).toMatchObject({ kind: 'failed' });
  });

  it('that is busy, refuses or breaks off says which; what has gone meanwhile is told of', async () => {
    const at = graph();
    target.next(token, json(429, {}, { 'retry-after': '30' }));
    expect(await source.poll(at, 'mailbox', null, context())).toMatchObject({ kind: 'failed', retryAfterMs: 30_000 });
    target.next(json(403, { error: { message: 'no right' } }));
    expect(await source.poll(at, 'mailbox', null, context())).toMatchObject({ kind: 'credentials' });
    target.next(page(['A', 'B'], 'deltaLink', '$deltatoken=1'), json(404, {}), mime('b'));
    expect(await poll(at)).toMatchObject({ items: [{}], warning: expect.stringContaining('1 mails') });
    target.next(page(['A'], 'deltaLink', '$deltatoken=1'), json(500, {}));
    expect(await source.poll(at, 'mailbox', null, context())).toMatchObject({ kind: 'failed' });
  });
});
