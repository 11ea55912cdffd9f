import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { openBroker, type Desk } from './broker-setup.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { ImapFake, MailTaker } from '../support/mail-server.js';

type Broker = Awaited<ReturnType<typeof openBroker>>;
type Json = Record<string, unknown>;

let broker: Broker;
let taker: MailTaker;
let imap: ImapFake;
let port: number;
beforeAll(async () => {
  taker = await MailTaker.start();
  imap = await ImapFake.start();
  port = await freePort();
  broker = await openBroker({ inletPort: port, inletMaxSize: 20_480 });
});
afterAll(async () => { await broker.close(); await taker.stop(); await imap.stop(); });

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port: free } = server.address() as { port: number };
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  return free;
}

const text = (subject: string, headers = '', body = 'hello'): string => `From: Anna <anna@partner.example>\r\nTo: support@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '')}@partner.example>\r\n${headers}\r\n${body}\r\n`;

/** A desk whose mailbox `desk` is joined with its target both ways. */
async function setup(incoming: Json, address = 'support@example.com'): Promise<Desk> {
  const desk = await broker.desk();
  await desk.must('PUT', '/api/v1/endpoints/desk', {
    name: 'Desk', adapter: 'mail', entityTypes: [{ name: 'mail' }],
    settings: { address, incoming, outgoing: { type: 'smtp', host: '127.0.0.1', port: taker.port, security: 'none' }, retry: { firstMs: 20, mostMs: 100 } },
  });
  await desk.rule('open and go on', { sourceSystemId: 'desk', sourceEntityType: 'mail', mappings: [{ type: 'Single', template: '${body}', targetAttribute: 'text' }, { type: 'Single', template: '${title}', targetAttribute: 'title' }] });
  await desk.rule('back', { sourceSystemId: 'target', targetSystemId: 'desk', targetEntityType: 'mail', mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'comment' }] });
  return desk;
}
const states = (desk: Desk): Promise<{ state: string; reason: string | null }[]> => desk.rows('SELECT state, reason FROM message WHERE organization_id = $1 AND endpoint = \'desk\' ORDER BY id');

describe('a mailbox', () => {
  it('opens tickets, carries answers both ways in one thread, and sees a mail that came back', async () => {
    const desk = await setup({ type: 'imap', host: '127.0.0.1', port: imap.port, security: 'none', username: 'support', password: 'mailbox-password', everySeconds: 1 });
    desk.target.always(json(201, { id: 'T-1' }));
    imap.put(text('Printer on fire'));
    await desk.untilSeen(['POST /target/incidents hello']);
    await eventually(() => expect([...imap.inbox[0]!.flags]).toEqual(['\\Seen']));
    // The answer of the other tool goes out into the thread of the mail.
    const said = await desk.say('T-1', { text: 'Which floor?' }, { endpoint: 'target' });
    await eventually(() => expect(taker.taken.length).toBe(1));
    const sent = taker.taken[0]!;
    expect(sent.to).toEqual(['anna@partner.example']);
    expect(sent.text).toMatch(/^In-Reply-To: <Printeronfire@partner\.example>\r$/m);
    expect(sent.text).toMatch(/^Subject: Re: Printer on fire \[#\w{12}-\w\w\]\r$/m);
    expect(await desk.conversationOf(said)).toBe((await desk.rows<{ conversation: string }>('SELECT conversation_id AS conversation FROM message WHERE organization_id = $1 AND endpoint = \'desk\''))[0]!.conversation);
    // The reply comes with nothing but the address that we gave.
    const replyTo = /^Reply-To: (\S+)\r$/m.exec(sent.text)![1]!;
    imap.put(text('whatever', `Delivered-To: ${replyTo}\r\n`, 'The third.\r\n\r\nOn Friday Desk wrote:\r\n> Which floor?'));
    await desk.untilSeen(['POST /target/incidents hello', 'PUT /target/incidents/T-1 The third.']);
    // Our mail comes back: its delivery has failed, and the conversation says so.
    await desk.untilDeliveries(['SENT'], 'desk');
    const [delivery] = await desk.deliveries('desk');
    imap.put(`Return-Path: <>\r\nFrom: MAILER-DAEMON@mx\r\nSubject: Undelivered\r\nMessage-ID: <dsn@mx>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; anna@partner.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n${/^Message-ID:\s+<[^>]+>/m.exec(sent.text)![0].replace(/\s+/, ' ')}\r\nX-Parley-Delivery: ${delivery!.id}\r\n--b--\r\n`);
    await desk.untilDeliveries(['DEAD'], 'desk');
    expect((await desk.deliveries('desk'))[0]?.error).toContain('anna@partner.example came back: 5.1.1');
    await desk.untilIdle();
    expect(new Set((await desk.rows('SELECT conversation_id AS c FROM message WHERE organization_id = $1')).map(({ c }) => c)).size).toBe(1);
    // Nothing of it was answered.
    expect(taker.taken.length).toBe(1);
  });
});

describe('a mailbox that is flooded', () => {
  it('keeps what it holds back, in its conversation, and counts it for an alert', async () => {
    const desk = await setup({ type: 'inlet' }, 'flooded@example.com');
    desk.target.always(json(201, { id: 'T-1' }));
    const put = (name: string, more = '') => createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true }).sendMail({ envelope: { from: 'anna@partner.example', to: 'flooded@example.com' }, raw: text(name, more, 'We have received your mail.') });
    await put('Circle');
    for (let at = 0; at < 5; at += 1) await put(`Circle ${at}`, 'In-Reply-To: <Circle@partner.example>\r\n');
    await eventually(async () => expect((await states(desk)).filter(({ state }) => state === 'FILTERED')).toHaveLength(2));
    expect(await desk.rows('SELECT DISTINCT conversation_id FROM message WHERE organization_id = $1 AND endpoint = \'desk\'')).toHaveLength(1);
    expect(await desk.rows('SELECT endpoint, count, reason FROM held_back WHERE organization_id = $1')).toEqual([{ endpoint: 'desk', count: 2, reason: expect.stringContaining('same text came more than 3 times in one thread') }]);
  });
});

