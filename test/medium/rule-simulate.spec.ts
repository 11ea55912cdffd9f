import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { ReplayModule } from '../../src/broker/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';
import { tellStory, type Told } from '../support/story.js';

let api: Api;
let me: ApiUser;
let other: ApiUser;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ReplayModule]);
  me = await api.organization('me');
  other = await api.organization('other');
  for (const id of ['source', 'target']) await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
  await me.send('POST', '/api/v1/rules', routeRule());
}, 60_000); // makes the run's database
afterAll(() => api.close());

const message = { endpoint: 'source', entityType: 'incident', ticketId: 'INC1', attributes: { short_description: 'Printer' } };

describe('a simulation', () => {
  it('asks the current rules where it names none', async () => {
    const answer = await me.send('POST', '/api/v1/simulate', { message });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'ROUTED', outbound: [{ operation: 'CREATE', endpoint: 'target', attributes: { title: 'Printer' } }], trace: { executed: [{ rule: 'source to target' }] } } });
  });

  it('asks the rules of another organization never', async () => {
    expect((await other.send('POST', '/api/v1/simulate', { message })).body.outcome).toBe('NO_ROUTE');
  });

  it('asks the rules it names, and no others', async () => {
    const answer = await me.send('POST', '/api/v1/simulate', { message, rules: [routeRule({ name: 'mine', action: 'DROP' })] });
    expect(answer.body).toMatchObject({ outcome: 'DROPPED', outbound: [] });
  });

  it('is refused with places where it cannot be read', async () => {
    const answer = await me.send('POST', '/api/v1/simulate', { message: { ...message, endpoint: 3 }, rules: [routeRule({ action: 'WALK' })] });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['/message/endpoint', '/rules/0/action']);
  });
});

describe('a past message', () => {
  let told: Told;
  beforeAll(async () => {
    const [rule] = (await me.get('/api/v1/rules')).body.items;
    told = await tellStory(api.database, me.organization, { ticketId: 'INC7', ruleId: rule.ruleId, ruleSet: api.app.get(RuleSets).current(me.organization).id });
  });
  const ask = (body: object) => me.send('POST', '/api/v1/simulate', body);

  it('is decided again by the current rules, with the conversation as it was', async () => {
    const answer = await ask({ messageId: told.message });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'ROUTED', outbound: [{ operation: 'CREATE', attributes: { title: 'Printer' } }], past: { messageId: told.message, state: 'ROUTED', reason: null } } });
    expect(answer.body.case).toMatchObject({ message: { endpoint: 'source', ticketId: 'INC7', sender: { id: 'jane' }, attachments: [{ name: 'a.png' }] }, conversation: { attributes: { group: 'first line' }, ticketIds: [{ endpoint: 'source', ticketId: 'INC7' }], previous: null } });
    expect(answer.body.case.now).toBe(answer.body.past.at);
  });

  it('is given back as a case that comes to the same', async () => {
    const { body } = await ask({ messageId: told.message });
    const { body: again } = await ask(body.case);
    const { past: _, case: _1, ...decision } = body;
    expect(again).toEqual(decision);
    expect(again.warnings).toEqual([]);
  });

  it('is decided by the rules that are sent, or with a draft in the place of its rule', async () => {
    expect((await ask({ messageId: told.message, rules: [] })).body).toMatchObject({ outcome: 'NO_ROUTE' });
    expect((await ask({ messageId: told.message, rules: [routeRule({ action: 'DROP' })] })).body).toMatchObject({ outcome: 'DROPPED' });
    const draft = routeRule({ enabled: false, mappings: [{ type: 'Single', template: '${sf:conversation:group}: ${short_description}', targetAttribute: 'title' }] });
    expect((await ask({ messageId: told.message, ruleDraft: draft })).body).toMatchObject({ outbound: [{ attributes: { title: 'first line: Printer' } }] });
    expect((await ask({ messageId: told.message, ruleDraft: { ...draft, name: 'one more', priority: -1 } })).body.outbound).toMatchObject([{ operation: 'CREATE', attributes: { title: 'Printer' } }, { operation: 'UPDATE', attributes: { title: 'first line: Printer' } }]);
    expect((await me.get('/api/v1/rules')).body.items).toHaveLength(1);
  });

  it('may be an answer', async () => {
    const listens = routeRule({ name: 'listens', sourceSystemId: 'target', targetSystemId: 'source', targetCondition: 'RESPONSE_TO_CREATE', sourceEntityType: 'Incident', mappings: [{ type: 'Single', template: '${sf:response:ticketId}', targetAttribute: 'peer' }] });
    expect((await ask({ messageId: told.response, ruleDraft: listens })).body).toMatchObject({ outbound: [{ endpoint: 'source', operation: 'UPDATE', attributes: { peer: 'T1' } }], past: { state: 'NO_ROUTE' } });
  });

  it.each<[string, (id: string) => object, number, readonly string[]]>([
    ['an id that is none', () => ({ messageId: 'x' }), 422, ['/messageId']],
    ['a message beside', (id) => ({ messageId: id, message: {}, conversation: {} }), 422, ['/message', '/conversation']],
    ['rules and a draft', (id) => ({ messageId: id, rules: [], ruleDraft: {} }), 422, ['/ruleDraft']],
    ['no list of rules', (id) => ({ messageId: id, rules: 3 }), 422, ['/rules']],
    ['wrong rules', (id) => ({ messageId: id, rules: [routeRule(), routeRule({ action: 'WALK', priority: 'x' })] }), 422, ['/rules/1/action', '/rules/1/priority']],
    ['a wrong draft', (id) => ({ messageId: id, ruleDraft: routeRule({ mappings: [{ type: 'Single', template: '${', targetAttribute: 'x' }] }) }), 422, ['/ruleDraft/mappings/0/template']],
    ['a draft that is none', (id) => ({ messageId: id, ruleDraft: 'x' }), 422, ['/ruleDraft']],
    ['one that does not exist', () => ({ messageId: '01900000-0000-7000-8000-000000000000' }), 404, []],
  ])('is refused with places: %s', async (_, body, status, pointers) => {
    const answer = await ask(body(told.message));
    expect(answer.status).toBe(status);
    expect((answer.body.errors ?? []).map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  });

  it('is shown to nobody who may not read messages, and to no other organization', async () => {
    const modeller = await api.organization('me', ['rules:simulate']);
    expect((await modeller.send('POST', '/api/v1/simulate', { message })).status).toBe(200);
    expect((await modeller.send('POST', '/api/v1/simulate', { messageId: told.message })).status).toBe(403);
    expect((await other.send('POST', '/api/v1/simulate', { messageId: told.message })).status).toBe(404);
  });
});

describe('a case with a draft', () => {
  it('is decided by the current rules with the draft in its place', async () => {
    expect((await me.send('POST', '/api/v1/simulate', { message, ruleDraft: routeRule({ action: 'DROP' }) })).body).toMatchObject({ outcome: 'DROPPED' });
  });
});
