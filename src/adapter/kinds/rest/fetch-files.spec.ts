import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeTarget, json, type Behaviour } from '../../../../test/support/fake-target.js';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp, type Connection } from '../../../net/guarded-http.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { authorized } from './authorized.js';
import { compile } from './compiled.js';
import { fetchFiles } from './fetch-files.js';

let desk: FakeTarget;
let store: FakeTarget;
const guarded = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const content: Behaviour = { do: 'answer', status: 200, body: 'hello', headers: { 'content-type': 'text/plain' } };
const passedOn = (location: string): Behaviour => json(302, undefined, { location });

beforeAll(async () => { [desk, store] = await Promise.all([FakeTarget.start(), FakeTarget.start()]); });
beforeEach(() => { desk.reset(); store.reset(); });
afterAll(async () => { await guarded.close(); await Promise.all([desk.stop(), store.stop()]); });

function fetchAll(...addresses: string[]) {
  return fetchFrom({}, ...addresses);
}

function fetchFrom(connection: Partial<Connection>, ...addresses: string[]) {
  const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: `${desk.url}/api`, auth: { type: 'bearer', token: 'secret-token' } }, entityTypes: [] };
  const http = guarded.client('t', { slots: 2, ...connection });
  return fetchFiles(addresses, { endpoint, connected: compile(endpoint), http: authorized(http, endpoint), context: { http, signal: new AbortController().signal, nowMs: 0 } });
}

describe('a file that is fetched', () => {
  it('is followed to where the system keeps it, without our credentials', async () => {
    desk.next(passedOn('/again'), passedOn(`${store.url}/kept`));
    store.next(content);
    expect(await fetchAll(`${desk.url}/files/1`)).toEqual({ ok: true, value: { [`${desk.url}/files/1`]: { contentType: 'text/plain', contentBase64: 'aGVsbG8=' } } });
    expect(desk.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/files/1', 'Bearer secret-token'], ['/again', 'Bearer secret-token']]);
    expect(store.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['runs in a circle', () => '/files/1'], ['leads out of the web', () => 'ftp://x.example/a'], ['leads nowhere', () => 'http://'],
  ])('is left out where its way %s', async (_, location) => {
    desk.always(passedOn(location()));
    expect(await fetchAll('/files/1')).toEqual({ ok: true, value: {} });
    expect(desk.seen.length).toBeLessThanOrEqual(4);
  });

  it('is left out where it, or what it is passed on to, is at a host that the endpoint may not call', async () => {
    const elsewhere = `${store.url.replace('127.0.0.1', 'localhost')}/kept`;
    store.always(content);
    desk.always(passedOn(elsewhere));
    expect(await fetchFrom({ hosts: ['127.0.0.1'] }, `${desk.url}/files/1`, elsewhere)).toEqual({ ok: true, value: {} });
    expect(store.seen).toEqual([]);
    expect(await fetchFrom({ hosts: ['127.0.0.1', 'localhost'] }, elsewhere)).toMatchObject({ ok: true, value: { [elsewhere]: { contentType: 'text/plain' } } });
  });

  it('is waited for where the place it is kept at is down', async () => {
    desk.next(passedOn(`${store.url}/kept`));
    store.next(json(503, {}));
    expect(await fetchAll('/files/1')).toMatchObject({ ok: false, error: { isFinal: false } });
  });
});
