import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';
import { tellStory } from '../support/story.js';

let api: Api;
let me: ApiUser;
let other: ApiUser;
let ruleId: string;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule]);
  me = await api.organization('me');
  other = await api.organization('other');
  for (const id of ['source', 'target']) await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
  ruleId = (await me.send('POST', '/api/v1/rules', routeRule({
    conversationAttributeMappings: [{ type: 'Single', template: 'x', targetAttribute: 'sf:conversation:owner' }, { type: 'CounterIncrement', counterName: 'retries' }],
    conversationConditions: [{ attribute: 'sf:conversation:hold', operator: 'BLANK' }],
  }))).body.ruleId as string;
}, 60_000); // makes the run's database
afterAll(() => api.close());

describe('definitions', () => {
  it('are the lists of the core, with the schema of their keys', async () => {
    const { status, body } = await me.get('/api/v1/rules/definitions');
    expect(status).toBe(200);
    expect(body.operators).toContainEqual({ operator: 'BLANK', meaning: expect.any(String), takesValues: false });
    expect(body.formatters.find((one: { type: string }) => one.type === 'Truncate').schema.properties.maxLength).toMatchObject({ type: 'integer', minimum: 0 });
    expect(body.mappings.filter((one: { onlyInConversation: boolean }) => one.onlyInConversation).map((one: { type: string }) => one.type)).toEqual(['CounterIncrement', 'CounterReset']);
    expect(body.rule.properties.targetCondition.enum).toContain('RESPONSE_TO_UPDATE');
  });
});

describe('a trial of a draft', () => {
  const routingCase = { message: { endpoint: 'source', entityType: 'incident', ticketId: 'INC1', attributes: { short_description: 'Printer' } } };
  const ask = (rule: object, more: object = { case: routingCase }) => me.send('POST', '/api/v1/rules/trial', { rule, ...more });

  it('shows what its mappings make, though the rule is not finished', async () => {
    const draft = routeRule({ name: '', mappings: [{ type: 'Single', template: '${short_description}', targetAttribute: 'title' }, { type: 'Single', template: '${', targetAttribute: 'x' }] });
    expect(await ask(draft)).toMatchObject({
      status: 200,
      body: { mappings: [{ pointer: '/mappings/0', reads: [{ name: 'short_description', value: 'Printer' }], writes: [{ name: 'title', value: 'Printer' }], error: null }], untranslated: 0 },
    });
    expect((await ask(draft)).body.problems.map((one: { pointer: string }) => one.pointer).sort()).toEqual(['/mappings/1/template', '/name']);
  });

  it('tells what the draft names and does not exist, without a message, too', async () => {
    expect((await ask(routeRule({ targetSystemId: 'nowhere' }), {})).body).toMatchObject({ problems: [{ pointer: '/targetSystemId' }], mappings: [] });
  });

  it('refuses a message that cannot be read, with its places', async () => {
    expect(await ask(routeRule(), { case: { message: { endpoint: 3 } } })).toMatchObject({ status: 422, body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/case/message/endpoint' })]) } });
  });
});

describe('what recent messages tell', () => {
  beforeAll(async () => {
    await tellStory(api.database, me.organization, { ticketId: 'INC7', ruleId, ruleSet: api.app.get(RuleSets).current(me.organization).id });
  });

  it('is how often rules took part', async () => {
    const { items } = (await me.get('/api/v1/rules/hits')).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ ruleId, hits: expect.any(Number), perDay: expect.any(Number) });
    expect(items[0].hits).toBeGreaterThan(0);
    expect((await other.get('/api/v1/rules/hits')).body.items).toEqual([]);
  });

  it('is what attributes there are, beside those that rules name', async () => {
    const query = '/api/v1/rules/attributes?source=source&sourceEntityType=INCIDENT&target=target&targetEntityType=incident';
    const { body } = await me.get(query);
    expect(body.source).toContainEqual({ name: 'short_description', sample: 'Printer' });
    expect(body.target.map((one: { name: string }) => one.name)).toContain('title');
    expect(body).toMatchObject({ conversation: ['hold', 'owner'], counters: ['retries'] });
    expect((await other.get(query)).body).toEqual({ source: [], target: [], conversation: [], counters: [] });
  });

  it('keeps what messages hold from those who may not read them', async () => {
    const editor = await api.organization('me', ['rules:read', 'rules:write']);
    expect((await editor.get('/api/v1/rules/attributes?source=source&sourceEntityType=incident')).body.source).toContainEqual({ name: 'short_description', sample: '' });
  });
});
