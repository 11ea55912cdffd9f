import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkSettings, secretPointers } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage, OutboundDelivery } from '../../contract.js';
import { mail } from './index.js';
import { ticketOfForeignId } from './thread/token.js';

const endpoint = (settings: Record<string, unknown> = {}, entityType: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com', outgoing: { type: 'smtp', host: 'mx.example.com' }, ...settings },
  entityTypes: [{ name: 'mail', references: [], settings: entityType }],
});
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
  ({ id: '01990000-0000-7000-8000-0000000000d1', entityType: 'mail', messageType: '', operation: 'CREATE', ticketId: null, attributes: { to: 'anna@partner.example', title: 'Printer on fire', description: 'It burns.' }, attachments: [], attempt: 1, ...over });
const rendered = (given: OutboundDelivery, at = endpoint()) => {
  const result = mail.outbound.render(given, at);
  if (!result.ok) throw new Error(result.error.message);
  return { headers: result.value.headers, text: Buffer.from(result.value.body ?? '').toString() };
};
const fixture = (name: string, replaced: Record<string, string> = {}): string =>
  Object.entries(replaced).reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(new URL(`fixture/${name}.eml`, import.meta.url), 'utf8'));

async function read(text: string | Buffer, at = endpoint(), headers: Record<string, string> = {}): Promise<NormalizedMessage> {
  const request: InboundRequest = { entityType: 'mail', body: Buffer.from(text), contentType: 'message/rfc822', headers, query: '' };
  const normalized = mail.inbound.normalize(request, at, await mail.inbound.open!(request, at, 0));
  if (!normalized.ok) throw new Error(normalized.error.message);
  return normalized.value[0]!;
}
const simple = (headers: string, text = 'hello'): string => `From: anna@partner.example\r\nTo: support@example.com\r\nSubject: Printer\r\nMessage-ID: <m1@partner.example>\r\n${headers}\r\n${text}`;

