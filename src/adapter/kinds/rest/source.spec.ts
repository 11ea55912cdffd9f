import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, PollResult } from '../../contract.js';
import { rest } from './index.js';
import { linkTo } from './paging.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const NOW_MS = Date.parse('2026-11-21T04:00:00Z');

beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

const endpoint = (poll: Record<string, unknown>): ConnectedEndpoint => {
  const settings = { baseUrl: `${target.url}/api`, auth: { type: 'bearer', token: 'secret-token' } };
  const entityType = { inbound: { ticketId: 'id' }, poll };
  expect([...checkSettings(rest.settings, settings), ...checkSettings(rest.entityTypeSettings, entityType)]).toEqual([]);
  return { organization: 'o', id: 'vendorx', name: 'X', settings, entityTypes: [{ name: 'Issue', references: [], settings: entityType }] };
};

/** Polls until there is no more, as the stage does; answers what was fetched, and the cursor. */
async function run(at: ConnectedEndpoint, cursor: unknown = null): Promise<{ ids: unknown[]; keys: string[]; cursor: unknown; last: PollResult }> {
  const ids: unknown[] = [];
  const keys: string[] = [];
  for (;;) {
    const last = await rest.source!.poll(at, 'Issue', cursor, { http: http.client('t', { slots: 2 }), signal: new AbortController().signal, nowMs: NOW_MS });
    if (last.kind !== 'fetched') return { ids, keys, cursor, last };
    for (const item of last.items) {
      ids.push((JSON.parse(Buffer.from(item.body).toString()) as { id: unknown }).id);
      keys.push(item.repeatKey);
    }
    cursor = JSON.parse(JSON.stringify(last.cursor));
    if (!last.more) return { ids, keys, cursor, last };
  }
}

const urls = (): string[] => target.seen.map(({ url }) => decodeURIComponent(url.replaceAll('+', ' ')));
const item = (id: number, updated = '2026-11-21T03:00:00Z') => ({ id, updated });

