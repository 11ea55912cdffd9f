import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

let api: Api;
let acme: ApiUser;
let other: ApiUser;

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule]);
  acme = await api.organization('acme');
  other = await api.organization('other');
  for (const id of ['source', 'target']) expect((await acme.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id))).status).toBe(201);
}, 60_000); // makes the run's database
afterAll(() => api.close());

const made = async (changes: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const answer = await acme.send('POST', '/api/v1/rules', routeRule(changes));
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.ruleId as string;
};
const inUse = (): readonly string[] => api.app.get(RuleSets).current(acme.organization).rules.map((rule) => `${rule.ref.rule} ${rule.ref.ruleVersion}`);

describe('a rule', () => {
  it('takes part from the moment it is saved, and no longer once it is deleted', async () => {
    const id = await made({ name: 'born and gone' });
    expect(inUse()).toContain('born and gone 1');
    expect((await acme.send('DELETE', `/api/v1/rules/${id}`)).status).toBe(204);
    expect(inUse()).not.toContain('born and gone 1');
    expect((await acme.get(`/api/v1/rules/${id}`)).status).toBe(404);
  });

  it('gets versions that never change, one of which is current', async () => {
    const id = await made({ name: 'versioned' });
    const second = await acme.send('POST', `/api/v1/rules/${id}/versions`, routeRule({ name: 'versioned', priority: 7, changeDescription: 'more urgent' }));
    expect(second).toMatchObject({ status: 201, body: { version: 2, current: true, priority: 7 } });
    expect(inUse()).toContain('versioned 2');
    const draft = await acme.send('POST', `/api/v1/rules/${id}/versions`, routeRule({ name: 'versioned', priority: 9, changeDescription: 'a draft', current: false }));
    expect(draft.body).toMatchObject({ version: 3, current: false });
    expect(inUse()).toContain('versioned 2');
    expect((await acme.get(`/api/v1/rules/${id}/versions`)).body.items.map((one: { version: number; current: boolean }) => [one.version, one.current])).toEqual([[3, false], [2, true], [1, false]]);
    expect((await acme.send('POST', `/api/v1/rules/${id}/versions/1/set-current`, { reason: 'too eager' })).body).toMatchObject({ version: 1, current: true });
    expect(inUse()).toContain('versioned 1');
    expect((await acme.get(`/api/v1/rules/${id}/versions/3`)).body).toMatchObject({ version: 3, current: false, priority: 9, changeDescription: 'a draft' });
  });

  it('can be switched off and on', async () => {
    const id = await made({ name: 'switched' });
    expect((await acme.send('POST', `/api/v1/rules/${id}/disable`)).body.enabled).toBe(false);
    expect(inUse()).not.toContain('switched 1');
    expect((await acme.send('POST', `/api/v1/rules/${id}/enable`)).body.enabled).toBe(true);
    expect(inUse()).toContain('switched 1');
  });

  it('is refused with every problem and its place', async () => {
    const answer = await acme.send('POST', '/api/v1/rules', routeRule({
      entityConditions: [{ attribute: 'a', operator: 'MATCHES', values: ['('] }], mappings: [{ type: 'Single', template: '${open', targetAttribute: 'x' }],
    }));
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/entityConditions/0/values/0', '/mappings/0/template']);
  });

  it('is refused when it names what does not exist', async () => {
    const answer = await acme.send('POST', '/api/v1/rules', routeRule({ targetSystemId: 'nowhere', sourceEntityType: 'incidnet' }));
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/sourceEntityType', '/targetSystemId']);
  });

  it('is not saved without a description of the change', async () => {
    const answer = await acme.send('POST', '/api/v1/rules', routeRule({ changeDescription: ' ' }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/changeDescription' }] } });
  });

  it('is not overwritten by someone who read an older one', async () => {
    const id = await made({ name: 'contested' });
    const { headers } = await acme.get(`/api/v1/rules/${id}`);
    const first = await acme.send('POST', `/api/v1/rules/${id}/versions`, routeRule({ name: 'contested', priority: 1 }), { 'if-match': String(headers['etag']) });
    expect(first.status).toBe(201);
    const late = await acme.send('POST', `/api/v1/rules/${id}/versions`, routeRule({ name: 'contested', priority: 2 }), { 'if-match': String(headers['etag']) });
    expect(late).toMatchObject({ status: 412, body: { code: 'changed-meanwhile' } });
  });

  it('keeps the keys that nobody knows, through export and import', async () => {
    const id = await made({ name: 'with extras', somethingNew: { a: [1, 2] } });
    const { body: file } = await acme.get(`/api/v1/rules/${id}/export`);
    expect(file).toMatchObject({ somethingNew: { a: [1, 2] } });
    const imported = await acme.send('POST', '/api/v1/rules/import', [file]);
    expect(imported).toMatchObject({ status: 200, body: { items: [{ name: 'with extras', problems: [] }] } });
    const copy = imported.body.items[0].ruleId as string;
    expect(copy).not.toBe(id);
    expect((await acme.get(`/api/v1/rules/${copy}`)).body).toMatchObject({ enabled: false, somethingNew: { a: [1, 2] } });
  });

  it('of another installation is imported disabled, with what is unknown here as problems', async () => {
    const answer = await acme.send('POST', '/api/v1/rules/import', routeRule({ name: 'foreign', ruleId: 'ab'.repeat(16), sourceSystemId: 'elsewhere' }));
    expect(answer).toMatchObject({ status: 200, body: { items: [{ ruleId: 'ab'.repeat(16), problems: [{ pointer: '/sourceSystemId' }] }] } });
    const enabled = await acme.send('POST', `/api/v1/rules/${'ab'.repeat(16)}/enable`);
    expect(enabled.status).toBe(422);
    expect((await acme.send('POST', '/api/v1/rules/import', [routeRule(), { name: 3 }])).body.errors[0].pointer).toBe('/1/name');
  });

  it('has no versions but those that were saved', async () => {
    const id = await made({ name: 'few versions' });
    for (const version of ['0', '2', '-1', '1.5', 'abc', '99999999999999']) {
      expect((await acme.get(`/api/v1/rules/${id}/versions/${version}`)).status).toBe(404);
      expect((await acme.send('POST', `/api/v1/rules/${id}/versions/${version}/set-current`, {})).status).toBe(404);
    }
  });

  it('can be copied', async () => {
    const id = await made({ name: 'original' });
    expect((await acme.send('POST', `/api/v1/rules/${id}/clone`)).body).toMatchObject({ name: 'original (copy)', enabled: false, version: 1 });
  });

  it('is another organization\'s as little as its versions', async () => {
    const id = await made({ name: 'private' });
    for (const path of ['', '/versions', '/versions/1', '/export']) expect((await other.get(`/api/v1/rules/${id}${path}`)).status).toBe(404);
    for (const path of ['/versions', '/versions/1/set-current', '/enable', '/disable', '/clone', '/import']) {
      expect((await other.send('POST', `/api/v1/rules/${id}${path}`, path === '/versions' || path === '/import' ? routeRule({ sourceSystemId: 'x' }) : {})).status).toBe(404);
    }
    expect((await other.send('DELETE', `/api/v1/rules/${id}`)).status).toBe(404);
    expect((await other.get('/api/v1/rules')).body.items).toEqual([]);
    expect((await other.get('/api/v1/rules/export')).body).toEqual([]);
    expect((await acme.get(`/api/v1/rules/${id}`)).body).toMatchObject({ name: 'private', enabled: true, version: 1 });
  });

  it('of the same id may exist in two organizations', async () => {
    await other.send('PUT', '/api/v1/endpoints/source', restEndpoint('source'));
    await other.send('PUT', '/api/v1/endpoints/target', restEndpoint('target'));
    for (const who of [acme, other]) expect((await who.send('POST', '/api/v1/rules', routeRule({ ruleId: 'shared-id', name: `of ${who.slug}` }))).status).toBe(201);
    expect((await other.get('/api/v1/rules/shared-id')).body.name).toBe('of other');
    expect((await acme.get('/api/v1/rules/shared-id')).body.name).toBe('of acme');
  });
});

describe('the list of rules', () => {
  it('comes in pages by name', async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: { items: { name: string }[]; nextCursor: string | null } } = await acme.get(`/api/v1/rules?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(body.items.length).toBeLessThanOrEqual(3);
      names.push(...body.items.map((one) => one.name));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBeGreaterThan(5);
  });
});

describe('the rules in memory', () => {
  it('follow what another instance changes, and can be had as they were', async () => {
    const before = api.app.get(RuleSets).current(acme.organization);
    const elsewhere = await openApi([RuleModule, EndpointModule], { over: api });
    try {
      await made({ name: 'from afar' });
      const end = Date.now() + 5_000;
      while (!elsewhere.app.get(RuleSets).current(acme.organization).rules.some((rule) => rule.ref.rule === 'from afar')) {
        if (Date.now() > end) throw new Error('the other instance never noticed');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const then = await elsewhere.app.get(RuleSets).earlierSet(acme.organization, before.id);
      expect(then?.rules.map((rule) => rule.ref)).toEqual(before.rules.map((rule) => rule.ref));
      expect(await elsewhere.app.get(RuleSets).earlierSet(other.organization, before.id)).toBeNull();
    } finally {
      await elsewhere.close();
    }
  });
});
