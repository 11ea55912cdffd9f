import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { checkSettings, secretPointers } from '../../setting/check-settings.js';
import type { CarriedAttachment, ConnectedEndpoint, InboundRequest, OutboundDelivery } from '../../contract.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const signal = new AbortController().signal;
const client = () => http.client('t', { slots: 4 });

beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const ISSUE = {
  operations: { create: { method: 'POST', path: '/issues' }, update: { method: 'PUT', path: '/issues/{{ticketId}}' } },
  response: { ticketId: 'id' },
};
const endpoint = (entityType: Record<string, unknown> = ISSUE, settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'vendorx', name: 'Vendor X',
  settings: { baseUrl: target.url, auth: { type: 'basic', username: 'u', password: 'pass:word' }, timeouts: { connectMs: 300, headersMs: 300, totalMs: 600 }, ...settings },
  entityTypes: [{ name: 'Issue', references: [], settings: entityType }],
});
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery => ({
  id: '0190-d', entityType: 'issue', messageType: 'Submit', operation: 'CREATE', ticketId: null,
  attributes: { title: 'Mail is slow', 'fields.priority': 2, 'fields.tags': ['a', 'b'] }, attachments: [], attempt: 1, ...over,
});
const file = (name: string, text: string): CarriedAttachment => ({ id: `id-${name}`, name, contentType: 'text/plain', size: text.length, content: Buffer.from(text) });
const rendered = (given: OutboundDelivery, at: ConnectedEndpoint) => {
  const result = rest.outbound.render(given, at);
  if (!result.ok) throw new Error(result.error.message);
  return { ...result.value, body: result.value.body === null ? null : JSON.parse(Buffer.from(result.value.body).toString()) as unknown };
};

describe('a create', () => {
  it('is a request with the attributes nested, credentials and the delivery as its key', () => {
    expect(rendered(delivery(), endpoint())).toEqual({
      method: 'POST', url: `${target.url}/issues`,
      headers: { accept: 'application/json', 'user-agent': 'Parley', authorization: `Basic ${Buffer.from('u:pass:word').toString('base64')}`, 'content-type': 'application/json', 'idempotency-key': '0190-d' },
      body: { title: 'Mail is slow', fields: { priority: 2, tags: ['a', 'b'] } },
    });
  });

  it('brings the ticket id and the answer as attributes', async () => {
    target.next(json(201, { id: 12345, state: { name: 'New' } }));
    expect(await rest.outbound.send(delivery(), endpoint(), client(), signal)).toMatchObject({
      outcome: 'success', httpStatus: 201, ticketId: '12345', answer: { id: 12345, 'state.name': 'New' }, error: null,
    });
    expect(target.seen[0]).toMatchObject({ method: 'POST', url: '/issues', headers: { 'idempotency-key': '0190-d' } });
  });

  it('keeps an id beyond 2^53 exactly', async () => {
    target.next({ do: 'answer', status: 201, body: '{"id":9007199254740993}' });
    expect(await rest.outbound.send(delivery(), endpoint(), client(), signal)).toMatchObject({ ticketId: '9007199254740993' });
  });

  it('of which the answer names no ticket is of unknown outcome', async () => {
    target.next(json(201, { number: 1 }));
    expect(await rest.outbound.send(delivery(), endpoint(), client(), signal)).toMatchObject({ outcome: 'unknown', ticketId: null, endpointFault: false });
  });

  it.each([['result.sys_id', { result: { sys_id: 'x' } }], ['[0].id', [{ id: 'x' }]], ['["a.b"][-1]', { 'a.b': ['w', 'x'] }]])('reads the ticket id at %s', async (path, body) => {
    target.next(json(200, body));
    expect(await rest.outbound.send(delivery(), endpoint({ ...ISSUE, response: { ticketId: path } }), client(), signal)).toMatchObject({ ticketId: 'x' });
  });

  it('fills a body template and keeps the types of values', () => {
    const body = { project: { key: 'OPS' }, fields: { summary: '{{attributes.TITLE}} ({{correlationKey}})', priority: '{{attributes.fields.priority}}', tags: '{{attributes.fields.tags}}', gone: '{{attributes.gone}}' }, all: '{{attributes}}' };
    expect(rendered(delivery(), endpoint({ ...ISSUE, operations: { create: { method: 'POST', path: '/issues', body } } })).body).toEqual({
      project: { key: 'OPS' }, fields: { summary: 'Mail is slow (0190-d)', priority: 2, tags: ['a', 'b'] },
      all: { title: 'Mail is slow', fields: { priority: 2, tags: ['a', 'b'] } },
    });
  });

  it('without an operation for it is refused without a call', async () => {
    const result = await rest.outbound.send(delivery({ entityType: 'Problem' }), endpoint(), client(), signal);
    expect(result).toMatchObject({ outcome: 'rejected', httpStatus: null, endpointFault: false });
    expect(target.seen).toEqual([]);
  });
});

