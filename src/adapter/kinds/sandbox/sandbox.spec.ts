import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkSettings, secretPointers } from '../../setting/check-settings.js';
import type { CarriedAttachment, ConnectedEndpoint, InboundRequest, OutboundDelivery } from '../../contract.js';
import { sandbox } from './index.js';

const SECRET = `whsec_${Buffer.from('a key of some length').toString('base64')}`;
const endpoint = (settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'tool-a', name: 'Tool A', settings: { baseUrl: 'http://127.0.0.1:8080/sandbox/tool-a', token: 'the-token', webhookSecret: SECRET, ...settings },
  entityTypes: [{ name: 'ticket', references: [], settings: {} }],
});
const request = (body: string | Buffer, headers: Record<string, string> = {}): InboundRequest => ({ entityType: 'ticket', body: Buffer.from(body), contentType: 'application/json', headers, query: '' });
const fixture = (name: string) => request(readFileSync(new URL(`fixture/${name}.json`, import.meta.url)));
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
  ({ id: 'd-1', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'x' }, attachments: [], attempt: 1, ...over });
const bodyOf = (given: OutboundDelivery): unknown => {
  const rendered = sandbox.outbound.render(given, endpoint());
  return rendered.ok && rendered.value.body !== null ? JSON.parse(Buffer.from(rendered.value.body).toString()) : rendered;
};

