import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openBroker, type Desk } from './broker-setup.js';
import { eventually } from '../support/eventually.js';
import { ImapFake, MailTaker, type TakenMail } from '../support/mail-server.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
let taker: MailTaker;
let imap: ImapFake;
const mailboxes: ImapFake[] = [];
beforeAll(async () => {
  taker = await MailTaker.start();
  broker = await openBroker();
});
beforeEach(() => {
  taker.taken.length = 0;
  taker.manners = {};
});
afterAll(async () => { await broker.close(); await taker.stop(); await Promise.all(mailboxes.map((one) => one.stop())); });

const headerOf = (mail: TakenMail, name: string): string => new RegExp(`^${name}:((?:.*\\r\\n[ \\t])*.*)\\r$`, 'im').exec(mail.text)![1]!.replace(/\s+/g, ' ').trim();

/** What a mail server writes of a mail that it could not deliver. */
const report = (mail: TakenMail, { recipient = mail.to[0]!, status = '5.1.1' } = {}): string => `Return-Path: <>\r\nFrom: MAILER-DAEMON@mx\r\nTo: ${mail.from}\r\nSubject: Undelivered\r\nMessage-ID: <dsn-${headerOf(mail, 'X-Parley-Delivery')}-${recipient}@mx>\r\n`
  + `Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ${recipient}\r\nAction: failed\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550 ${status} unknown\r\n\r\n`
  + `--b\r\nContent-Type: text/rfc822-headers\r\n\r\n${['Message-ID', 'X-Parley-Delivery', 'X-Parley-To'].map((name) => `${name}: ${headerOf(mail, name)}`).join('\r\n')}\r\n--b--\r\n`;

/** A desk with a mailbox of its own that mails what `source` says to whom it says. */
async function setup(settings: Readonly<Record<string, unknown>> = {}): Promise<Desk> {
  const desk = await broker.desk();
  mailboxes.push((imap = await ImapFake.start()));
  await desk.must('PUT', '/api/v1/endpoints/desk', {
    name: 'Desk', adapter: 'mail', entityTypes: [{ name: 'mail' }],
    settings: { address: `support@${desk.user.slug}.example`, incoming: { type: 'imap', host: '127.0.0.1', port: imap.port, security: 'none', username: 'support', password: 'mailbox-password', everySeconds: 1 }, outgoing: { type: 'smtp', host: '127.0.0.1', port: taker.port, security: 'none' }, retry: { firstMs: 20, mostMs: 100 }, ...settings },
  });
  await desk.rule('out', { targetSystemId: 'desk', targetEntityType: 'mail', mappings: [{ type: 'Single', template: '${to}', targetAttribute: 'to' }, { type: 'Single', template: '${text}', targetAttribute: 'title' }] });
  return desk;
}
const list = async (desk: Desk): Promise<Record<string, unknown>[]> => (await desk.user.get('/api/v1/endpoints/desk/suppressed-addresses')).body.items;
const errors = async (desk: Desk): Promise<(string | null)[]> => (await desk.deliveries('desk')).map(({ error }) => error);

/** Mails to somebody from whom it comes back, so often. */
async function bounce(desk: Desk, times: number, to = 'anna@partner.example'): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const before = taker.taken.length;
    const already = (await desk.deliveries('desk')).length;
    await desk.say(`B-${already}`, { to, text: `mail ${already}` });
    await eventually(() => expect(taker.taken.length).toBe(before + 1));
    await eventually(async () => expect((await desk.deliveries('desk'))[already]?.state).toBe('SENT'));
    imap.put(report(taker.taken.at(-1)!));
    await eventually(async () => expect((await desk.deliveries('desk'))[already]?.state).toBe('DEAD'));
  }
}

