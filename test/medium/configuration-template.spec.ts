import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint } from '../support/configuration.js';

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule]);
  me = await api.organization('me');
  for (const id of ['source', 'target']) await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
}, 60_000); // makes the run's database
afterAll(() => api.close());

const PARAMETERS = { source: 'source', sourceEntityType: 'incident', target: 'target', targetEntityType: 'incident' };
const use = (how: string, parameters: object, query = '') => me.send('POST', `/api/v1/templates/locked-ticket/${how}${query}`, { parameters });
const actions = (changes: readonly { action: string }[]): string[] => [...new Set(changes.map(({ action }) => action))];

describe('templates', () => {
  it('are listed with what they ask for, and shown with their rules', async () => {
    const { items } = (await me.get('/api/v1/templates')).body;
    expect(items.map((one: { id: string }) => one.id)).toEqual(expect.arrayContaining(['share-ticket', 'locked-ticket', 'original-group', 'servicenow-jira']));
    expect(items.find((one: { id: string }) => one.id === 'locked-ticket').parameters).toEqual(expect.arrayContaining([{ name: 'source', title: expect.any(String), kind: 'endpoint' }, expect.objectContaining({ name: 'seconds', kind: 'number', default: 60 }), expect.objectContaining({ name: 'tries', default: 10 })]));
    expect((await me.get('/api/v1/templates/locked-ticket')).body.rules[0].tests.length).toBeGreaterThan(0);
    expect((await me.get('/api/v1/templates/nothing')).status).toBe(404);
  });

  it('become rules that are in use at once; twice changes nothing, another parameter the rules it concerns', async () => {
    expect(await use('apply', PARAMETERS, '?dryRun=true')).toMatchObject({ status: 200, body: { dryRun: true } });
    expect(api.app.get(RuleSets).current(me.organization).rules).toEqual([]);
    expect(actions((await use('apply', PARAMETERS)).body.changes)).toEqual(['create']);
    expect(api.app.get(RuleSets).current(me.organization).rules).toHaveLength(6);
    expect(actions((await use('apply', PARAMETERS)).body.changes)).toEqual(['none']);
    const { changes } = (await use('apply', { ...PARAMETERS, seconds: 30 })).body;
    expect(changes.filter((one: { action: string }) => one.action === 'update')).toMatchObject([{ name: 'target: try again in a while', differences: [{ pointer: '/delayConditions/0/seconds', before: 60, after: 30 }] }]);
  });

  it('all make rules that pass their tests as they are saved', async () => {
    const { items } = (await me.get('/api/v1/templates')).body as { items: { id: string; parameters: { name: string; default?: unknown }[] }[] };
    for (const { id, parameters } of items) {
      const needed = parameters.filter((one) => one.default === undefined).map(({ name }) => [name, 'something'] as const);
      const answer = await me.send('POST', `/api/v1/templates/${id}/apply?dryRun=true`, { parameters: { ...Object.fromEntries(needed), ...PARAMETERS } });
      expect([id, answer.status, answer.body.errors]).toEqual([id, 200, undefined]);
    }
  }, 60_000); // some hundred rules

  it('are given as a configuration document that comes to the same', async () => {
    const { body: document } = await use('render', { ...PARAMETERS, seconds: 30 });
    expect(actions((await me.send('PUT', '/api/v1/config', document)).body.changes)).toEqual(['none']);
  });

  it.each([
    [{}, ['/parameters/source', '/parameters/target']], [{ ...PARAMETERS, seconds: 'x', colour: 'red' }, ['/parameters/colour', '/parameters/seconds']], [{ ...PARAMETERS, seconds: -1 }, ['/parameters/seconds']],
  ])('are refused with the parameters that are wrong: %j', async (parameters, pointers) => {
    const answer = await use('apply', parameters);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  });

  it('are refused where an endpoint does not exist, and nothing is made', async () => {
    const answer = await use('apply', { ...PARAMETERS, target: 'nowhere' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { detail: string }) => error.detail)).toContain('there is no endpoint "nowhere"');
    expect((await me.send('POST', '/api/v1/templates/locked-ticket/apply', {})).status).toBe(422);
  });
});
