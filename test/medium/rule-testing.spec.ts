import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule]);
  me = await api.organization('me');
  for (const id of ['source', 'target']) expect((await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id))).status).toBe(201);
}, 60_000); // makes the run's database
afterAll(() => api.close());

const message = { endpoint: 'source', entityType: 'incident', ticketId: 'INC1', attributes: { short_description: 'Printer' } };
const test = (title: string, name = `title is ${title}`) => ({ name, message, expect: { outbound: [{ attributes: { title } }] } });
const PASSES = [test('Printer')];
const FAILS = [test('Printer'), test('Scanner'), test('Plotter')];
const FAILURES = [
  { pointer: '/tests/1', detail: '"title is Scanner" fails: outbound[0].attributes.title: expected "Scanner", got "Printer"' },
  { pointer: '/tests/2', detail: '"title is Plotter" fails: outbound[0].attributes.title: expected "Plotter", got "Printer"' },
];
const inUse = (): readonly string[] => api.app.get(RuleSets).current(me.organization).rules.map((rule) => `${rule.ref.rule} ${rule.ref.ruleVersion}`);
const save = (changes: Readonly<Record<string, unknown>>, query = '') => me.send('POST', `/api/v1/rules${query}`, routeRule(changes));
const saveNext = (ruleId: string, changes: Readonly<Record<string, unknown>>, query = '') => me.send('POST', `/api/v1/rules/${ruleId}/versions${query}`, routeRule(changes));
const made = async (changes: Readonly<Record<string, unknown>>): Promise<string> => {
  const answer = await save(changes);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.ruleId as string;
};

describe('a rule whose own tests fail', () => {
  it('is not made; the answer names each test and what differed', async () => {
    expect(await save({ name: 'a', tests: FAILS })).toMatchObject({ status: 422, body: { code: 'rule-tests-failed', errors: FAILURES } });
    expect((await me.get('/api/v1/rules')).body.items).toEqual([]);
  });

  it('is made where it is not to be used yet, and cannot be switched on', async () => {
    const draft = await save({ name: 'b', tests: FAILS, current: false });
    expect(draft).toMatchObject({ status: 201, body: { enabled: false } });
    const enabled = await me.send('POST', `/api/v1/rules/${draft.body.ruleId}/enable`);
    expect(enabled).toMatchObject({ status: 422, body: { code: 'rule-tests-failed', errors: FAILURES } });
    expect(inUse()).not.toContain('b 1');
  });

  it('keeps the version in use that it had', async () => {
    const ruleId = await made({ name: 'c', tests: PASSES });
    expect(await saveNext(ruleId, { name: 'c', tests: FAILS })).toMatchObject({ status: 422, body: { errors: FAILURES } });
    expect((await me.get(`/api/v1/rules/${ruleId}/versions`)).body.items).toHaveLength(1);
    expect((await saveNext(ruleId, { name: 'c', tests: FAILS, current: false })).body).toMatchObject({ version: 2, current: false });
    expect(await me.send('POST', `/api/v1/rules/${ruleId}/versions/2/set-current`, {})).toMatchObject({ status: 422, body: { code: 'rule-tests-failed' } });
    expect(inUse()).toContain('c 1');
  });

  it('comes into use all the same where someone says why, which is never forgotten', async () => {
    const ruleId = await made({ name: 'd', tests: PASSES });
    expect(await saveNext(ruleId, { name: 'd', tests: FAILS }, '?overrideTests=%20')).toMatchObject({ status: 422 });
    expect(await saveNext(ruleId, { name: 'd', tests: FAILS }, '?overrideTests=the%20tests%20are%20old')).toMatchObject({ status: 201, body: { version: 2, current: true } });
    expect(inUse()).toContain('d 2');
    expect((await me.send('POST', `/api/v1/rules/${ruleId}/versions/1/set-current`, {})).body).toMatchObject({ version: 1 });
    expect((await me.send('POST', `/api/v1/rules/${ruleId}/versions/2/set-current`, { reason: 'back', overrideTests: 'still old' })).body).toMatchObject({ version: 2 });
    const { items } = (await me.get(`/api/v1/rules/${ruleId}/history`)).body;
    expect(items.map((entry: { action: string; version: number; details: Record<string, unknown> }) => [entry.action, entry.version, entry.details['testsOverridden']])).toEqual([
      ['rule.set-current', 2, 'still old'], ['rule.set-current', 1, undefined], ['rule.save-version', 2, 'the tests are old'], ['rule.create', 1, undefined],
    ]);
    expect(items[0].details).toMatchObject({ reason: 'back', before: 1, failedTests: FAILURES.map(({ detail }) => detail) });
    expect((await me.get('/api/v1/audit')).body.items[0]).toMatchObject({ action: 'rule.set-current', details: { testsOverridden: 'still old' } });
  });

  it('is not brought into use by a configuration document either', async () => {
    const document = { rules: [routeRule({ name: 'fine' }), routeRule({ name: 'e', tests: FAILS })] };
    const refused = await me.send('PUT', '/api/v1/config', document);
    expect(refused).toMatchObject({ status: 422, body: { errors: FAILURES.map((one) => ({ ...one, pointer: `/rules/1${one.pointer}` })) } });
    expect(inUse()).not.toContain('fine 1');
    expect(await me.send('PUT', '/api/v1/config?overrideTests=we%20know', document)).toMatchObject({ status: 200 });
    expect(inUse()).toEqual(expect.arrayContaining(['fine 1', 'e 1']));
  });

  it('is refused with the place of what cannot be read of its tests, whatever is to become of it', async () => {
    const answer = await save({ name: 'f', current: false, tests: [test('Printer'), { name: 'broken', message: { ...message, endpoint: 3 }, now: 'noon' }] });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/tests/1/now', '/tests/1/message/endpoint']);
  });
});

describe('running the tests of a rule', () => {
  it('tells of each how it came out and what was decided, and saves nothing', async () => {
    const ruleId = await made({ name: 'g', tests: PASSES });
    expect((await me.send('POST', `/api/v1/rules/${ruleId}/test`)).body).toMatchObject({ passed: 1, failed: 0, tests: [{ name: 'title is Printer', passed: true, decision: { outcome: 'ROUTED' } }] });
    const draft = await me.send('POST', `/api/v1/rules/${ruleId}/test`, routeRule({ name: 'g', tests: FAILS }));
    expect(draft).toMatchObject({ status: 200, body: { passed: 1, failed: 2, tests: [{ passed: true }, { passed: false, explanation: ['outbound[0].attributes.title: expected "Scanner", got "Printer"'] }, { passed: false }] } });
    expect((await me.get(`/api/v1/rules/${ruleId}`)).body).toMatchObject({ version: 1, tests: PASSES });
  });

  it('of one version, and of a draft that is no rule yet', async () => {
    const ruleId = await made({ name: 'h', tests: PASSES });
    await saveNext(ruleId, { name: 'h', tests: FAILS, current: false });
    expect((await me.send('POST', `/api/v1/rules/${ruleId}/versions/2/test`)).body).toMatchObject({ passed: 1, failed: 2 });
    expect((await me.send('POST', '/api/v1/rules/test', routeRule({ name: 'new', tests: PASSES }))).body).toMatchObject({ passed: 1, failed: 0 });
    expect((await me.send('POST', '/api/v1/rules/test', routeRule({ action: 'WALK' })))).toMatchObject({ status: 422, body: { errors: [{ pointer: '/action' }] } });
    expect((await me.send('POST', '/api/v1/rules/nobody/test')).status).toBe(404);
  });
});