describe('polling by the time of the last change', () => {
  const poll = { path: '/issues', query: { since: '{{cursor}}' }, list: 'issues', cursor: { type: 'timestamp', field: 'updated', overlapSeconds: 60 }, version: ['id', 'updated'] };

  it('begins now, looks back by the overlap, and knows again what it has seen', async () => {
    target.next(json(200, { issues: [item(1, '2026-11-21T04:05:00Z'), item(2, '2026-11-21T04:07:00.5Z')] }), json(200, { issues: [item(2, '2026-11-21T04:07:00.5Z')] }));
    const first = await run(endpoint(poll));
    const second = await run(endpoint(poll), first.cursor);
    expect(urls()).toEqual(['/api/issues?since=2026-11-21T03:59:00.000Z', '/api/issues?since=2026-11-21T04:06:00.500Z']);
    expect(target.seen[0]?.headers.authorization).toBe('Bearer secret-token');
    expect(second.keys).toEqual([first.keys[1]]);
    expect(second.cursor).toMatchObject({ position: '2026-11-21T04:07:00.500Z' });
  });

  it('asks with seconds where the answers have dates', async () => {
    target.next(json(200, { issues: [{ id: 1, updated: '2026-11-21T04:05:07.000+0000' }] }), json(200, { issues: [] }));
    const seconds = { ...poll, cursor: { ...poll.cursor, format: 'EpochTime_s', overlapSeconds: 0 } };
    await run(endpoint(seconds), (await run(endpoint(seconds))).cursor);
    expect(urls()[1]).toBe(`/api/issues?since=${Date.parse('2026-11-21T04:05:07Z') / 1_000}`);
  });

  it('keeps where it began, also where the system cannot be asked at first', async () => {
    target.next(json(503, {}), json(200, { issues: [] }));
    const first = await run(endpoint(poll));
    expect(first).toMatchObject({ last: { kind: 'failed' }, cursor: { position: new Date(NOW_MS).toISOString() } });
    await run(endpoint(poll), first.cursor);
    expect(urls()[1]).toBe('/api/issues?since=2026-11-21T03:59:00.000Z');
  });

  it('speaks the target\'s format and zone', async () => {
    const zoned = { ...poll, cursor: { type: 'timestamp', field: 'updated', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/Helsinki', overlapSeconds: 0, initial: '2026-11-20T00:00:00Z' } };
    target.next(json(200, { issues: [{ id: 1, updated: '2026-11-20 12:00:00' }] }), json(200, { issues: [] }));
    const { cursor } = await run(endpoint(zoned));
    expect(await run(endpoint(zoned), cursor)).toMatchObject({ cursor: { position: '2026-11-20T10:00:00.000Z' } });
    expect(urls()).toEqual(['/api/issues?since=2026-11-20 02:00:00', '/api/issues?since=2026-11-20 12:00:00']);
  });

  it('does not take an answer without list for an empty one, and leaves its cursor where it was', async () => {
    for (const behaviour of [json(200, {}), json(200, '<html>'), json(500, {}), json(403, {}), { do: 'cut' } as const]) {
      target.next(behaviour);
      expect((await run(endpoint(poll))).last).toMatchObject({ kind: 'failed', error: expect.any(String) });
    }
    target.next(json(401, {}), json(429, {}, { 'retry-after': '30' }), json(204, ''));
    expect((await run(endpoint(poll))).last).toMatchObject({ kind: 'credentials' });
    expect((await run(endpoint(poll))).last).toMatchObject({ kind: 'failed', retryAfterMs: 30_000 });
    expect((await run(endpoint(poll))).last).toMatchObject({ kind: 'fetched', items: [] });
  });

  it('begins anew where the settings have changed, and takes a position that was set by hand', async () => {
    target.always(json(200, { issues: [] }));
    await run(endpoint(poll), { settings: 'others', position: 'x', page: null, newest: null, pages: 0 });
    await run(endpoint(poll), { position: '2026-11-01T00:00:00Z' });
    expect(urls()).toEqual(['/api/issues?since=2026-11-21T03:59:00.000Z', '/api/issues?since=2026-10-31T23:59:00.000Z']);
  });

  it('leaves out items that it is told to', async () => {
    target.next(json(200, { issues: [{ ...item(1), by: 'us' }, { ...item(2), by: 'ann' }] }));
    expect((await run(endpoint({ ...poll, when: "by != 'us'" }))).ids).toEqual([2]);
  });
});

describe('polling of lists whose comments stand elsewhere', () => {
  const poll = {
    path: '/issues', query: { since: '{{cursor}}' }, list: 'issues', cursor: { type: 'timestamp', field: 'updated', overlapSeconds: 60 }, version: ['item.id', 'part.id'],
    parts: { path: '/issues/{{item.id}}', query: { include: 'notes' }, list: 'notes', time: 'at', made: 'made' }, when: "part.text != 'boring'",
  };
  const keysOf = ({ last }: { last: PollResult }): unknown[] => (last.kind === 'fetched' ? last.items.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as unknown) : [last]);
  const note = (id: number, at: string, text = 'x') => ({ id, at, text });

  it('brings what is new of each item, and the item itself while it is new', async () => {
    const old = { ...item(1, '2026-11-21T04:05:00Z'), made: '2026-01-01T00:00:00Z' };
    const made = { ...item(2, '2026-11-21T04:06:00Z'), made: '2026-11-21T04:06:00Z' };
    target.next(json(200, { issues: [old, made] }), json(200, { notes: [note(7, '2026-11-20T00:00:00Z'), note(8, '2026-11-21T04:05:00Z'), note(9, '2026-11-21T04:05:00Z', 'boring')] }), json(200, { notes: [] }));
    const first = await run(endpoint(poll));
    expect(keysOf(first)).toEqual([{ item: old, part: note(8, '2026-11-21T04:05:00Z') }, { item: made }]);
    expect(urls()).toEqual(['/api/issues?since=2026-11-21T03:59:00.000Z', '/api/issues/1?include=notes', '/api/issues/2?include=notes']);
    target.next(json(200, { issues: [made] }), json(200, { notes: [note(10, '2026-11-21T04:06:30Z')] }));
    const second = await run(endpoint(poll), first.cursor);
    expect(keysOf(second)).toEqual([{ item: made }, { item: made, part: note(10, '2026-11-21T04:06:30Z') }]);
    expect(second.keys[0]).toBe(first.keys[1]);
  });

  it('tells what an item is by the time its parts are read', async () => {
    target.next(json(200, { issues: [item(1)] }), json(200, { now: { id: 1, state: 'closed' }, notes: [note(7, '2026-11-21T04:05:00Z')] }));
    const changed = { ...poll, parts: { ...poll.parts, item: 'now' } };
    expect(keysOf(await run(endpoint(changed)))).toEqual([{ item: { id: 1, state: 'closed' } }, { item: { id: 1, state: 'closed' }, part: note(7, '2026-11-21T04:05:00Z') }]);
  });

  it('stays where it was when the parts cannot be read, and goes past an item that is gone', async () => {
    target.next(json(200, { issues: [item(1), item(2)] }), json(404, {}), json(503, {}));
    expect(keysOf(await run(endpoint(poll)))).toEqual([expect.objectContaining({ kind: 'failed' })]);
    target.next(json(200, { issues: [item(1), item(2)] }), json(404, {}), json(200, { other: [] }));
    expect(keysOf(await run(endpoint(poll)))).toEqual([{ kind: 'failed', error: 'The answer has no list of parts where one is expected.' }]);
    target.next(json(200, { issues: [item(1)] }), json(401, {}));
    expect(keysOf(await run(endpoint(poll)))).toEqual([expect.objectContaining({ kind: 'credentials' })]);
  });
});

describe('polling by other cursors', () => {
  it('goes on behind the last id, however long it is', async () => {
    const poll = { path: '/e', query: { after: '{{cursor}}' }, cursor: { type: 'id', field: 'id' } };
    target.next({ do: 'answer', status: 200, body: '[{"id":9007199254740993},{"id":9007199254740992}]' }, json(200, []));
    const { cursor, ids } = await run(endpoint(poll));
    await run(endpoint(poll), cursor);
    expect(ids).toEqual(['9007199254740993', '9007199254740992']);
    expect(urls()).toEqual(['/api/e', '/api/e?after=9007199254740993']);
  });

  it('follows a token, which may be an address, but to no other host', async () => {
    const poll = { path: '/delta', list: 'value', cursor: { type: 'token', next: '["@odata.deltaLink"]' } };
    target.next(json(200, { value: [item(1)], '@odata.deltaLink': `${target.url}/api/delta?token=abc` }), json(200, { value: [], '@odata.deltaLink': 'https://evil.example/x' }));
    const { cursor } = await run(endpoint(poll));
    const second = await run(endpoint(poll), cursor);
    expect(urls()).toEqual(['/api/delta', '/api/delta?token=abc']);
    expect((await run(endpoint(poll), second.cursor)).last).toMatchObject({ kind: 'failed', error: expect.stringContaining('another host') });
    expect(target.seen).toHaveLength(2);
  });

  it('begins where there is no token yet at a time that the query makes of now', async () => {
    const poll = { path: '/export', query: { cursor: '{{cursor}}', since: { $if: 'cursor || page', $else: '{{now | shift:-120 | epoch}}' } }, list: 'rows', cursor: { type: 'token', next: 'after' }, paging: { type: 'cursor', parameter: 'cursor', next: { jmespath: 'more && after' } } };
    target.next(json(200, { rows: [{ id: 1 }], after: 'a', more: true }), json(200, { rows: [{ id: 2 }], after: 'b', more: false }), json(200, { rows: [], after: 'b', more: false }));
    const { cursor } = await run(endpoint(poll));
    await run(endpoint(poll), cursor);
    expect(urls()).toEqual([`/api/export?since=${NOW_MS / 1_000 - 120}`, '/api/export?cursor=a', '/api/export?cursor=b']);
  });

  it('tells what has changed in a list that has no cursor, also what changes back', async () => {
    const poll = { path: '/all', list: 'rows', version: ['id', 'state'] };
    const answers = [['new', 'new'], ['new', 'open'], ['new', 'new'], ['new', 'new']];
    let cursor: unknown = null;
    const fetched: unknown[][] = [];
    for (const states of answers) {
      target.next(json(200, { rows: states.map((state, at) => ({ id: at, state })) }));
      const round = await run(endpoint(poll), cursor);
      fetched.push(round.ids);
      expect(new Set(round.keys).size).toBe(round.keys.length);
      cursor = round.cursor;
    }
    expect(fetched).toEqual([[0, 1], [1], [1], []]);
  });
});

describe('pages', () => {
  const listing = (paging: Record<string, unknown>) => endpoint({ path: '/l', list: 'items', cursor: { type: 'id', field: 'id' }, paging });
  const page = (ids: number[], more: Record<string, unknown> = {}, headers: Record<string, string> = {}, status = 200) => json(status, { items: ids.map((id) => ({ id })), ...more }, headers);

  it.each([
    ['offset, until a short page', { type: 'offset', parameter: 'o', limitParameter: 'n', size: 2 }, () => [page([1, 2]), page([3])], ['?o=0&n=2', '?o=2&n=2']],
    ['offset, until the total', { type: 'offset', parameter: 'o', size: 2, total: 'total' }, () => [page([1, 2], { total: 3 }), page([3], { total: 3 })], ['?o=0', '?o=2']],
    ['offset, where a short page is not the end', { type: 'offset', parameter: 'o', size: 2, shortIsLast: false }, () => [page([1]), page([2, 3]), page([])], ['?o=0', '?o=2', '?o=4']],
    ['page numbers', { type: 'page', parameter: 'p', last: 'pages' }, () => [page([1, 2], { pages: 2 }), page([3], { pages: 2 })], ['?p=1', '?p=2']],
    ['a cursor', { type: 'cursor', parameter: 'c', next: 'meta.after' }, () => [page([1, 2], { meta: { after: 'a b' } }), page([3], { meta: { after: '' } })], ['', '?c=a b']],
    ['the address of the next page', { type: 'nextUrl', next: 'next' }, () => [page([1, 2], { next: '/api/l?x=2' }), page([3])], ['', '?x=2']],
    ['a Link header', { type: 'linkHeader' }, () => [page([1, 2], {}, { link: `<${target.url}/api/l?x=1>; rel="prev", <${target.url}/api/l?x=2>; rel="next"` }), page([3])], ['', '?x=2']],
    ['ranges', { type: 'range', parameter: 'range', size: 2 }, () => [page([1, 2], {}, { 'content-range': '0-1/3' }, 206), page([3], {}, { 'content-range': '2-2/3' }, 206)], ['?range=0-1', '?range=2-3']],
    ['ranges, of which the one behind the last is refused', { type: 'range', parameter: 'range', size: 3 }, () => [page([1, 2, 3], {}, {}, 206), json(400, ['ERROR_RANGE_EXCEED_TOTAL'])], ['?range=0-2', '?range=3-5']],
    ['the key of the last item', { type: 'keyset', parameter: 'before', key: 'id' }, () => [page([1, 2]), page([3]), page([])], ['', '?before=2', '?before=3']],
  ] as const)('by %s', async (_, paging, pages, expected) => {
    target.next(...pages());
    const { ids, cursor } = await run(listing(paging));
    expect(ids).toEqual([1, 2, 3]);
    expect(urls()).toEqual(expected.map((query) => `/api/l${query}`));
    expect(cursor).toMatchObject({ position: '3', page: null });
  });

  it('that are gone make the list begin anew', async () => {
    const at = listing({ type: 'cursor', parameter: 'c', next: 'next' });
    target.next(page([1, 2], { next: 'p2' }), json(410, {}), page([2, 3]));
    expect(await run(at)).toMatchObject({ ids: [1, 2, 2, 3], cursor: { position: '3' } });
  });

  it('are so many in one poll as are allowed; the next goes on behind them', async () => {
    const at = endpoint({ path: '/l', list: 'items', cursor: { type: 'id', field: 'id' }, paging: { type: 'cursor', parameter: 'c', next: 'next' }, maxPages: 2 });
    target.next(page([1], { next: 'b' }), page([2], { next: 'c' }), page([3]));
    const first = await run(at);
    expect([first.ids, target.seen.length]).toEqual([[1, 2], 2]);
    expect((await run(at, first.cursor)).ids).toEqual([3]);
  });

  it('are named by Link headers of any form', () => {
    expect(linkTo('next', '</a?b=1,2>; title="x"; rel=next')).toBe('/a?b=1,2');
    expect(linkTo('next', '<x>; rel="prev last"')).toBeNull();
    expect(linkTo('last', '<x>; rel="prev last"')).toBe('x');
  });
});
