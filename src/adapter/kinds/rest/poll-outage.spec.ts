import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const DAY_MS = 86_400_000;
const BEFORE_MS = Date.parse('2026-11-01T04:00:00Z');
const AFTER_MS = BEFORE_MS + 5 * DAY_MS;

beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const at = (ms: number): string => new Date(ms).toISOString();

function endpoint(poll: object): ConnectedEndpoint {
  const inbound = { each: { jmespath: '[[@], comments][]' }, recent: { time: 'at', reference: 'updated' }, ticketId: { path: 'id', root: true }, attributes: { text: 'text' } };
  return { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: target.url }, entityTypes: [{ name: 'Issue', references: [], settings: { inbound, poll: { path: '/issues', list: 'issues', ...poll } } }] };
}

/** One poll at an instant, and the texts of the comments that came of it. */
async function poll(from: ConnectedEndpoint, cursor: unknown, nowMs: number): Promise<{ texts: unknown[]; cursor: unknown }> {
  const result = await rest.source!.poll(from, 'Issue', cursor, { http: http.client('t', { slots: 2 }), signal: new AbortController().signal, nowMs });
  if (result.kind !== 'fetched') throw new Error(result.error);
  if (result.more && result.items.length === 0) return poll(from, result.cursor, nowMs);
  const texts = result.items.flatMap((item) => {
    const read = rest.inbound.normalize({ headers: {}, query: '', ...item }, from);
    if (!read.ok) throw new Error(read.error.message);
    return read.value.flatMap(({ attributes }) => attributes['text'] ?? []);
  });
  return { texts, cursor: JSON.parse(JSON.stringify(result.cursor)) as unknown };
}

describe('comments that were made while nothing was polled for days', () => {
  const ticket = (updatedMs: number, ...comments: readonly (readonly [string, number])[]): object => ({ id: 7, updated: at(updatedMs), comments: comments.map(([text, ms]) => ({ text, at: at(ms) })) });

  it.each([
    ['the time of the last change', { cursor: { type: 'timestamp', field: 'updated' } }],
    ['a token', { cursor: { type: 'token', next: 'next' } }],
    ['nothing but the list itself', {}],
  ])('all come where the list is followed by %s', async (_, setting) => {
    const from = endpoint(setting);
    target.next(json(200, { next: 'a', issues: [ticket(BEFORE_MS, ['seen before', BEFORE_MS])] }));
    const first = await poll(from, null, BEFORE_MS);
    target.next(json(200, { next: 'b', issues: [ticket(AFTER_MS, ['of long ago', BEFORE_MS - 3 * DAY_MS], ['first', BEFORE_MS + DAY_MS], ['second', BEFORE_MS + 3 * DAY_MS], ['last', AFTER_MS])] }));
    expect((await poll(from, first.cursor, AFTER_MS)).texts).toEqual(['first', 'second', 'last']);
  });

  it('are told by the last run that came to its end, not by one that stopped at a page', async () => {
    const from = endpoint({ cursor: { type: 'token', next: 'next' }, paging: { type: 'cursor', parameter: 'page', next: 'page' }, maxPages: 1 });
    target.next(json(200, { next: 'a', issues: [] }), json(200, { page: '2', issues: [] }), json(200, { next: 'b', issues: [ticket(AFTER_MS, ['first', BEFORE_MS + DAY_MS], ['last', AFTER_MS])] }));
    const ended = await poll(from, null, BEFORE_MS);
    const stopped = await poll(from, ended.cursor, AFTER_MS);
    expect((await poll(from, stopped.cursor, AFTER_MS)).texts).toEqual(['first', 'last']);
  });
});