describe('a mail', () => {
  it('becomes its attributes, its sender and its files', async () => {
    const message = await read(fixture('reply-outlook-german'));
    expect(message).toMatchObject({
      entityType: 'mail', messageType: 'reply', sender: { id: 'anna@partner.example', name: 'Anna Müller' }, occurredAt: '2026-11-20T09:00:00.000Z',
      attributes: {
        subject: 'AW: Drucker brennt 🔥', title: 'Drucker brennt 🔥', body: 'Er löscht sich nicht von selbst.\n\nGrüße\nAnna', from: 'anna@partner.example', from_name: 'Anna Müller', to: ['support@example.com'], cc: ['bob@partner.example'],
        message_id: 'AM9PR01MB4567@EUR.partner.example', in_reply_to: 'parent-1@partner.example', references: ['root-1@partner.example', 'parent-1@partner.example'], visibility: 'internal', 'mail.class': 'human', 'mail.stripped': true, comment_author: 'Anna Müller',
      },
    });
    expect(message.attributes['text']).toContain('Haben Sie ihn ausgeschaltet?');
    expect(message.attributes['html']).toBe('<p>Er löscht sich nicht von selbst.</p><a rel="noopener noreferrer nofollow">x</a><img>');
    expect(message.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([['Prüfbericht.pdf', 'application/pdf'], ['mail-2.eml', 'message/rfc822']]);
    expect(Buffer.from(message.attachments[1]!.content).toString()).toContain('Subject: forwarded');
  });

  it('is the same message each time it is read', async () => {
    expect(await read(fixture('reply-outlook-german'))).toEqual(await read(fixture('reply-outlook-german')));
  });

  it.each([
    ['windows-1252 without saying so', Buffer.concat([Buffer.from('From: a@b.example\r\nSubject: x\r\n\r\nGr'), Buffer.from([0xfc, 0xdf]), Buffer.from('e')]), 'Grüße'],
    ['base64 in Japanese', simple('Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: base64\r\n', Buffer.from('\x1b$B4A;z\x1b(B', 'latin1').toString('base64')), '漢字'],
    ['flowed text', simple('Content-Type: text/plain; format=flowed; delsp=no\r\n', 'one \r\ntwo\r\nthree'), 'one two\nthree'],
    ['HTML alone', simple('Content-Type: text/html; charset=utf-8\r\n', '<p>one<br>two</p><p>&lt;three&gt;</p>'), 'one\ntwo\n<three>'],
    ['an unknown charset', simple('Content-Type: text/plain; charset=x-klingon\r\n', 'hello'), 'hello'],
    ['nothing', simple('', ''), ''],
  ])('in %s is read', async (_what, text, expected) => {
    expect((await read(text)).attributes['body']).toBe(expected);
  });

  it('that is broken gives what can be read of it', async () => {
    const cut = fixture('reply-outlook-german').slice(0, 1_600);
    expect((await read(cut)).attributes['subject']).toBe('AW: Drucker brennt 🔥');
    expect((await read(simple('Content-Type: multipart/mixed; boundary=x\r\n', '--x\r\nno end'))).ticketId).toHaveLength(12);
  });

  it('that is none is a failure and no exception', async () => {
    for (const body of ['', '{}', 'null', '<html></html>', '\xff\xfe\0', '['.repeat(200_000)]) {
      const request: InboundRequest = { entityType: 'mail', body: Buffer.from(body, 'latin1'), contentType: 'message/rfc822', headers: {}, query: '' };
      expect(mail.inbound.normalize(request, endpoint(), await mail.inbound.open!(request, endpoint(), 0))).toMatchObject({ ok: false, error: { kind: 'invalid' } });
    }
    expect(mail.inbound.normalize({ entityType: 'mail', body: Buffer.alloc(0), contentType: '', headers: {}, query: '' }, endpoint())).toMatchObject({ ok: false, error: { kind: 'fault' } });
  });

  it('that is built to hurt is bounded', async () => {
    const deep = Array.from({ length: 700 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('');
    expect((await read(simple(deep, 'x'))).attributes['mail.omitted']).toEqual([expect.stringContaining('cannot be read')]);
    const files = Array.from({ length: 150 }, (_, at) => `--b\r\nContent-Type: text/x-many; name=../../etc/f${at}\r\nContent-Disposition: attachment\r\n\r\nx\r\n`).join('');
    const many = await read(simple('Content-Type: multipart/mixed; boundary=b\r\n', `${files}--b--`));
    expect([many.attachments.length, many.attachments[0]?.name]).toEqual([100, 'f0']);
    const huge = await read(simple('', 'x'.repeat(1_200_000)));
    expect(huge.attributes['text']).toHaveLength(1_000_000);
    await read(simple('References: '.padEnd(200_000, '<a@b> ') + '\r\n'));
    await read(simple(`X-Long: ${'y'.repeat(100_000)}\r\nTo: ${'a@b.example, '.repeat(5_000)}\r\n`));
  });

  it('that is an invitation keeps it as a file, beside its text', async () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nCome!\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Come!</p>\r\n--b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--';
    const message = await read(simple('Content-Type: multipart/alternative; boundary=b\r\n', parts));
    expect(message.attributes['body']).toBe('Come!');
    expect(message.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([[expect.stringMatching(/\.ics$/), 'text/calendar']]);
    const alone = await read(simple('Content-Type: text/calendar; method=CANCEL\r\n', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR'));
    expect(alone.attachments.map((file) => file.contentType)).toEqual(['text/calendar']);
  });

  it.each([
    ['signed, readable', 'multipart/signed; protocol="application/pkcs7-signature"; boundary=b', '--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--b--', 'signed', 'hello'],
    ['signed, within what a list put around it', 'multipart/mixed; boundary=a', '--a\r\nContent-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n--b--\r\n--a--', 'signed', 'hello'],
    ['signed and opaque', 'application/pkcs7-mime; smime-type=signed-data; name=smime.p7m', 'MIIB', 'signed', ''],
    ['encrypted', 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'MIIB', 'encrypted', ''],
    ['encrypted by PGP', 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', '--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--b--', 'encrypted', ''],
    ['signed by PGP in its text', 'text/plain', '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello\r\n- -- \r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n-----END PGP SIGNATURE-----', 'signed', 'hello\n--'],
    ['encrypted by PGP in its text', 'text/plain', '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----', 'encrypted', '-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----'],
  ])('that is %s says so, and is read as far as it can be', async (_what, ...[type, body, wrapper, text]) => {
    const message = await read(simple(`MIME-Version: 1.0\r\nContent-Type: ${type}\r\n`, body));
    expect(message.attributes).toMatchObject({ 'mail.wrapper': wrapper, 'body': text });
  });

  it('keeps TNEF as a file and says so; small pictures of signatures are left out', async () => {
    const text = simple('Content-Type: multipart/related; boundary=b\r\n', [
      '--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:logo">\r\n', '--b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n',
      '--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+\r\n--b--',
    ].join(''));
    const message = await read(text);
    expect(message.attachments.map((file) => file.name)).toEqual(['winmail.dat']);
    expect(message.attributes).toMatchObject({ 'mail.wrapper': 'tnef', html: '<img src="cid:logo">' });
    expect((await read(text, endpoint({ smallestPicture: 0, keepOriginal: true }))).attachments.map((file) => file.name)).toEqual(['logo.png', 'winmail.dat', 'original.eml']);
  });

  it('cannot leave what it is by headers of its own', async () => {
    const message = await read(simple('X-Parley-Recipients: support+evil@example.com\r\n__proto__: x\r\n'));
    expect(message.ticketId).toBe(ticketOfForeignId('m1@partner.example'));
  });
});

describe('a thread', () => {
  const at = endpoint({ threadKey: 'a key of some length', numbers: ['\\[rt\\.test #(\\d+)\\]'] });
  const ours = rendered(delivery(), at).headers;
  const thread = ours['reply-to']!;
  const later = rendered(delivery({ operation: 'UPDATE', id: '01990000-0000-7000-8000-0000000000d2', ticketId: ticketOf(ours['subject']!) }), at).headers;
  function ticketOf(subject: string): string { return /\[#(\w{12})-\w\w\]/.exec(subject)![1]!; }
  const ticketId = ticketOf(ours['subject']!);
  const without = 'From: anna@partner.example\r\nSubject: other\r\nMessage-ID: <m9@partner.example>\r\n';

  it.each([
    ['the address it was sent to', `${without}To: ${thread}\r\n`, {}, 'address'],
    ['the envelope', without, { 'x-parley-recipients': thread.toUpperCase() }, 'address'],
    ['In-Reply-To', `${without}In-Reply-To: ${ours['message-id']}\r\n`, {}, 'in-reply-to'],
    ['In-Reply-To of a later mail', `${without}In-Reply-To: ${later['message-id']}\r\n`, {}, 'in-reply-to'],
    ['References', `${without}References: <x@y> ${ours['message-id']} <z@y>\r\n`, {}, 'references'],
    ['the header of machines', `${without}X-Parley-Thread: ${ours['x-parley-thread']}\r\n`, {}, 'header'],
    ['the mark in the subject', without.replace('other', `Fwd: ${ours['subject']!.toLowerCase()}`), {}, 'subject'],
  ])('is found by %s', async (_what, headers, envelope, by) => {
    const message = await read(`${headers}\r\nhello`, at, envelope);
    const found = [message.ticketId, ...message.references.map((one) => one.ticketId)];
    expect(found).toContain(ticketId);
    if (by !== 'references') expect(message).toMatchObject({ ticketId, attributes: { 'mail.found_by': by } });
    expect(message.aliases).toContain(ticketOfForeignId('m9@partner.example'));
  });

  it('is found in this order: address, In-Reply-To, References from the newest, header, subject, number', async () => {
    const other = rendered(delivery({ id: '01990000-0000-7000-8000-0000000000e1' }), at).headers;
    const marked = rendered(delivery({ id: '01990000-0000-7000-8000-0000000000e2' }), at).headers;
    const message = await read(`From: a@b.example\r\nTo: ${thread}\r\nMessage-ID: <m@b>\r\nIn-Reply-To: <r3@b>\r\nReferences: <r1@b> <r2@b> <r3@b>\r\nX-Parley-Thread: ${other['message-id']}\r\nSubject: Re: x ${marked['subject']} [rt.test #77]\r\n\r\nhi`, at);
    expect([message.ticketId, ...message.references.map((one) => one.ticketId)]).toEqual([
      ticketId, ticketOfForeignId('r3@b'), ticketOfForeignId('r2@b'), ticketOfForeignId('r1@b'), ticketOf(other['subject']!), ticketOf(marked['subject']!), '77',
    ]);
    expect(message.attributes['mail.number']).toBe('77');
  });

  it('goes on without what is set to be left out of it: disclaimers; the first mail has everything', async () => {
    const [text, cutFrom] = ['Done.\r\n\r\nVera\r\nThis e-mail and any attachments are confidential.\r\nDelete it.', ['^this e-?mail .*confidential']];
    expect((await read(simple(`In-Reply-To: ${ours['message-id']}\r\n`, text), endpoint({ cutFrom, cutDisclaimers: false, threadKey: 'a key of some length' }))).attributes).toMatchObject({ body: 'Done.\n\nVera', 'mail.stripped': true, text: expect.stringContaining('Delete it.') });
    expect((await read(simple(`In-Reply-To: ${ours['message-id']}\r\n`, text), at)).attributes['body']).toBe('Done.\n\nVera');
    expect((await read(simple('', text), endpoint({ cutFrom }))).attributes['body']).toContain('Delete it.');
  });

  it('of a partner\'s number is the number, and the number a name of the thread', async () => {
    expect(await read(`${without.replace('other', '[rt.test #12] AutoReply')}\r\nx`, at)).toMatchObject({ ticketId: '12', references: [], attributes: { 'mail.found_by': 'number' } });
    expect((await read(`${without.replace('other', '[rt.test #12] Re: x')}In-Reply-To: ${ours['message-id']}\r\n\r\nx`, at)).aliases).toContain('12');
  });

  it('cannot be guessed where a key is set: marks that are made up or mistyped count for nothing', async () => {
    const forged = rendered(delivery(), endpoint({ threadKey: 'another key of length' })).headers;
    for (const header of [`To: ${forged['reply-to']}`, `X-Parley-Thread: ${forged['message-id']}`, `Subject: ${forged['subject']}`]) {
      const message = await read(`From: a@b.example\r\nMessage-ID: <m@b>\r\n${header}\r\n\r\nx`, at);
      expect(message).toMatchObject({ ticketId: ticketOfForeignId('m@b'), references: [], attributes: { 'mail.found_by': 'none' } });
    }
  });

  it('goes on from the newest mail: chain, subject, whom to answer', async () => {
    const { note } = await read(`From: Anna <anna@partner.example>\r\nReply-To: desk@partner.example\r\nTo: support@example.com\r\nSubject: Re: [EXT] Printer ${ours['subject']}\r\nMessage-ID: <m3@p>\r\nReferences: <m1@p> <m2@p>\r\n\r\nx`, at);
    expect(note).toMatchObject({ chain: ['m1@p', 'm2@p', 'm3@p'], replyTo: 'desk@partner.example' });
    const { headers } = rendered(delivery({ operation: 'UPDATE', ticketId, attributes: { comment: 'Done.' }, note: note! }), at);
    expect(headers).toMatchObject({ to: 'desk@partner.example', 'in-reply-to': '<m3@p>', references: '<m1@p> <m2@p> <m3@p>', subject: expect.stringMatching(/^Re: \[EXT\] Printer Printer on fire \[#\w{12}-\w\w\]$/) });
  });
});

describe('mails of machines', () => {
  const ours = rendered(delivery()).headers;

  it('of an absence end unrouted, or are routed where that is wanted, and are never answered', async () => {
    const text = fixture('vacation-dovecot', { ORIGINAL: ours['message-id']!.slice(1, -1) });
    expect(await read(text)).toMatchObject({ filtered: expect.stringContaining('auto-reply'), attributes: { 'mail.class': 'auto-reply', 'mail.automatic': true } });
    const processed = await read(text, endpoint({ automatic: { autoReply: 'process' } }));
    expect(processed).toMatchObject({ messageType: 'auto-reply' });
    expect([processed.filtered, processed.note]).toEqual([undefined, undefined]);
  });

  it('that bring a mail back fail its delivery and speak in its thread', async () => {
    const message = await read(fixture('dsn-postfix', { ORIGINAL: ours['message-id']!.slice(1, -1), DELIVERY: delivery().id }), endpoint({ senders: { allow: ['@partner.example'] } }));
    expect(message).toMatchObject({
      messageType: 'bounce', ticketId: /\[#(\w{12})/.exec(ours['subject']!)![1], failedDelivery: { id: delivery().id, reason: expect.stringContaining('full@itsm.test came back: 5.1.1 550 5.1.1') },
      attributes: { 'mail.class': 'bounce', 'bounce.status': '5.1.1', 'bounce.recipients': ['full@itsm.test'], 'bounce.delivery': delivery().id },
    });
    expect([message.filtered, message.note]).toEqual([undefined, undefined]);
  });

  it('that say that a mail is late fail nothing', async () => {
    const text = fixture('dsn-postfix', { ORIGINAL: ours['message-id']!.slice(1, -1), 'Action: failed': 'Action: delayed', 'Status: 5.1.1': 'Status: 4.4.1' });
    expect(await read(text)).toMatchObject({ messageType: 'delay', attributes: { 'bounce.status': '4.4.1' } });
    expect((await read(text)).failedDelivery).toBeUndefined();
  });

  it.each([
    ['Auto-Submitted: auto-generated', 'auto-generated'], ['Precedence: bulk', 'auto-generated'], ['List-Id: <users.example>', 'list'], ['X-Autoreply: yes', 'auto-reply'], ['Auto-Submitted: no', 'human'], ['Return-Path: <>', 'auto-generated'],
    ['Subject: Automatische Antwort: weg', 'auto-reply'], ['X-Auto-Response-Suppress: DR, OOF, AutoReply', 'auto-generated'], ['X-Auto-Response-Suppress: None', 'human'], ['Content-Type: multipart/report; report-type=disposition-notification; boundary=b', 'receipt'], ['Content-Type: multipart/report; report-type=feedback-report; boundary=b', 'feedback'],
  ])('are known by "%s"', async (header, expected) => {
    expect((await read(`From: a@b.example\r\nMessage-ID: <m@b>\r\n${header}\r\n\r\nx`)).attributes['mail.class']).toBe(expected);
  });

  it('that are our own and come back end unrouted', async () => {
    expect(await read(`From: x@y.example\r\nMessage-ID: ${ours['message-id']}\r\n\r\nx`)).toMatchObject({ filtered: expect.stringContaining('our own') });
    expect(await read('From: Support@Example.com\r\nMessage-ID: <m@b>\r\n\r\nx')).toMatchObject({ filtered: expect.stringContaining('our own address') });
    expect(await read(simple('Received: from a by b\r\n'.repeat(31)))).toMatchObject({ filtered: expect.stringContaining('31 relays') });
  });

  it('that come in floods are held back, per sender and time', async () => {
    const at = endpoint({ senderRate: { mails: 2, minutes: 1 } });
    const open = (ms: number, from: string) => mail.inbound.open!({ entityType: 'mail', body: Buffer.from(simple('').replace('anna', from)), contentType: '', headers: {}, query: '' }, at, ms) as Promise<{ flood: string | null }>;
    const outcomes = [];
    for (const [ms, from] of [[0, 'anna'], [1, 'anna'], [2, 'anna'], [3, 'bob'], [60_000, 'anna']] as const) outcomes.push((await open(ms, from)).flood !== null);
    expect(outcomes).toEqual([false, false, true, false, false]);
  });
});

describe('two machines that answer each other', () => {
  const ours = rendered(delivery()).headers;
  const answered = (at: number, more = ''): string => `From: desk@partner.example\r\nTo: support@example.com\r\nSubject: Re: ${ours['subject']}\r\nMessage-ID: <a${at}@partner.example>\r\nIn-Reply-To: ${ours['message-id']}\r\n${more}\r\nThank you, we have it (${at}).`;
  const outcomes = async (at: ConnectedEndpoint, mails: readonly (readonly [ms: number, text: string])[]): Promise<boolean[]> => {
    const held: boolean[] = [];
    for (const [ms, text] of mails) {
      const request: InboundRequest = { entityType: 'mail', body: Buffer.from(text), contentType: 'message/rfc822', headers: {}, query: '' };
      const read = mail.inbound.normalize(request, at, await mail.inbound.open!(request, at, ms));
      held.push(read.ok && read.value[0]!.filtered?.includes('in one thread') === true);
    }
    return held;
  };

  it('are held back, though nothing says that they are machines; later mails of the thread go on', async () => {
    const at = endpoint({ threadRate: { mails: 3, minutes: 10 } });
    expect(await outcomes(at, [0, 1, 2, 3, 4].map((n) => [n * 1_000, answered(n)] as const))).toEqual([false, false, false, true, true]);
    expect(await outcomes(at, [[5_000, answered(5).replace('desk@', 'vera@')], [6_000, answered(6).replace(ours['message-id']!, '<other@x>').replace(/\[#.*\]/, '')], [700_000, answered(7)]])).toEqual([false, false, false]);
  });

  it('are twenty mails in ten minutes, unless it is set otherwise', async () => {
    const held = await outcomes(endpoint(), Array.from({ length: 21 }, (_, n) => [n, answered(n)] as const));
    expect([held.filter(Boolean).length, held.at(-1)]).toEqual([1, true]);
  });

  it('are not meant by events that are told often', async () => {
    const at = endpoint({ threadRate: { mails: 1, minutes: 10 }, numbers: ['#(\\d+)'] }, { extract: [{ when: { subject: 'disk' }, ticketId: 'id', lines: {} }] });
    expect(await outcomes(at, [1, 2, 3].map((n) => [n, `From: m@p.example\r\nSubject: disk #7\r\nMessage-ID: <e${n}@p>\r\n\r\nid: 7`] as const))).toEqual([false, false, false]);
  });
});

describe('event mails', () => {
  const extract = [
    { when: { subject: 'backup' }, ticketId: 'never' },
    { when: { from: '@monitor\\.example$', subject: 'Service Alert' }, lines: { prefix: 'event.' }, fields: [{ attribute: 'host', in: 'subject', pattern: 'Alert: ([^/]+)/' }, { attribute: 'kind', in: 'header:auto-submitted', pattern: '.*' }], ticketId: 'event.Problem ID', messageType: 'alert', required: ['event.State'] },
  ];

  it('are read by lines, patterns and headers; their ticket is the one that they name', async () => {
    const message = await read(fixture('event-nagios'), endpoint({}, { extract }));
    expect(message).toMatchObject({ ticketId: '4711', messageType: 'alert', references: [], attributes: { host: 'db1', kind: 'auto-generated', 'event.State': 'CRITICAL', 'event.Additional Info': '\nDISK CRITICAL - free space: / 12 MB' } });
    expect(message.filtered).toBeUndefined();
    const again = await read(fixture('event-nagios', { 'evt-1': 'evt-2', PROBLEM: 'RECOVERY' }), endpoint({}, { extract }));
    expect(again.ticketId).toBe('4711');
  });

  it('that lack what is required fail, visibly', async () => {
    await expect(read(fixture('event-nagios', { 'State: CRITICAL': '' }), endpoint({}, { extract }))).rejects.toThrow('lacks what is required of it: event.State');
  });

  it.each([
    ['a JSON part', simple('Content-Type: multipart/mixed; boundary=b\r\n', '--b\r\n\r\nsee file\r\n--b\r\nContent-Type: application/json\r\n\r\n{"id":12345678901234567890,"alert":{"state":"firing"},"__proto__":{"x":1}}\r\n--b--'), 'json', { id: '12345678901234567890', 'alert.state': 'firing' }],
    ['JSON in the text', simple('', 'Alert follows\n{"id":"a-1","list":[1,2]}\nbye'), 'json', { id: 'a-1', list: [1, 2] }],
    ['an XML part', simple('', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><e:event xmlns:e="u" id="7"><state>up &amp; &x; running</state><tag>a</tag><tag>b</tag></e:event>'), 'xml', { id: '7', tag: ['a', 'b'], state: 'up & &x; running' }],
  ])('in %s are read', async (_what, text, type, expected) => {
    expect((await read(text, endpoint({}, { extract: [{ document: { type }, ticketId: 'id' }] }))).attributes).toMatchObject(expected);
  });
});

describe('a sender', () => {
  const results = (value: string): string => simple(`Authentication-Results: ${value}\r\nAuthentication-Results: mx.example; dmarc=pass\r\n`);

  it.each([[['@partner.example'], true], [['ANNA@partner.example'], true], [['@*.example'], true], [['@evilpartner.example'], false], [['bob@partner.example'], false], [['@artner.example'], false]])('allowed by %j: %s', async (allow, isIn) => {
    expect((await read(simple(''), endpoint({ senders: { allow } }))).filtered === undefined).toBe(isIn);
  });

  it.each([
    ['mx.example; dmarc=pass header.from=partner.example', 'dmarc', true], ['mx.example; dmarc=fail (dmarc=pass)', 'dmarc', false], ['evil.example; dmarc=pass', 'dmarc', true], ['mx.example 1; spf=pass smtp.mailfrom=anna@partner.example', 'aligned', true],
    ['mx.example; dkim=pass header.d=mail.partner.example', 'aligned', true], ['mx.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example', 'aligned', false], ['mx.example; dkim=pass header.d=example', 'aligned', false],
  ])('proved by "%s" for %s: %s', async (value, require, isIn) => {
    const text = value.startsWith('evil') ? results(value) : simple(`Authentication-Results: ${value}\r\n`);
    expect((await read(text, endpoint({ senders: { authServId: 'mx.example', require } }))).filtered === undefined).toBe(isIn);
  });

  it('who is several, or none, may not write; nor one whose server says nothing', async () => {
    expect((await read('From: a@b.example, c@d.example\r\n\r\nx')).filtered).toContain('several senders');
    expect((await read('Subject: x\r\n\r\nx')).filtered).toContain('no sender');
    expect((await read(simple(''), endpoint({ senders: { authServId: 'mx.example', require: 'dmarc' } }))).filtered).toContain('no Authentication-Results');
  });
});

describe('a mail that is sent', () => {
  it('is the same on every attempt, says that a machine wrote it, and names its thread in four ways', () => {
    const { headers, text } = rendered(delivery({ attempt: 7 }));
    expect({ headers, text }).toEqual(rendered(delivery()));
    expect(headers).toMatchObject({
      from: 'support@example.com', to: 'anna@partner.example', subject: expect.stringMatching(/^Printer on fire \[#\w{12}-\w\w\]$/), 'message-id': expect.stringMatching(/^<parley\.\w{12}\.\w{8}@example\.com>$/), 'reply-to': expect.stringMatching(/^support\+\w{20}@example\.com$/),
      'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All', 'x-parley-delivery': delivery().id, 'x-parley-thread': headers['message-id'],
    });
    expect(text).toBe('It burns.');
    expect(rendered(delivery(), endpoint({ delimiter: '', quietHeaders: false })).headers).toMatchObject({ 'reply-to': 'support@example.com' });
  });

  it('is written by templates, whose values end no header and open no tag', () => {
    const create = { to: '{{attributes.requester}}', subject: '[{{attributes.priority}}] {{attributes.title}}', html: '<b>{{attributes.title}}</b>', text: 'T: {{attributes.title}}', headers: { 'X-OTRS-Queue': '{{attributes.title}}', Bcc: 'x@y', 'Message-ID': 'x' } };
    const { headers, text } = rendered(delivery({ attributes: { requester: 'Bob <bob@p.example>; carol@p.example', priority: 1, title: 'a\r\nBcc: evil@x.example\n<i>' } }), endpoint({ replyMarker: '## write above ##' }, { create }));
    expect(headers).toMatchObject({ to: 'bob@p.example, carol@p.example', subject: expect.stringMatching(/^\[1\] a Bcc: evil@x\.example <i> \[#/), 'x-otrs-queue': 'a Bcc: evil@x.example <i>' });
    expect(Object.keys(headers)).not.toContain('bcc');
    expect(text).toBe('<b>a<br>\nBcc: evil@x.example<br>\n&lt;i&gt;</b>'.replace('a<br>', 'a\r<br>'));
  });

  it('is sent without files that are too large for mail servers, and says so', () => {
    const file = (name: string, size: number) => ({ id: name, name, contentType: 'text/plain', size, content: Buffer.alloc(size) });
    const attachments = [file('a.bin', 600), file('b\r\n<i>.bin', 500), file('c.bin', 300)];
    const { headers, text } = rendered(delivery({ attachments }), endpoint({ mostFileBytes: 1_000 }));
    expect([headers['attachments'], text]).toEqual(['a.bin, c.bin', 'It burns.\n\nNot attached, since too large: b <i>.bin (0.0 MB)']);
    expect(rendered(delivery({ attachments }), endpoint({ mostFileBytes: 1_000 }, { create: { html: '<b>x</b>' } })).text).toBe('<b>x</b><p>Not attached, since too large: b &lt;i&gt;.bin (0.0 MB)</p>');
    expect(rendered(delivery({ attachments }), endpoint()).headers['attachments']).toContain('c.bin');
  });

  it.each([
    ['no recipient', { attributes: { title: 'x' } }, 'no recipient'], ['itself as recipient', { attributes: { to: 'SUPPORT@example.com' } }, 'itself'], ['no address', { attributes: { to: 'nobody' } }, 'no mail address'],
    ['an internal comment', { attributes: { to: 'a@b.example', comment: 'secret', comment_visibility: 'internal' } }, 'internal'], ['an unknown thread', { operation: 'UPDATE' as const, ticketId: null }, 'not known'], ['too many recipients', { attributes: { to: Array.from({ length: 101 }, (_, at) => `a${at}@b.example`) } }, 'more than 100'],
  ])('with %s is none', (_what, over, reason) => {
    expect(mail.outbound.render(delivery(over), endpoint())).toMatchObject({ ok: false, error: { message: expect.stringContaining(reason) } });
  });
});

describe('the settings', () => {
  it('fit their schema, and secrets are marked', () => {
    const incoming = { type: 'imap', host: 'imap.example.com', username: 'u', password: 'p', oauth: { tokenUrl: 'https://l.example/t', clientId: 'c', clientSecret: 's', scope: 'x' } };
    const settings = { address: 'a@b.example', threadKey: 'k'.repeat(16), incoming, outgoing: { type: 'smtp', host: 'h', dkim: { domain: 'd', selector: 's', privateKey: 'k' } }, numbers: ['#(\\d+)'] };
    expect(checkSettings(mail.settings, settings)).toEqual([]);
    expect(secretPointers(mail.settings, settings).sort()).toEqual(['/incoming/oauth/clientSecret', '/incoming/password', '/outgoing/dkim/privateKey', '/threadKey']);
    expect(checkSettings(mail.settings, { address: 'x', numbers: ['('], incoming: { type: 'fax' } }).map(({ pointer }) => pointer).sort()).toEqual(['/address', '/incoming/type', '/numbers/0']);
    const oauth = { tokenUrl: 'https://l.example/t', clientId: 'c', clientSecret: 's', scope: 'x' };
    const pop3 = (more: object): string[] => checkSettings(mail.settings, { address: 'a@b.example', incoming: { type: 'pop3', host: 'h', username: 'u', ...more } }).map(({ pointer }) => pointer);
    expect([pop3({ oauth }), pop3({ password: 'p' }), pop3({})]).toEqual([[], [], ['/incoming/password']]);
    expect(checkSettings(mail.entityTypeSettings, { extract: [{ fields: [{ attribute: 'a', in: 'nowhere', pattern: 'x' }] }] })).toHaveLength(1);
  });
});