describe('an address from which mails come back', () => {
  it('is sent nothing any more after the third in a row, is shown, audited and told of, and works again when that is lifted', async () => {
    const desk = await setup();
    await bounce(desk, 2);
    expect(await list(desk)).toEqual([]);
    await bounce(desk, 1);
    await eventually(async () => expect(await list(desk)).toMatchObject([{ address: 'anna@partner.example', bounces: 3, reason: '5.1.1 550 5.1.1 unknown', messageId: expect.any(String), suppressedAt: expect.any(String) }]));
    await desk.say('T-4', { to: 'Anna@partner.example', text: 'the fourth' });
    await desk.untilDeliveries(['DEAD', 'DEAD', 'DEAD', 'DEAD'], 'desk');
    expect((await errors(desk))[3]).toMatch(/^Nothing is sent to anna@partner\.example \(3 mails in a row came back from there: 5\.1\.1 550 5\.1\.1 unknown\)\. When the address works again, lift it/);
    expect(taker.taken).toHaveLength(3);
    await desk.say('T-5', { to: 'bob@partner.example', text: 'to somebody else' });
    await eventually(() => expect(taker.taken.at(-1)?.to).toEqual(['bob@partner.example']));
    expect((await desk.user.send('DELETE', '/api/v1/endpoints/desk/suppressed-addresses/Anna%40partner.example')).status).toBe(204);
    expect(await list(desk)).toEqual([]);
    expect((await desk.user.send('DELETE', '/api/v1/endpoints/desk/suppressed-addresses/anna%40partner.example')).status).toBe(404);
    expect((await desk.auditOf('endpoint:desk')).slice(-2)).toEqual(['endpoint.suppress-address', 'endpoint.lift-address']);
    await desk.act('deliveries', (await desk.deliveries('desk'))[3]!.id, 'retry');
    await eventually(() => expect(taker.taken.at(-1)?.to).toEqual(['Anna@partner.example']));
  });

  it('is left out of a mail to several, which says so', async () => {
    const desk = await setup({ suppressAfter: 1 });
    await bounce(desk, 1);
    await desk.say('T-2', { to: 'anna@partner.example, bob@partner.example', text: 'both' });
    await desk.untilDeliveries(['DEAD', 'SENT'], 'desk');
    expect(taker.taken.at(-1)?.to).toEqual(['bob@partner.example']);
    expect((await errors(desk))[1]).toContain('Nothing was sent to anna@partner.example');
  });

  it('is sent to again once somebody writes from there', async () => {
    const desk = await setup({ suppressAfter: 2 });
    await bounce(desk, 2);
    await eventually(async () => expect(await list(desk)).toHaveLength(1));
    imap.put(`From: Anna <anna@partner.example>\r\nTo: support@example.com\r\nSubject: I am back\r\nMessage-ID: <back-${desk.user.slug}@partner.example>\r\n\r\nhello`);
    await eventually(async () => expect(await list(desk)).toEqual([]));
    await eventually(async () => expect((await desk.auditOf('endpoint:desk')).at(-1)).toBe('endpoint.lift-address'));
  });

  it('counts a report that comes twice once, and none of somebody to whom the mail had not gone', async () => {
    const desk = await setup({ suppressAfter: 2 });
    await bounce(desk, 1);
    const [sent] = taker.taken;
    imap.put(report(sent!).replace('<dsn-', '<again-'));
    imap.put(report(sent!, { recipient: 'boss@partner.example' }));
    imap.put(report(sent!).replace('<dsn-', '<mark-').replace(/X-Parley-To: .*/, 'X-Parley-To: aaaaaa'));
    await eventually(async () => expect(await desk.rows('SELECT 1 FROM message WHERE organization_id = $1 AND endpoint = \'desk\' AND finished_at IS NOT NULL')).toHaveLength(4));
    expect(await desk.rows('SELECT address, bounces FROM bounced_address WHERE organization_id = $1')).toEqual([{ address: 'anna@partner.example', bounces: 1 }]);
  });

  it('that the server refuses at once counts as well; a refusal for other reasons does not', async () => {
    const desk = await setup({ suppressAfter: 2 });
    let asked = 0;
    taker.manners = { rcpt: (address) => { asked += 1; return address.startsWith('spam') ? [550, '5.7.1 policy'] : [550, '5.1.1 unknown']; } };
    for (const [at, to] of ['x@partner.example', 'spam@partner.example', 'x@partner.example', 'spam@partner.example'].entries()) {
      await desk.say(`R-${at}`, { to, text: 'mail' });
      await desk.untilDeliveries(Array.from({ length: at + 1 }, () => 'DEAD'), 'desk');
    }
    expect((await list(desk)).map(({ address }) => address)).toEqual(['x@partner.example']);
    expect(asked).toBe(4);
    await desk.say('R-5', { to: 'x@partner.example', text: 'mail' });
    await desk.untilDeliveries(['DEAD', 'DEAD', 'DEAD', 'DEAD', 'DEAD'], 'desk');
    expect(asked).toBe(4);
  });

  it('begins anew where a mail in between has arrived', async () => {
    const desk = await setup({ suppressAfter: 2 });
    await bounce(desk, 1);
    await desk.say('T-2', { to: 'anna@partner.example', text: 'arrives' });
    await desk.untilDeliveries(['DEAD', 'SENT'], 'desk');
    await eventually(async () => expect(await desk.rows('SELECT 1 FROM bounced_address WHERE organization_id = $1 AND taken_at IS NOT NULL')).toHaveLength(1));
    await desk.rows('UPDATE bounced_address SET taken_at = now() - interval \'25 hours\' WHERE organization_id = $1');
    await bounce(desk, 1);
    await eventually(async () => expect(await desk.rows('SELECT bounces FROM bounced_address WHERE organization_id = $1 AND taken_at IS NULL')).toEqual([{ bounces: 1 }]));
    expect(await list(desk)).toEqual([]);
  });

  it('is nobody else\'s: neither seen nor lifted by another organization', async () => {
    const desk = await setup({ suppressAfter: 1 });
    await bounce(desk, 1);
    const other = await setup();
    expect(await list(other)).toEqual([]);
    expect((await other.user.send('DELETE', '/api/v1/endpoints/desk/suppressed-addresses/anna%40partner.example')).status).toBe(404);
    expect(await list(desk)).toHaveLength(1);
  });
});

describe('mails to one domain', () => {
  it('wait for their turn beyond their rate, without an attempt being counted', async () => {
    const desk = await setup({ domainRate: 15 });
    for (const [at, to] of ['a@slow.example', 'b@slow.example', 'c@quick.example'].entries()) await desk.say(`D-${at}`, { to, text: 'mail' });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT'], 'desk');
    expect((await desk.deliveries('desk')).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    expect(await desk.rows('SELECT name FROM delivery_step WHERE organization_id = $1')).toEqual([{ name: 'turn 1' }]);
  });
});
