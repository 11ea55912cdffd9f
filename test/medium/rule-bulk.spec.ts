import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

let api: Api;
let me: ApiUser;
let ids: string[];
let count = 0;
beforeAll(async () => { api = await openApi([RuleModule, EndpointModule]); });
afterAll(() => api.close());
beforeEach(async () => {
  me = await api.organization(`organization-${++count}`);
  for (const id of ['source', 'target']) await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
  ids = [];
  for (const name of ['a', 'b', 'c']) ids.push((await me.send('POST', '/api/v1/rules', routeRule({ name }))).body.ruleId as string);
});

const bulk = (action: string, ruleIds: readonly string[], more = {}) => me.send('POST', '/api/v1/rules/bulk', { action, ruleIds, ...more });
const inUse = (): readonly string[] => api.app.get(RuleSets).current(me.organization).rules.map((rule) => rule.ref.rule);

describe('an act on several rules', () => {
  it('switches them off and on, in one step', async () => {
    const before = api.app.get(RuleSets).current(me.organization);
    expect((await bulk('disable', [ids[2]!, ids[0]!])).body.items).toMatchObject([{ name: 'c', enabled: false }, { name: 'a', enabled: false }]);
    expect(inUse()).toEqual(['b']);
    expect(before.rules).toHaveLength(3); // whoever decides with the set that was current goes on with it
    expect((await bulk('enable', ids)).body.items).toMatchObject([{ enabled: true }, { enabled: true }, { enabled: true }]);
    expect(inUse()).toEqual(['a', 'b', 'c']);
  });

  it('deletes them', async () => {
    expect((await bulk('delete', ids.slice(0, 2))).body.items).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect((await me.get('/api/v1/rules')).body.items).toMatchObject([{ name: 'c' }]);
    expect((await me.get(`/api/v1/rules/${ids[0]!}`)).status).toBe(404);
    expect((await me.get(`/api/v1/rules/${ids[0]!}/history`)).body.items).toMatchObject([{ action: 'rule.delete' }, { action: 'rule.create', changeDescription: 'made by a test' }]);
  });

  it('does nothing where one of them does not exist', async () => {
    for (const action of ['disable', 'delete']) {
      expect(await bulk(action, [ids[0]!, 'nobody', ids[1]!, 'no one'])).toMatchObject({ status: 422, body: { errors: [{ pointer: '/ruleIds/1' }, { pointer: '/ruleIds/3' }] } });
    }
    expect(inUse()).toEqual(['a', 'b', 'c']);
  });

  it('does nothing where one of them cannot be used, and says why of all', async () => {
    const [foreign] = (await me.send('POST', '/api/v1/rules/import', routeRule({ name: 'foreign', sourceSystemId: 'elsewhere' }))).body.items;
    const failing = (await me.send('POST', '/api/v1/rules', routeRule({ name: 'failing', current: false, tests: [{ name: 't', message: { endpoint: 'source', entityType: 'incident', ticketId: '1' }, expect: { outcome: 'DROPPED' } }] }))).body;
    await bulk('disable', ids);
    expect(await bulk('enable', [ids[0]!, foreign.ruleId, failing.ruleId])).toMatchObject({ status: 422, body: { code: 'invalid-request', errors: [{ pointer: '/ruleIds/1/sourceSystemId' }, { pointer: '/ruleIds/2/tests/0' }] } });
    expect(await bulk('enable', [ids[0]!, failing.ruleId])).toMatchObject({ status: 422, body: { code: 'rule-tests-failed', errors: [{ pointer: '/ruleIds/1/tests/0' }] } });
    expect(inUse()).toEqual([]);
    expect(await bulk('enable', [ids[0]!, failing.ruleId], { overrideTests: 'for now' })).toMatchObject({ status: 200 });
    expect(inUse()).toEqual(['a', 'failing']);
  });

  it.each([[{}], [{ action: 'enable' }], [{ action: 'paint', ruleIds: ['x'] }], [{ action: 'enable', ruleIds: [] }], [{ action: 'enable', ruleIds: ['x', 'x'] }], [{ action: 'enable', ruleIds: [3] }]])(
    'is refused where it says too little or something else: %j', async (body) => {
      expect((await me.send('POST', '/api/v1/rules/bulk', body)).status).toBe(422);
    });

  it('never reaches the rules of another organization', async () => {
    const other = await api.organization(`other-${count}`);
    for (const action of ['enable', 'disable', 'delete']) expect((await other.send('POST', '/api/v1/rules/bulk', { action, ruleIds: ids })).status).toBe(422);
    expect((await other.send('POST', '/api/v1/rules/export', { ruleIds: ids })).status).toBe(422);
    expect((await other.get(`/api/v1/rules/${ids[0]!}/history`)).status).toBe(404);
    expect(inUse()).toEqual(['a', 'b', 'c']);
  });
});

describe('an export of several rules', () => {
  it('is a file that can be imported, in the order that was asked for', async () => {
    const { body } = await me.send('POST', '/api/v1/rules/export', { ruleIds: [ids[2]!, ids[0]!] });
    expect(body).toMatchObject([{ name: 'c', ruleId: ids[2], changeDescription: 'made by a test' }, { name: 'a' }]);
    expect((await me.send('POST', '/api/v1/rules/import', body)).body.items).toMatchObject([{ name: 'c', problems: [] }, { name: 'a', problems: [] }]);
  });
});

describe('the history of a rule', () => {
  it('comes in pages, newest first', async () => {
    for (const act of ['disable', 'enable', 'disable']) await me.send('POST', `/api/v1/rules/${ids[0]!}/${act}`);
    const first = (await me.get(`/api/v1/rules/${ids[0]!}/history?limit=3`)).body;
    expect(first.items.map((entry: { action: string }) => entry.action)).toEqual(['rule.disable', 'rule.enable', 'rule.disable']);
    const rest = (await me.get(`/api/v1/rules/${ids[0]!}/history?limit=3&cursor=${first.nextCursor}`)).body;
    expect(rest).toMatchObject({ items: [{ action: 'rule.create', version: 1, byKind: 'api-key' }], nextCursor: null });
  });
});