describe('an update', () => {
  it('percent-encodes the ticket id, never escapes it as HTML', () => {
    const { url } = rendered(delivery({ operation: 'UPDATE', ticketId: 'A/1 & <b>?#é' }), endpoint());
    expect(url).toBe(`${target.url}/issues/A%2F1%20%26%20%3Cb%3E%3F%23%C3%A9`);
  });

  it.each(['..', '.', '', ' '])('with the ticket id %j would go to another resource and is refused', (ticketId) => {
    expect(rest.outbound.render(delivery({ operation: 'UPDATE', ticketId }), endpoint())).toMatchObject({ ok: false, error: { code: 'path-value-missing' } });
  });

  it('brings a ticket id only where the entity type adopts it', async () => {
    target.always(json(200, { id: 'NEW-1' }));
    const update = delivery({ operation: 'UPDATE', ticketId: 'OLD-1' });
    expect(await rest.outbound.send(update, endpoint(), client(), signal)).toMatchObject({ outcome: 'success', ticketId: null });
    expect(await rest.outbound.send(update, endpoint({ ...ISSUE, adoptIdOnUpdate: true }), client(), signal)).toMatchObject({ outcome: 'success', ticketId: 'NEW-1' });
  });
});

describe('files', () => {
  const attachments = [file('a.txt', 'one'), file('b.txt', 'two')];

  it('travel in the body where the entity type says so', () => {
    expect(rendered(delivery({ attachments }), endpoint({ ...ISSUE, attachments: { attribute: 'files' } })).body).toMatchObject({
      files: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: Buffer.from('one').toString('base64') }, { name: 'b.txt' }],
    });
  });

  it.each([
    ['json', (body: string) => expect(JSON.parse(body)).toEqual({ name: 'a.txt', contentType: 'text/plain', contentBase64: 'b25l' })],
    ['binary', (body: string) => expect(body).toBe('one')],
    ['multipart', (body: string) => expect(body).toContain('name="upload"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\none\r\n--')],
  ])('follow one by one as %s, each with a key of its own', async (form, expectBody) => {
    const at = endpoint({ ...ISSUE, operations: { ...ISSUE.operations, attach: { method: 'POST', path: '/issues/{{ticketId}}/files?name={{file.name}}', form, field: 'upload' } } });
    target.next(json(201, { id: 'T-1' }));
    expect(await rest.outbound.send(delivery({ attachments }), at, client(), signal)).toMatchObject({ outcome: 'success', ticketId: 'T-1' });
    expect(target.seen.map((request) => request.url)).toEqual(['/issues', '/issues/T-1/files?name=a.txt', '/issues/T-1/files?name=b.txt']);
    expect(target.seen.map((request) => request.headers['idempotency-key'])).toEqual(['0190-d', '0190-d:id-a.txt', '0190-d:id-b.txt']);
    expectBody(target.seen[1]?.body.toString() ?? '');
  });

  it('that are refused are named in a warning; the ticket is written all the same', async () => {
    const at = endpoint({ ...ISSUE, operations: { ...ISSUE.operations, attach: { method: 'POST', path: '/issues/{{ticketId}}/files' } } });
    target.next(json(201, { id: 'T-1' }), json(413, { message: 'too large' }), json(503, {}), json(201, {}));
    const result = await rest.outbound.send(delivery({ attachments }), at, client(), signal);
    expect(result).toMatchObject({ outcome: 'success', ticketId: 'T-1', warning: 'The ticket was written, but not these files: a.txt (The target answered 413: too large).' });
    expect(target.seen).toHaveLength(4);
  });
});

