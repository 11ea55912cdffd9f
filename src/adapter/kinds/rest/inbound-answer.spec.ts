import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, InboundAnswer, InboundRequest, InboundTold } from '../../contract.js';
import { rest } from './index.js';

const TAKEN: InboundTold = { kind: 'accepted', messageId: 'm-1', replayed: false };
const request = (body = '{"id":"T-1","name":"<b>&\\"x\\""}', headers: Record<string, string> = {}): InboundRequest => ({ entityType: 'Issue', body: Buffer.from(body), contentType: 'application/json', headers, query: '' });
const endpoint = (inbound: Record<string, unknown>, settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'https://x.example', ...settings },
  entityTypes: [{ name: 'Issue', references: [], settings: { inbound: { ticketId: 'id', ...inbound } } }, { name: 'Change', references: [], settings: { inbound: { ticketId: 'change.id', answer: { status: 200 } } } }],
});
const answered = (answer: unknown, given = request(), told: InboundTold = TAKEN): InboundAnswer | null => rest.inbound.answer!(told, given, endpoint({ answer }));

describe('the answer to a sender', () => {
  it('is ours where nothing else is set, and where the request was refused', () => {
    expect(rest.inbound.answer!(TAKEN, request(), endpoint({}))).toBeNull();
    expect(answered({ status: 200 }, request(), { kind: 'refused', status: 422, code: 'c', detail: 'd' })).toBeNull();
  });

  it('says in JSON what its sender wants to hear, with the values of its request', () => {
    expect(answered({ status: 201, body: { result: [{ sys_id: '{{messageId}}', number: '{{event.id}}', again: '{{replayed}}', gone: '{{event.gone}}' }] }, headers: { 'X-Ref': 'r {{messageId}}' } })).toEqual({
      status: 201, contentType: 'application/json', body: '{"result":[{"sys_id":"m-1","number":"T-1","again":false}]}', headers: { 'x-ref': 'r m-1' },
    });
    expect(answered({})).toEqual({ status: 202, contentType: 'application/json', body: '', headers: {} });
    expect(answered({ status: 204, body: { a: 1 } })).toMatchObject({ status: 204, body: '' });
  });

  it('says it as text or XML, in which values are no markup', () => {
    expect(answered({ form: 'text', body: 'OK {{messageId}}' })).toMatchObject({ contentType: 'text/plain; charset=utf-8', body: 'OK m-1' });
    expect(answered({ form: 'xml', body: '<ok>{{event.name}}</ok>' })).toMatchObject({ body: '<ok>&lt;b&gt;&amp;&quot;x&quot;</ok>' });
  });

  it('says what it can of a request that nobody can read, and keeps its headers in one line', () => {
    expect(answered({ body: { id: '{{event.id}}', m: '{{messageId}}' } }, request('no json'))).toMatchObject({ body: '{"m":"m-1"}' });
    expect(answered({ headers: { 'X-A': '{{event.id}}' } }, request('{"id":"a\\r\\nSet-Cookie: b"}'))?.headers).toEqual({ 'x-a': 'a Set-Cookie: b' });
  });

  it('tells what became of the request to senders that wait for it, and is as ever where that is not known', () => {
    const settled = { outcome: 'done' as const, deliveries: [{ endpoint: 'target', entityType: 'Issue', operation: 'CREATE', state: 'SENT', ticketId: 'X-7', error: null }] };
    const known: InboundTold = { kind: 'accepted', messageId: 'm-1', replayed: false, settled };
    expect(rest.inbound.waitsMs!(request(), endpoint({ answer: { wait: { seconds: 3 } } }))).toBe(3_000);
    expect(rest.inbound.waitsMs!(request(), endpoint({}))).toBe(0);
    expect(answered({ wait: { seconds: 3 } }, request(), known)).toEqual({ status: 200, contentType: 'application/json', headers: {}, body: '{"messageId":"m-1","outcome":"done","ticketId":"X-7","endpoint":"target","error":null}' });
    expect(answered({ wait: { seconds: 3 } })).toBeNull();
    const own = { status: 202, form: 'text', body: 'later {{messageId}}', headers: { 'X-Ref': '{{messageId}}' }, wait: { seconds: 3, status: 201, body: '{{event.id}} is {{ticketId}}' } };
    expect(answered(own, request(), known)).toEqual({ status: 201, contentType: 'text/plain; charset=utf-8', headers: { 'x-ref': 'm-1' }, body: 'T-1 is X-7' });
    expect(answered(own)).toMatchObject({ status: 202, body: 'later m-1' });
  });

  it('must be described by what it may be', () => {
    const problems = (answer: unknown): string[] => checkSettings(rest.entityTypeSettings, { inbound: { ticketId: 'id', answer } }).map(({ pointer }) => pointer);
    expect([problems({}), problems({ status: 200, form: 'text', body: 'x', headers: { 'WebHook-Allowed-Origin': '*' } })]).toEqual([[], []]);
    expect(problems({ status: 404 })).toEqual(['/inbound/answer/status']);
    for (const name of ['Set-Cookie', 'Content-Type', 'Location', 'X', 'X-a b']) expect(problems({ headers: { [name]: 'x' } })).not.toEqual([]);
    expect(problems({ body: '{{messageId | nosuch}}' })).toEqual(['/inbound/answer/body']);
  });
});

describe('requests that come to one address', () => {
  const sorting = [{ when: { body: "kind == 'change'" }, entityType: 'change' }, { when: { header: { 'x-kind': '^problem$' } }, entityType: 'Problem' }];
  const read = (body: string, headers: Record<string, string> = {}) => rest.inbound.normalize(request(body, headers), endpoint({}, { sorting }));

  it('are read as what they are about, by the first condition that holds', () => {
    expect(read('{"kind":"change","change":{"id":"C-1"}}')).toMatchObject({ ok: true, value: [{ entityType: 'change', ticketId: 'C-1' }] });
    expect(read('{"kind":"incident","id":"T-1"}')).toMatchObject({ ok: true, value: [{ entityType: 'Issue', ticketId: 'T-1' }] });
    expect(rest.inbound.answer!(TAKEN, request('{"kind":"change"}'), endpoint({}, { sorting }))).toMatchObject({ status: 200 });
  });

  it('stay what their address says where nothing holds, or names what is not there', () => {
    expect(read('{"id":"T-1"}', { 'x-kind': 'problem' })).toMatchObject({ ok: true, value: [{ entityType: 'Issue' }] });
    expect(read('not json')).toMatchObject({ ok: false });
    expect(rest.inbound.form(endpoint({}, { sorting }), 'Issue')).toBe('mapped');
  });
});
