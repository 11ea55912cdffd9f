import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage } from '../../../contract.js';
import { compileMail } from '../compiled.js';
import { mail } from '../index.js';
import { inletPlace } from '../inlet-place.js';
import { readReturnPath, recipientMark, returnPath } from '../thread/return-path.js';
import { handleOf, rootMessageId, ticketOfDelivery } from '../thread/token.js';
import { speaksOfAddress } from './bounce.js';
import { plainReport } from './plain-report.js';

const DELIVERY = '01990000-0000-7000-8000-0000000000d1';
const TICKET = ticketOfDelivery(DELIVERY);
const endpoint = (settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com', threadKey: 'a key of some length', ...settings }, entityTypes: [{ name: 'mail', references: [], settings: {} }],
});
const { keys } = compileMail(endpoint());
const marks = recipientMark(DELIVERY, 'full@itsm.test', keys);

async function read(text: string, at = endpoint()): Promise<NormalizedMessage> {
  const request: InboundRequest = { entityType: 'mail', body: Buffer.from(text), contentType: 'message/rfc822', headers: {}, query: '' };
  const normalized = mail.inbound.normalize(request, at, await mail.inbound.open!(request, at, 0));
  if (!normalized.ok) throw new Error(normalized.error.message);
  return normalized.value[0]!;
}
const fixture = (name: string, given = marks): string => readFileSync(new URL(`../fixture/${name}.eml`, import.meta.url), 'utf8').replaceAll('ORIGINAL', rootMessageId(TICKET, keys)).replaceAll('DELIVERY', DELIVERY).replaceAll('MARKS', given);

describe('a mail that came back', () => {
  it.each(['bounce-qmail', 'bounce-exchange', 'bounce-postfix-plain'])('without a part for machines is read off its words: %s', async (name) => {
    const message = await read(fixture(name));
    expect(message).toMatchObject({
      messageType: 'bounce', ticketId: TICKET, failedDelivery: { id: DELIVERY, reason: expect.stringContaining('full@itsm.test came back: 5.1.1') },
      attributes: { 'bounce.recipients': ['full@itsm.test'], 'bounce.status': '5.1.1', 'bounce.action': 'failed' },
      addressNews: { alive: [], dead: [{ address: 'full@itsm.test', deliveryId: DELIVERY, most: 3, reason: expect.stringContaining('5.1.1') }] },
    });
    expect(message.note).toBeUndefined();
  });

  it.each([
    ['Postfix', 'This is the mail system at host mx.\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 days old.\n\n<a@b.example>: connect to b.example[192.0.2.1]:25: Connection timed out', 'delayed', 'a@b.example', ''],
    ['Exim', 'This message was created automatically by mail delivery software.\nA message that you sent could not be delivered. The following address(es) failed:\n\n  a@b.example\n    host mx.b.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<a@b.example>:\n    550 5.2.1 disabled', 'failed', 'a@b.example', '5.2.1'],
    ['sendmail', '   ----- The following addresses had permanent fatal errors -----\n<a@b.example>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----', 'failed', 'a@b.example', '5.1.1'],
    ['old Exchange', 'Your message\n\n  To:      Anna\n  Subject: x\n\ndid not reach the following recipient(s):\n\na@b.example on Fri, 20 Nov 2026 10:00:00 +0100\n    The recipient name is not recognized\n    <mx.b.example #5.1.1>', 'failed', 'a@b.example', '5.1.1'],
  ])('is worded by %s in its own way', (_who, text, ...[action, recipient, status]) => {
    expect(plainReport(text)).toMatchObject({ action, recipients: [{ recipient, status }] });
  });

  it('is not what a person writes about it, nor one that no person needs to be told of', async () => {
    expect(plainReport('Hello,\n\n<a@b.example>: 550 5.1.1 is what I got.\n')).toBeNull();
    expect((await read(`From: anna@partner.example\r\nMessage-ID: <m@p>\r\n\r\n${fixture('bounce-qmail').split('\n\n').slice(1).join('\n\n')}`)).messageType).toBe('mail');
    expect(await read(fixture('bounce-postfix-plain').replace('could not\nbe delivered to', 'has not been delivered yet to'))).toMatchObject({ messageType: 'delay' });
  });

  it.each([['5.1.1', true], ['5.1.10', true], ['5.2.1', true], ['5.2.2', true], ['5.4.4', true], ['5.0.0', true], ['5.2.3', false], ['5.1.8', false], ['5.3.4', false], ['5.6.1', false], ['5.7.1', false], ['4.2.2', false], ['', false]])('with %s speaks of the address for good: %s', (status, expected) => {
    expect(speaksOfAddress(status)).toBe(expected);
  });

  it('counts for an address only where the mail had provably gone there, and not where that is off', async () => {
    expect((await read(fixture('bounce-qmail', recipientMark(DELIVERY, 'other@itsm.test', keys)))).addressNews).toBeUndefined();
    expect((await read(fixture('bounce-qmail', ''))).addressNews).toBeUndefined();
    expect((await read(fixture('bounce-qmail', `${recipientMark(DELIVERY, 'a@b.example', keys)} ${marks}`))).addressNews?.dead).toHaveLength(1);
    expect((await read(fixture('bounce-qmail'), endpoint({ suppressAfter: 0 }))).addressNews).toBeUndefined();
    expect((await read(fixture('bounce-qmail').replaceAll('5.1.1', '5.7.1'))).addressNews).toBeUndefined();
  });

  it('says nothing of an address that a person writes from but that it is there', async () => {
    expect((await read('From: Anna@Partner.example\r\nMessage-ID: <m@p>\r\n\r\nhello')).addressNews).toEqual({ alive: ['anna@partner.example'], dead: [] });
    expect((await read('From: anna@partner.example\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <m@p>\r\n\r\naway')).addressNews).toBeUndefined();
  });
});

