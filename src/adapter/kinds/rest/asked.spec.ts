import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
const signal = new AbortController().signal;
beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => { target.reset(); });
afterAll(async () => { await http.close(); await target.stop(); });

const ASK = { method: 'POST', path: '/ask', form: 'form', body: { who: '{{secrets.key}}', what: { key: '{{correlationKey}}', since: '{{cursor}}' } } };
function endpoint(): ConnectedEndpoint {
  const settings = { baseUrl: target.url, secrets: { key: 'geheim' }, answers: { credentialsWhen: [{ body: "error == 'who'" }] }, check: ASK };
  const entityType = { lookup: { ...ASK, ticketId: 'id' }, inbound: { ticketId: 'id' }, poll: { ...ASK, list: 'items', cursor: { type: 'id', field: 'id', initial: '7' } } };
  expect([...checkSettings(rest.settings, settings), ...checkSettings(rest.entityTypeSettings, entityType)]).toEqual([]);
  return { organization: 'o', id: 'x', name: 'X', settings, entityTypes: [{ name: 'Issue', references: [], settings: entityType }] };
}
const asked = () => Object.fromEntries(new URLSearchParams(target.seen.at(-1)!.body.toString()));
const poll = () => rest.source!.poll(endpoint(), 'Issue', null, { http: http.client('t', { slots: 1 }), signal, nowMs: 0 });

describe('a request that only asks', () => {
  it('may carry its question as a form, with credentials and JSON in it', async () => {
    target.next(json(200, { id: '5' }));
    expect(await rest.outbound.lookup!('k1', 'Issue', endpoint(), http.client('t', { slots: 1 }), signal)).toEqual({ found: '5' });
    expect(asked()).toEqual({ who: 'geheim', what: '{"key":"k1"}' });
    target.next(json(200, { items: [] }));
    expect(await poll()).toMatchObject({ kind: 'fetched' });
    expect(asked()).toEqual({ who: 'geheim', what: '{"since":"7"}' });
    target.next(json(200, { error: null }));
    expect(await rest.check(endpoint(), http.client('t', { slots: 1 }), signal)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(target.seen.at(-1)).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  });

  it('that is refused for who we are pauses polling and fails the test, whatever the status', async () => {
    target.next(json(200, { error: 'who' }), json(200, { error: 'who' }));
    expect(await poll()).toMatchObject({ kind: 'credentials' });
    expect(await rest.check(endpoint(), http.client('t', { slots: 1 }), signal)).toMatchObject([{ ok: true }, { step: 'authentication', ok: false }]);
  });
});