describe('the SMTP inlet', () => {
  const deliver = (to: string, message: string, from = 'anna@partner.example') => createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true }).sendMail({ envelope: { from, to }, raw: message });

  it('says 250 for what is committed, once for a mail that is sent again, and keeps its order in a thread', async () => {
    const desk = await setup({ type: 'inlet' }, 'inlet@example.com');
    desk.target.always(json(201, { id: 'T-1' }));
    const { response } = await deliver('Inlet+x@example.com', text('One'));
    expect(response).toMatch(/^250 .*kept as [0-9a-f-]{36}/);
    expect(await desk.rows('SELECT 1 FROM raw_request WHERE organization_id = $1')).toHaveLength(1);
    await deliver('inlet+x@example.com', text('One'));
    // A reply in the same batch finds its thread, though only a Message-ID names it.
    await Promise.all([deliver('inlet@example.com', text('Two', 'In-Reply-To: <One@partner.example>\r\n', 'more')), deliver('inlet@example.com', text('Three', 'In-Reply-To: <Two@partner.example>\r\n', 'again'))]);
    await eventually(() => expect(desk.target.seen.length).toBe(3));
    await desk.untilIdle();
    expect(desk.seen().map((line) => line.split(' ')[0]).sort()).toEqual(['POST', 'PUT', 'PUT']);
    expect((await states(desk)).length).toBe(3);
  });

  it('refuses recipients that nobody has, what is too large, and addresses that two organizations claim', async () => {
    const desk = await setup({ type: 'inlet' }, 'second@example.com');
    await expect(deliver('nobody@example.com', text('x'))).rejects.toThrow('550 5.1.1');
    await expect(deliver('second@example.com', text('x', '', 'x'.repeat(30_000)))).rejects.toThrow('552');
    await setup({ type: 'inlet' }, 'second@example.com');
    await expect(deliver('second@example.com', text('x'))).rejects.toThrow('451');
    expect(await desk.rows('SELECT 1 FROM raw_request WHERE organization_id = $1')).toEqual([]);
  });

  it('keeps nothing of a mail whose connection ends before its dot', async () => {
    const desk = await setup({ type: 'inlet' }, 'third@example.com');
    const socket = connect(port, '127.0.0.1');
    const lines = ['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<third@example.com>', 'DATA'];
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        if (chunk.toString().startsWith('354')) socket.end('Subject: half\r\n\r\nhal', () => resolve());
        else if (/^\d{3} /m.test(chunk.toString()) && lines.length > 0) socket.write(`${lines.shift()}\r\n`);
      });
    });
    await new Promise<void>((resolve) => { socket.once('close', () => resolve()); });
    await deliver('third@example.com', text('Whole'));
    await eventually(async () => expect(await states(desk)).toHaveLength(1));
    expect(await desk.rows('SELECT 1 FROM raw_request WHERE organization_id = $1')).toHaveLength(1);
  });
});