describe('an address to which mails come back', () => {
  const BASE = 'bounce@example.com';
  const at = endpoint({ returnPath: BASE, incoming: { type: 'inlet' } });
  const given = (recipients: readonly string[]): string => returnPath(BASE, { handle: handleOf(TICKET), deliveryId: DELIVERY, recipients }, keys);

  it('names delivery, thread and recipient, is within what mail servers take, and cannot be guessed', () => {
    const one = given(['full@itsm.test']);
    expect(one).toMatch(/^bounce\+\w{50}@example\.com$/);
    expect(one.indexOf('@')).toBeLessThanOrEqual(64);
    const found = readReturnPath(one.toUpperCase(), BASE, keys)!;
    expect(found).toMatchObject({ deliveryId: DELIVERY, ticketId: TICKET });
    expect([found.isFor('Full@itsm.test'), found.isFor('other@itsm.test')]).toEqual([true, false]);
    expect(readReturnPath(given(['a@b.example', 'c@b.example']), BASE, keys)!.isFor('a@b.example')).toBe(false);
    expect(readReturnPath(one, BASE, { ...keys, key: 'another' })).toBeNull();
    expect(readReturnPath(one.replace(/\+./, '+z'), BASE, keys)).toBeNull();
    for (const address of ['bounce@example.com', 'bounce+@example.com', 'bounce+x@example.com', one.replace('example.com', 'evil.example')]) expect(readReturnPath(address, BASE, keys)).toBeNull();
  });

  it('tells of a mail that nothing else names, whatever the words of its report are', async () => {
    const text = `Return-Path: <>\r\nFrom: Zustelldienst <dienst@partner.example>\r\nTo: ${given(['full@itsm.test'])}\r\nSubject: Nicht zugestellt\r\nMessage-ID: <z@p>\r\n\r\nIhre Nachricht konnte nicht zugestellt werden.`;
    expect(await read(text, at)).toMatchObject({ messageType: 'bounce', ticketId: TICKET, failedDelivery: { id: DELIVERY }, attributes: { 'bounce.delivery': DELIVERY } });
    // Without such an address it is a mail like others.
    expect(await read(text, endpoint())).toMatchObject({ messageType: 'mail' });
  });

  it('proves a recipient where the headers of the mail did not come back', async () => {
    const text = `Return-Path: <>\r\nFrom: MAILER-DAEMON@mx\r\nTo: ${given(['full@itsm.test'])}\r\nSubject: failure notice\r\nMessage-ID: <z@p>\r\n\r\nHi. This is the qmail-send program at mx.\r\n\r\n<RECIPIENT>:\r\nRemote host said: 550 5.1.1 unknown\r\n`;
    expect((await read(text.replace('RECIPIENT', 'full@itsm.test'), at)).addressNews?.dead).toMatchObject([{ address: 'full@itsm.test', deliveryId: DELIVERY }]);
    expect((await read(text.replace('RECIPIENT', 'boss@itsm.test'), at)).addressNews).toBeUndefined();
  });

  it('is where absence notes go as well, which are none', async () => {
    const text = `Return-Path: <>\r\nFrom: anna@partner.example\r\nTo: ${given(['anna@partner.example'])}\r\nSubject: Automatic reply: away\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <v@p>\r\n\r\nI am away.`;
    expect((await read(text, at)).attributes['mail.class']).toBe('auto-reply');
  });

  it('is taken at the inlet, and a made up one is not', () => {
    expect(inletPlace(given(['full@itsm.test']), at)).toMatchObject({ entityType: 'mail' });
    expect(inletPlace('bounce+x@example.com', at)).toBeNull();
  });
});