describe('a webhook', () => {
  it('of a new ticket becomes its attributes, its author and its files', () => {
    expect(sandbox.inbound.normalize(fixture('created'), endpoint())).toEqual({ ok: true, value: [{
      entityType: 'ticket', messageType: 'ticket.created', ticketId: 'A-1001', occurredAt: '2026-11-20T10:00:00.123Z', eventId: null, references: [], sender: { id: 'ann', name: 'ann' },
      attributes: { event: 'ticket.created', title: 'Mail is slow', description: 'Since this morning', state: 'New', priority: '2', group: 'Network', caller: 'bob', external_reference: null, locked: false, 'custom.site': 'HQ', 'custom.floor': 3 },
      attachments: [{ id: '01990000-0000-7000-8000-0000000000f1', name: 'a.txt', contentType: 'text/plain', size: 3, content: Buffer.from('one') }],
    }] });
  });

  it('of a comment tells its author, its visibility and who wrote it there', () => {
    expect(sandbox.inbound.normalize(fixture('commented'), endpoint())).toMatchObject({ ok: true, value: [{
      messageType: 'ticket.commented', sender: { id: 'parley' }, attributes: { comment: 'On it', comment_author: 'Carol', comment_visibility: 'public', external_reference: 'B-7' },
    }] });
  });

  it('of a refusal tells its code and the delivery that was refused', () => {
    expect(sandbox.inbound.normalize(fixture('update-rejected'), endpoint())).toMatchObject({ ok: true, value: [{
      messageType: 'ticket.update-rejected', sender: { id: 'system' }, attributes: { event: 'ticket.update-rejected', code: 'LOCKED', error: 'The ticket A-1001 is locked by ann.', request_key: 'd-7', locked: true },
    }] });
  });

  it.each(['', '{', '[]', 'null', '{"type":"x"}', '{"id":"1","type":"x","ticket":{}}', '{"id":"1","type":"x","ticket":{"id":"A-1"},"attachments":[1]}', '{"id":"1","type":"x","ticket":{"id":"A-1","custom":3}}', '{"id":"1","type":"x","ticket":{"id":"A-1"},"comment":"x"}'])(
    'that is none is a failure, not a throw (%#)', (body) => {
      expect(sandbox.inbound.normalize(request(body), endpoint())).toMatchObject({ ok: false, error: { kind: 'invalid' } });
    });

  it('is taken only with a fresh signature over its bytes', () => {
    const body = '{ "id": "1" }';
    const at = Math.floor(Date.now() / 1_000);
    const signed = (timestamp: number, text = body, key = 'a key of some length') => ({
      'webhook-id': 'w-1', 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${createHmac('sha256', key).update(`w-1.${timestamp}.${text}`).digest('base64')}`,
    });
    const verify = (headers: Record<string, string>) => sandbox.inbound.verify(request(body, headers), endpoint());
    expect(verify(signed(at)).ok).toBe(true);
    expect(verify({ ...signed(at), 'webhook-signature': `v1,AAAA v1a,xx ${signed(at)['webhook-signature']}` }).ok).toBe(true);
    expect(verify({})).toMatchObject({ ok: false, error: { code: 'signature-missing' } });
    expect(verify(signed(at - 400))).toMatchObject({ ok: false, error: { code: 'signature-too-old' } });
    expect(verify(signed(at + 400))).toMatchObject({ ok: false, error: { code: 'signature-too-old' } });
    expect(verify(signed(at, `${body} `))).toMatchObject({ ok: false, error: { code: 'signature-wrong' } });
    expect(verify(signed(at, body, 'another key'))).toMatchObject({ ok: false, error: { code: 'signature-wrong' } });
    expect(verify({ ...signed(at), 'webhook-timestamp': 'NaN' }).ok).toBe(false);
    expect(sandbox.inbound.repeatKey(request(body, signed(at)), endpoint())).toBe('w-1');
  });
});

describe('a delivery', () => {
  it('becomes one call that the tool knows again by its key', () => {
    expect(sandbox.outbound.render(delivery(), endpoint({ integrationUser: ['robot', 'other'] }))).toMatchObject({ ok: true, value: {
      method: 'POST', url: 'http://127.0.0.1:8080/sandbox/tool-a/api/tickets',
      headers: { authorization: `Basic ${Buffer.from('robot:the-token').toString('base64')}`, 'idempotency-key': 'd-1' },
    } });
    expect(bodyOf(delivery())).toEqual({ title: 'x', correlationId: 'd-1' });
    expect(sandbox.outbound.render(delivery({ operation: 'UPDATE', ticketId: 'A-1' }), endpoint({ baseUrl: 'http://h/sandbox/t/' }))).toMatchObject({ ok: true, value: { method: 'PATCH', url: 'http://h/sandbox/t/api/tickets/A-1' } });
  });

  it('carries fields, custom fields, a comment and files', () => {
    const attachments: CarriedAttachment[] = [{ id: 'f', name: 'a.txt', contentType: 'text/plain', size: 3, content: Buffer.from('one') }];
    const attributes = { Title: 'x', External_Reference: 'INC1', 'custom.site': 'HQ', comment: 'hello', comment_author: 'Ann', comment_visibility: 'Public', surprise: [1, 2] };
    expect(bodyOf(delivery({ operation: 'UPDATE', ticketId: 'A-1', attributes, attachments }))).toEqual({
      title: 'x', externalReference: 'INC1', custom: { site: 'HQ' }, comment: { text: 'hello', author: 'Ann', visibility: 'public' }, surprise: '1, 2',
      attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'b25l' }],
    });
  });

  it('keeps a comment of unknown visibility inside, and sends no blank one', () => {
    expect(bodyOf(delivery({ operation: 'UPDATE', ticketId: 'A-1', attributes: { comment: 'hello' } }))).toEqual({ comment: { text: 'hello', visibility: 'internal' } });
    expect(bodyOf(delivery({ operation: 'UPDATE', ticketId: 'A-1', attributes: { comment: ' ', comment_author: 'Ann' } }))).toEqual({});
  });

  it.each(['../faults', 'A-1/lock', '', '..', 'A 1'])('to the ticket %j would go elsewhere and is refused', (ticketId) => {
    expect(sandbox.outbound.render(delivery({ operation: 'UPDATE', ticketId }), endpoint())).toMatchObject({ ok: false });
  });
});

describe('the settings', () => {
  it('need the address of a tool and its token', () => {
    expect(checkSettings(sandbox.settings, { baseUrl: 'http://127.0.0.1:8080/sandbox/tool-a', token: 'x', webhookSecret: SECRET, integrationUser: 'parley' })).toEqual([]);
    expect(checkSettings(sandbox.settings, { baseUrl: 'http://127.0.0.1:8080/api/v1' })).toEqual(expect.arrayContaining([{ pointer: '/token', detail: 'is missing' }, expect.objectContaining({ pointer: '/baseUrl' })]));
    expect(secretPointers(sandbox.settings, { token: 'x', webhookSecret: SECRET })).toEqual(['/token', '/webhookSecret']);
  });
});
