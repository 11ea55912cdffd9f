import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { ReplayModule } from '../../src/broker/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

/** A rule as the original exports it: its keys and no others. */
const FOREIGN = JSON.parse(readFileSync(new URL('fixture/service-flow-export.json', import.meta.url), 'utf8')) as Record<string, unknown>;

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ReplayModule]);
  me = await api.organization('me');
  for (const id of ['source', 'target']) expect((await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id))).status).toBe(201);
}, 60_000); // makes the run's database
afterAll(() => api.close());

const importAll = (file: unknown, query = '') => me.send('POST', `/api/v1/rules/import${query}`, file);
const pointers = (answer: { body: { errors: { pointer: string }[] } }): string[] => answer.body.errors.map((error) => error.pointer);

describe('a rule that another product exported', () => {
  it('is told of without being imported, where that is wanted', async () => {
    const answer = await importAll(FOREIGN, '?dryRun=true');
    expect(answer).toMatchObject({ status: 200, body: { items: [{ name: 'Customer incident to Vendor issue' }] } });
    expect((await me.get(`/api/v1/rules/${String(FOREIGN['ruleId'])}`)).status).toBe(404);
  });

  it('loads as it is: disabled, with what is unknown here as problems and all that it says kept', async () => {
    const answer = await importAll(FOREIGN);
    expect(answer).toMatchObject({ status: 200, body: { items: [{ ruleId: FOREIGN['ruleId'], problems: [
      { pointer: '/sourceSystemId', detail: 'there is no endpoint "customer_snc"' }, { pointer: '/targetSystemId', detail: 'there is no endpoint "vendor_jira"' },
    ] }] } });
    const { body } = await me.get(`/api/v1/rules/${String(FOREIGN['ruleId'])}`);
    const { version: _, createdTime: _1, createdBy: _2, activatedTime: _3, activatedBy: _4, active: _5, ...content } = FOREIGN;
    expect(body).toMatchObject({ ...content, version: 1, enabled: false, current: true });
  });

  it('can be put to use once what it names is there, and decides what it says', async () => {
    await me.send('PUT', '/api/v1/endpoints/customer_snc', restEndpoint('customer_snc'));
    await me.send('PUT', '/api/v1/endpoints/vendor_jira', restEndpoint('vendor_jira', { entityTypes: [{ name: 'Issue', operations: { create: { method: 'POST', path: '/i' }, update: { method: 'PUT', path: '/i/{{ticketId}}' } }, response: { ticketId: 'id' } }] }));
    expect((await me.send('POST', `/api/v1/rules/${String(FOREIGN['ruleId'])}/enable`)).body).toMatchObject({ enabled: true });
    const message = { endpoint: 'customer_snc', entityType: 'incident', ticketId: 'INC1', attributes: { short_description: 'Printer', number: 'INC1', description: 'is  out\nof paper', assignment_group: 'Local', due_date: '2026-11-20T12:00:00Z' } };
    expect((await me.send('POST', '/api/v1/simulate', { message })).body).toMatchObject({ outcome: 'ROUTED', outbound: [{ endpoint: 'vendor_jira', attributes: {
      'fields.summary': 'Printer', 'fields.description': 'INC1: is out of paper', 'fields.duedate': '2026-11-20T14:00:00+02:00',
    } }], conversation: { attributes: { originalGroup: 'Local' }, counters: { retries: 1 } } });
  });

  it('of which others of the same id are here becomes a rule of its own', async () => {
    const answer = await importAll([FOREIGN, FOREIGN]);
    const ids = answer.body.items.map((item: { ruleId: string }) => item.ruleId) as string[];
    expect(new Set([...ids, FOREIGN['ruleId']]).size).toBe(3);
  });
});

describe('a file with mistakes', () => {
  it('is refused with every one of them and its place, and nothing of it is imported', async () => {
    const answer = await importAll([
      routeRule({ name: 'good one' }),
      routeRule({ name: 'bad one', action: 'WALK', priority: 'high', mappings: [{ type: 'Single', template: '${open', targetAttribute: 'x' }, { type: 'Double' }], entityConditions: 'none' }),
      { ...routeRule(), name: 7, tests: [{ message: { endpoint: 'source' } }] },
      'a rule',
    ]);
    expect(answer.status).toBe(422);
    expect(pointers(answer)).toEqual(expect.arrayContaining(['/1/action', '/1/priority', '/1/entityConditions', '/1/mappings/1/type', '/2/name', '/3']));
    expect((await me.get('/api/v1/rules?limit=200')).body.items.map((rule: { name: string }) => rule.name)).not.toContain('good one');
  });

  it.each([['[]', ''], ['{"name":', ''], ['null', '']])('is refused where it is none: %s', async (text) => {
    const answer = await importAll(text);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe('a version that is imported', () => {
  it('is the next one of the rule, not current, and says what is unknown or fails', async () => {
    const { body: { ruleId } } = await me.send('POST', '/api/v1/rules', routeRule({ name: 'known' }));
    const tests = [{ name: 'copies', message: { endpoint: 'source', entityType: 'incident', ticketId: '1', attributes: { short_description: 'x' } }, expect: { outbound: [] } }];
    const answer = await me.send('POST', `/api/v1/rules/${ruleId}/import`, routeRule({ name: 'known', targetEntityType: 'incidnet', tests }));
    expect(answer).toMatchObject({ status: 200, body: { ruleId, version: 2, problems: [{ pointer: '/targetEntityType' }, { pointer: '/tests/0' }] } });
    expect((await me.get(`/api/v1/rules/${ruleId}`)).body).toMatchObject({ version: 1, enabled: true });
  });
});
