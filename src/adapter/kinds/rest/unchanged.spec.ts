import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, OutboundDelivery, SendResult } from '../../contract.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const endpoint = (update: Record<string, unknown>, settings: Record<string, unknown> = {}, more: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'x', name: 'X', settings: { baseUrl: target.url, timeouts: { connectMs: 300, headersMs: 300, totalMs: 600 }, ...settings },
  entityTypes: [{ name: 'Issue', references: [], settings: { operations: { update: { method: 'PUT', path: '/issues/{{ticketId}}', ...update } }, ...more } }],
});
const DELIVERY: OutboundDelivery = { id: 'd-1', entityType: 'Issue', messageType: '', operation: 'UPDATE', ticketId: 'T-1', attributes: { title: 'New', tag: 'c' }, attachments: [], attempt: 1 };
const send = (at: ConnectedEndpoint): Promise<SendResult> => rest.outbound.send(DELIVERY, at, http.client('t', { slots: 4 }), new AbortController().signal);
const read = (tag: string, body: unknown = { tags: ['a', 'b'], lock: 7 }) => json(200, body, { etag: tag });
const calls = (): string[] => target.seen.map(({ method, url, headers }) => `${method} ${url} ${headers['if-match'] ?? '-'}`);

describe('a request that is made only if nobody was faster', () => {
  it('goes with the version that was read', async () => {
    target.next(read('"1"'), json(200, {}));
    expect(await send(endpoint({ unchanged: {} }))).toMatchObject({ outcome: 'success' });
    expect(calls()).toEqual(['GET /issues/T-1 -', 'PUT /issues/T-1 "1"']);
    expect(target.seen[0]!.headers['idempotency-key']).toBeUndefined();
  });

  it('is made anew from what is there now where somebody was faster', async () => {
    target.next(read('"1"'), json(412, {}), read('"2"', { tags: ['a', 'x'] }), json(200, {}));
    const at = endpoint({ unchanged: {}, body: { first: '{{current.tags[0]}}', tags: { $query: '[current.tags, [attributes.tag]][]' } } });
    expect(await send(at)).toMatchObject({ outcome: 'success' });
    expect(calls()).toEqual(['GET /issues/T-1 -', 'PUT /issues/T-1 "1"', 'GET /issues/T-1 -', 'PUT /issues/T-1 "2"']);
    expect(JSON.parse(target.seen[3]!.body.toString())).toMatchObject({ tags: ['a', 'x', 'c'] });
  });

  it('waits for its next attempt where somebody is faster each time, and nobody blames the system', async () => {
    for (let n = 1; n <= 2; n++) target.next(read(`"${n}"`), json(412, { message: 'changed' }));
    expect(await send(endpoint({ unchanged: { tries: 2 } }))).toMatchObject({ outcome: 'retryable', httpStatus: 412, endpointFault: false, error: 'Somebody else changed it each time meanwhile (2 tries).' });
    expect(target.seen).toHaveLength(4);
  });

  it('may carry the version in its body, read it elsewhere, and know a conflict by its words', async () => {
    const unchanged = { path: '/versions?of={{ticketId}}', version: 'lock', when: [{ status: [409], body: "code == 'STALE'" }] };
    target.next(json(200, { lock: 7 }), json(409, { code: 'STALE' }), json(200, { lock: 8 }), json(409, { code: 'LOCKED' }));
    expect(await send(endpoint({ unchanged, body: { lock_version: '{{version}}' } }))).toMatchObject({ outcome: 'rejected', httpStatus: 409 });
    expect(calls()).toEqual(['GET /versions?of=T-1 -', 'PUT /issues/T-1 -', 'GET /versions?of=T-1 -', 'PUT /issues/T-1 -']);
    expect(target.seen.filter(({ method }) => method === 'PUT').map(({ body }) => body.toString())).toEqual(['{"lock_version":"7"}', '{"lock_version":"8"}']);
  });

  it.each<[string, Parameters<FakeTarget['next']>[0], Partial<SendResult>]>([
    ['is not there', json(404, { message: 'no such issue' }), { outcome: 'rejected', error: 'The version could not be read: The target answered 404: no such issue' }],
    ['has no version', json(200, {}), { outcome: 'rejected', error: 'The target names no version where one is read for the step main.' }],
    ['has an empty version', json(200, {}, { etag: ' ' }), { outcome: 'rejected' }],
    ['cannot be read now', json(503, {}), { outcome: 'retryable' }],
    ['is answered with an error', json(500, {}), { outcome: 'retryable' }],
    ['is cut', { do: 'cut' }, { outcome: 'retryable' }],
    ['may not be read', json(401, {}), { outcome: 'credentials' }],
  ])('is not made where the ticket %s', async (_what, answer, expected) => {
    target.next(answer);
    expect(await send(endpoint({ unchanged: {} }))).toMatchObject(expected);
    expect(target.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('is one of several steps like any other, and is shown with what it reads first', async () => {
    const steps = [{ id: 'note', method: 'POST', path: '/issues/{{ticketId}}/notes', body: {} }, { id: 'edit', method: 'PUT', path: '/issues/{{ticketId}}', unchanged: { header: 'X-Version' } }];
    const at: ConnectedEndpoint = { ...endpoint({}), entityTypes: [{ name: 'Issue', references: [], settings: { operations: { update: { steps } } } }] };
    target.next(json(201, {}), read('"1"'), json(200, {}));
    expect(await send(at)).toMatchObject({ outcome: 'success' });
    expect(target.seen[2]!.headers).toMatchObject({ 'x-version': '"1"' });
    expect(rest.outbound.preview!(DELIVERY, at).map(({ step, request, note }) => [step, request?.method, note])).toEqual([['note', 'POST', null], ['edit', 'GET', 'reads the version that the next request goes with'], ['edit', 'PUT', 'only if it was not changed meanwhile']]);
  });

  it('must be described by what exists', () => {
    const problems = (unchanged: unknown): string[] => checkSettings(rest.entityTypeSettings, { operations: { update: { method: 'PUT', path: '/x', unchanged } } }).map(({ pointer }) => pointer);
    expect([problems({}), problems({ path: '/y', version: { header: 'x-v' }, header: 'X-V', when: [{ status: [409, 412] }], tries: 5 })]).toEqual([[], []]);
    expect(problems({ path: 'y', header: 'a b', tries: 0, when: [{}], every: 1 }).sort()).toEqual(['/operations/update/unchanged/every', '/operations/update/unchanged/header', '/operations/update/unchanged/path', '/operations/update/unchanged/tries', '/operations/update/unchanged/when/0']);
  });
});

describe('a ticket that is gone', () => {
  const notFoundWhen = [{ status: [404], body: "code == 'GONE'" }, { status: [200], body: 'deleted' }];

  it('is told to rules, whatever the status', async () => {
    target.next(json(404, { code: 'GONE', message: 'purged' }), json(200, { deleted: true }));
    const at = endpoint({}, { answers: { notFoundWhen } });
    expect(await send(at)).toMatchObject({ outcome: 'rejected', httpStatus: 404, error: 'The target has no such ticket any more: purged', answer: { ticketGone: true, code: 'GONE' }, endpointFault: false });
    expect(await send(at)).toMatchObject({ outcome: 'rejected', httpStatus: 200, error: 'The target has no such ticket any more.', answer: { ticketGone: true } });
  });

  it('is not every answer of that status', async () => {
    target.next(json(404, { message: 'no such address' }));
    const result = await send(endpoint({}, { answers: { notFoundWhen } }));
    expect(result).toMatchObject({ outcome: 'rejected', error: 'The target answered 404: no such address' });
    expect(result.answer).not.toHaveProperty('ticketGone');
  });

  it('comes behind what may be tried again, and before what is refused', async () => {
    target.next(json(404, { code: 'GONE', busy: true }), json(404, { code: 'GONE' }));
    const at = endpoint({}, {}, { response: { notFoundWhen, retryWhen: [{ body: 'busy' }], rejectedWhen: [{ status: [404] }] } });
    expect(await send(at)).toMatchObject({ outcome: 'retryable' });
    expect(await send(at)).toMatchObject({ answer: { ticketGone: true } });
  });
});