describe('a look-up', () => {
  const at = (path: string) => endpoint({ ...ISSUE, lookup: { method: 'GET', path, ticketId: '[0].id' } });
  const lookUp = (path = '/issues?ref={{correlationKey}}') => rest.outbound.lookup?.('0190/d', 'Issue', at(path), client(), signal);

  it('finds the ticket by its correlation key', async () => {
    target.next(json(200, [{ id: 'T-9' }]));
    expect(await lookUp()).toEqual({ found: 'T-9' });
    expect(target.seen[0]?.url).toBe('/issues?ref=0190%2Fd');
  });

  it('is certain of an absence only where the target says so', async () => {
    target.next(json(200, []), json(404, {}), json(404, {}), { do: 'answer', status: 200, body: '<html>' }, json(500, {}));
    expect(await lookUp()).toEqual({ found: null });
    expect(await lookUp('/issues/by-key/{{correlationKey}}')).toEqual({ found: null });
    expect(await lookUp()).toMatchObject({ failed: { outcome: 'rejected', httpStatus: 404 } });
    expect(await lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
    expect(await lookUp()).toMatchObject({ failed: { outcome: 'retryable', httpStatus: 500 } });
  });

  it('finds the key in a list of what was made since, and is certain of an absence in a list that is whole', async () => {
    const listed = endpoint({ ...ISSUE, lookup: {
      method: 'GET', path: '/{{variables.list}}?since={{searchFrom}}', ticketId: { jmespath: "[?contains(body, 'key:{{correlationKey}}')].id | [0]" },
      absentWhen: [{ status: [200], body: "length(@) < `2` && !([?contains(body, 'key:{{correlationKey}}')])" }],
    } }, { variables: { list: 'issues' } });
    const found = (key = '019c1360-0000-7000-8000-000000000001') => rest.outbound.lookup?.(key, 'Issue', listed, client(), signal);
    target.next(json(200, [{ id: 7, body: 'x' }, { id: 8, body: 'key:019c1360-0000-7000-8000-000000000001' }]), json(200, [{ id: 7, body: 'key:other' }]), json(200, [{ id: 7, body: '' }, { id: 8, body: '' }]), json(404, {}));
    expect(await found()).toEqual({ found: '8' });
    expect(target.seen[0]?.url).toBe('/issues?since=2026-01-31T09%3A16%3A24Z');
    expect(await found()).toEqual({ found: null });
    expect(await found()).toMatchObject({ failed: { outcome: 'retryable' } });
    expect(await found()).toMatchObject({ failed: { httpStatus: 404 } });
  });

  it('is absent where none is configured', async () => {
    expect(await rest.outbound.lookup?.('x', 'Issue', endpoint(), client(), signal)).toBeNull();
  });
});

describe('an inbound request', () => {
  const request = (body: string | Buffer, headers: Record<string, string> = {}): InboundRequest =>
    ({ entityType: 'Issue', body: Buffer.from(body), contentType: 'application/json', headers, query: '' });
  const fixture = (name: string) => readFileSync(new URL(`fixture/${name}`, import.meta.url));

  it('in canonical form is read as it is', () => {
    const body = { ticketId: 77, attributes: { title: 'x', caller: { email: 'a@b' }, list: [1, { a: { b: 1 } }] }, messageType: 'Submit', sender: { id: 'ann', name: 'Ann' }, occurredAt: '2026-11-20T10:00:00+02:00', attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'b25l' }], references: [{ endpoint: 'e', entityType: 't', ticketId: '1' }] };
    expect(rest.inbound.form(endpoint(), 'issue')).toBe('canonical');
    expect(rest.inbound.normalize(request(JSON.stringify(body)), endpoint())).toMatchObject({ ok: true, value: [{
      ticketId: '77', attributes: { title: 'x', 'caller.email': 'a@b', list: [1, { 'a.b': 1 }] }, sender: { id: 'ann', name: 'Ann' }, occurredAt: '2026-11-20T08:00:00.000Z',
      attachments: [{ name: 'a.txt', size: 3, content: Buffer.from('one') }], references: [{ endpoint: 'e', entityType: 't', ticketId: '1' }],
    }] });
  });

  it('of any other form is mapped by paths, ids kept exactly', () => {
    const at = endpoint({ inbound: { ticketId: 'issue.id', attributes: 'issue', messageType: 'action', sender: 'sender.login', references: [{ path: 'issue.number', endpoint: 'other', entityType: 'bug' }] } });
    expect(rest.inbound.form(at, 'issue')).toBe('mapped');
    expect(rest.inbound.normalize(request(fixture('github-issue.json')), at)).toEqual({ ok: true, value: [{
      entityType: 'Issue', messageType: 'edited', ticketId: '9007199254740993', sender: { id: 'ann' }, occurredAt: null, eventId: null, attachments: [],
      references: [{ endpoint: 'other', entityType: 'bug', ticketId: '17' }],
      attributes: { id: '9007199254740993', number: 17, title: 'Mail is slow', labels: [{ name: 'bug', 'owner.login': 'ann' }, { name: 'mail' }], assignee: null, state: 'open' },
    }] });
  });

  it('may carry several messages', () => {
    const at = endpoint({ inbound: { each: 'alerts', ticketId: 'fingerprint', attributes: { summary: 'annotations.summary', labels: 'labels', state: 'status' }, occurredAt: 'startsAt', eventId: 'fingerprint' } });
    expect(rest.inbound.normalize(request(fixture('alerts.json')), at)).toMatchObject({ ok: true, value: [
      { ticketId: 'a1', attributes: { summary: 'Disk is full', 'labels.alertname': 'DiskFull', 'labels.severity': 'critical', state: 'firing' }, occurredAt: '2026-11-20T08:00:00.000Z', eventId: 'a1' },
      { ticketId: 'b2', attributes: { 'labels.alertname': 'HighLoad', 'labels.severity': 'warning', state: 'resolved' } },
    ] });
  });

  it('that carries several tells each of them what stands beside the list', () => {
    const at = endpoint({ inbound: { each: 'alerts', ticketId: 'fingerprint', attributes: { group: { path: 'status', root: true }, all: { jmespath: 'length(alerts)', root: true } } } });
    expect(rest.inbound.normalize(request(fixture('alerts.json')), at)).toMatchObject({ ok: true, value: [{ attributes: { group: 'firing', all: 2 } }, { attributes: { group: 'firing', all: 2 } }] });
  });

  it('may tell its event by several places together', () => {
    const eventIdOf = (eventId: unknown): unknown[] => {
      const read = rest.inbound.normalize(request(fixture('alerts.json')), endpoint({ inbound: { each: 'alerts', ticketId: 'fingerprint', eventId } }));
      return read.ok ? read.value.map((one) => one.eventId) : [];
    };
    expect(eventIdOf(['fingerprint', 'status', 'no.where', { path: 'status', root: true }])).toEqual(['a1:firing::firing', 'b2:resolved::firing']);
    expect(eventIdOf(['no.where', 'status'])).toEqual([null, null]);
  });

  it.each(['not json', '{}', '{"ticketId":" "}', '[]', '{"ticketId":1,"attachments":[{"contentBase64":"%%"}]}', Buffer.from([0xff, 0x22]), '['.repeat(100_000)])(
    'that cannot be read is a failure, not a throw (%#)', (body) => {
      expect(rest.inbound.normalize(request(body), endpoint())).toMatchObject({ ok: false, error: { kind: 'invalid', code: 'body-unreadable' } });
      const mapped = endpoint({ inbound: { ticketId: 'no.where' } });
      expect(rest.inbound.normalize(request(body), mapped)).toMatchObject({ ok: false, error: { kind: 'invalid' } });
    });

  it('does not reach the machinery of objects', () => {
    const body = '{"ticketId":"1","attributes":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":1}}';
    expect(rest.inbound.normalize(request(body), endpoint({ inbound: { ticketId: 'ticketId', attributes: 'attributes' } }))).toMatchObject({ ok: true, value: [{ attributes: { a: 1 } }] });
    expect(rest.inbound.normalize(request(body), endpoint())).toMatchObject({ ok: false });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('with a signature is verified over the bytes as received', () => {
    const at = endpoint(ISSUE, { signature: { secret: 'top-secret', header: 'X-Hub-Signature-256', prefix: 'sha256=' } });
    const body = '{ "ticketId" : "1" }';
    const signed = createHmac('sha256', 'top-secret').update(body).digest('hex');
    expect(rest.inbound.form(at, 'Issue')).toBe('mapped');
    expect(rest.inbound.verify(request(body, { 'x-hub-signature-256': `sha256=${signed}` }), at).ok).toBe(true);
    for (const headers of [{}, { 'x-hub-signature-256': signed }, { 'x-hub-signature-256': 'sha256=00' }, { 'x-hub-signature-256': `sha256=${signed.slice(2)}00` }] as Record<string, string>[]) {
      expect(rest.inbound.verify(request(body, headers), at)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    }
    expect(rest.inbound.verify(request(`${body} `, { 'x-hub-signature-256': `sha256=${signed}` }), at).ok).toBe(false);
  });
});

describe('the settings', () => {
  it('accept the documented minimal form', () => {
    expect(checkSettings(rest.settings, { baseUrl: 'https://x.example', auth: { type: 'basic', username: 'u', password: 'secret' } })).toEqual([]);
    expect(checkSettings(rest.entityTypeSettings, { ...ISSUE, lookup: { method: 'GET', path: '/issues?ref={{correlationKey}}', ticketId: '[0].id' } })).toEqual([]);
  });

  it('refuse what does not exist, with its place and without its value', () => {
    expect(checkSettings(rest.settings, { baseUrl: 'https://x.example', auth: { type: 'basic', username: 'u', pasword: 'secret' }, slotss: 3 })).toEqual(expect.arrayContaining([
      { pointer: '/auth/pasword', detail: 'is not a setting that exists here' },
      { pointer: '/auth/password', detail: 'is missing' },
      { pointer: '/slotss', detail: 'is not a setting that exists here' },
    ]));
    for (const baseUrl of ['ftp://x', 'https://u:p@x', 'https://x?y', 'https://x#y', 'x']) expect(checkSettings(rest.settings, { baseUrl })).toMatchObject([{ pointer: '/baseUrl' }]);
    expect(checkSettings(rest.settings, { baseUrl: 'https://x', auth: { type: 'magic' } })).toMatchObject([{ pointer: '/auth/type' }]);
    expect(checkSettings(rest.entityTypeSettings, { operations: { create: { method: 'POST', path: 'issues' } } })).toMatchObject([{ pointer: '/operations/create/path' }]);
    expect(checkSettings(rest.entityTypeSettings, { response: { ticketId: 'a..b' } })).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: '/response/ticketId' })]));
  });

  it('know their secrets', () => {
    const settings = { baseUrl: 'https://x', auth: { type: 'bearer', token: 't' }, signature: { secret: 's', header: 'h' }, tls: { key: 'k', ca: 'c' } };
    expect(secretPointers(rest.settings, settings).sort()).toEqual(['/auth/token', '/signature/secret', '/tls/key']);
  });
});
