import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EndpointModule, Endpoints } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { InboundGate } from '../../src/identity/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

interface Change {
  readonly kind: string;
  readonly id: string;
  readonly action: string;
  readonly differences: readonly { readonly pointer: string }[];
}

let api: Api;
let me: ApiUser;
let count = 0;

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule]);
}, 60_000); // makes the run's database
afterAll(() => api.close());
beforeEach(async () => {
  count += 1;
  me = await api.organization(`organization-${count}`);
});

const document = (changes: { readonly endpoints?: unknown[]; readonly rules?: unknown[] } = {}) => ({
  endpoints: [restEndpoint('source', { inbound: { password: 'a password of enough length' } }), restEndpoint('target')], rules: [routeRule()], ...changes,
});
const apply = (body: unknown, query = '') => me.send('PUT', `/api/v1/config${query}`, body);
const actions = (changes: readonly Change[]): string[] => changes.map((change) => `${change.kind} ${change.kind === 'rule' ? 'rule' : change.id} ${change.action}`);

describe('a configuration document', () => {
  it('makes what it names, ready for use at once', async () => {
    const answer = await apply(document());
    expect(answer).toMatchObject({ status: 200, body: { dryRun: false, warnings: [] } });
    expect(actions(answer.body.changes)).toEqual(['endpoint source create', 'endpoint target create', 'rule rule create']);
    expect(api.app.get(Endpoints).find(me.organization, 'source')?.settings['auth']).toMatchObject({ password: 'secret of source' });
    expect(api.app.get(RuleSets).current(me.organization).rules).toHaveLength(1);
  });

  it('changes nothing when it is applied again', async () => {
    await apply(document());
    const { id } = api.app.get(RuleSets).current(me.organization);
    const again = await apply(document());
    expect(actions(again.body.changes)).toEqual(['endpoint source none', 'endpoint target none', 'rule rule none']);
    expect((await me.get('/api/v1/endpoints/source')).body.version).toBe(1);
    expect(api.app.get(RuleSets).current(me.organization).id).toBe(id);
  });

  it('comes back by export, without secrets, and put back changes nothing', async () => {
    await apply(document());
    const { body, headers } = await me.get('/api/v1/config');
    expect(JSON.stringify(body)).not.toContain('secret of');
    expect(JSON.stringify(body)).not.toContain('a password');
    expect(body.rules[0]).toMatchObject({ name: 'source to target', version: 1, enabled: true, current: true });
    const again = await apply(body);
    expect(again.body.changes.map((change: Change) => change.action)).toEqual(['none', 'none', 'none']);
    expect((await me.get('/api/v1/config')).headers['etag']).toBe(headers['etag']);
    expect(api.app.get(Endpoints).find(me.organization, 'source')?.settings['auth']).toMatchObject({ password: 'secret of source' });
  });

  it('carries maintenance windows there and back', async () => {
    const window = { from: '2026-12-01T20:00:00Z', to: '2026-12-01T22:00:00Z', note: 'new release' };
    await apply(document({ endpoints: [restEndpoint('source', { maintenance: [window] }), restEndpoint('target')] }));
    const { body } = await me.get('/api/v1/config');
    expect(body.endpoints.map((endpoint: { maintenance: unknown }) => endpoint.maintenance)).toEqual([[window], []]);
    expect((await apply(body)).body.changes.map((change: Change) => change.action)).toEqual(['none', 'none', 'none']);
    body.endpoints[0].maintenance = [{ ...window, to: '2026-12-01T23:00:00Z' }];
    expect((await apply(body)).body.changes[0]).toMatchObject({ action: 'update', differences: [{ pointer: '/maintenance/0/to', before: window.to, after: '2026-12-01T23:00:00Z' }] });
    expect(await apply({ endpoints: [restEndpoint('source', { maintenance: [{ ...window, to: window.from }] })] })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/endpoints/0/maintenance/0/to' }] } });
  });

  it('is only planned in a dry run', async () => {
    await apply(document());
    const planned = await apply(document({ endpoints: [restEndpoint('source', { name: 'Renamed' }), restEndpoint('third')], rules: [routeRule({ priority: 3 })] }), '?dryRun=true');
    expect(planned.body.dryRun).toBe(true);
    expect(actions(planned.body.changes)).toEqual(['endpoint source update', 'endpoint third create', 'rule rule update']);
    expect(planned.body.changes[0].differences).toEqual([{ pointer: '/name', before: 'The source', after: 'Renamed' }]);
    expect(planned.body.changes[2].differences).toEqual([{ pointer: '/priority', after: 3 }]);
    expect((await me.get('/api/v1/endpoints/third')).status).toBe(404);
    expect((await me.get('/api/v1/endpoints/source')).body.name).toBe('The source');
    expect(api.app.get(RuleSets).current(me.organization).rules[0]?.priority).toBe(0);
  });

  it('makes a new version of a rule that differs, found by its name or its id', async () => {
    await apply(document());
    await apply({ rules: [routeRule({ priority: 5 })] });
    const { items } = (await me.get('/api/v1/rules')).body;
    expect(items).toMatchObject([{ currentVersion: 2, priority: 5 }]);
    await apply({ rules: [routeRule({ ruleId: items[0].ruleId, name: 'renamed', priority: 5 })] });
    expect((await me.get('/api/v1/rules')).body.items).toMatchObject([{ ruleId: items[0].ruleId, name: 'renamed', currentVersion: 3 }]);
  });

  it('saves a version that is not to be current once, however often it is applied', async () => {
    await apply(document());
    const draft = document({ rules: [routeRule({ priority: 9, current: false })] });
    expect((await apply(draft)).body.changes[2].action).toBe('update');
    expect((await apply(draft)).body.changes[2].action).toBe('none');
    expect((await me.get('/api/v1/rules')).body.items).toMatchObject([{ currentVersion: 1, lastVersion: 2, priority: 0 }]);
  });

  it('leaves what it does not name, unless that is to be pruned', async () => {
    await apply(document());
    await apply({ endpoints: [], rules: [] });
    expect((await me.get('/api/v1/endpoints/source')).body.status).toBe('ACTIVE');
    const pruned = await apply({ endpoints: [restEndpoint('source')], rules: [] }, '?prune=true');
    expect(actions(pruned.body.changes)).toEqual(['endpoint source none', 'endpoint target update', 'rule rule update']);
    expect((await me.get('/api/v1/endpoints/target')).body.status).toBe('SUSPENDED');
    expect((await me.get('/api/v1/rules')).body.items).toMatchObject([{ enabled: false }]);
    expect((await apply(document())).body.changes[2]).toMatchObject({ action: 'update', differences: [{ pointer: '/enabled', before: false, after: true }] });
  });

  it('is applied whole or not at all, with every problem and its place', async () => {
    const answer = await apply({
      endpoints: [restEndpoint('source'), restEndpoint('target', { entityTypes: [{ name: 'incident', references: [{ attribute: 'x', endpoint: 'nowhere', entityType: 'y' }] }] })],
      rules: [routeRule(), routeRule({ name: 'lost', targetSystemId: 'missing' }), { name: 'shapeless', targetSystemId: 'target', targetEntityType: 'incident' }],
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
      ['/endpoints/1/entityTypes/0/references/0/endpoint', '/rules/1/targetSystemId', '/rules/2/sourceSystemId', '/rules/2/sourceEntityType']);
    expect((await me.get('/api/v1/config')).body).toEqual({ endpoints: [], rules: [] });
  });

  it('may refer to what it makes itself, in any order', async () => {
    const refer = (id: string, to: string) => restEndpoint(id, { entityTypes: [{ name: 'Issue', references: [{ attribute: 'ref', endpoint: to, entityType: 'ISSUE' }] }] });
    expect((await apply({ endpoints: [refer('a', 'b'), refer('b', 'a')] })).status).toBe(200);
  });

  it('refuses what stands in it twice', async () => {
    const answer = await apply({ endpoints: [restEndpoint('source'), restEndpoint('source'), restEndpoint('target')], rules: [routeRule(), routeRule({ name: 'SOURCE to target' })] });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/endpoints/1/id', '/rules/1/name']);
  });

  it('does not take from an enabled rule what it names', async () => {
    await apply(document());
    const answer = await apply({ endpoints: [restEndpoint('target', { entityTypes: [{ name: 'request' }] })] });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/endpoints' }] } });
  });

  it('is not applied over changes that its writer has not seen', async () => {
    await apply(document());
    const { headers } = await me.get('/api/v1/config');
    await apply({ rules: [routeRule({ priority: 2 })] });
    const late = await me.send('PUT', '/api/v1/config', document(), { 'if-match': String(headers['etag']) });
    expect(late.status).toBe(412);
  });

  it('makes inbound credentials, with a warning where they are short', async () => {
    const answer = await apply(document({ endpoints: [restEndpoint('source', { inbound: { password: 'short' } }), restEndpoint('target')] }));
    expect(answer.body.warnings).toMatchObject([{ pointer: '/endpoints/0/inbound/password' }]);
    const admission = await api.app.get(InboundGate).admit({ organizationSlug: me.slug, endpoint: 'source', authorization: `Basic ${Buffer.from('source:short').toString('base64')}`, token: undefined });
    expect(admission).toEqual({ organization: me.organization, by: 'credential' });
    const changed = await apply(document());
    expect(changed.body.changes[0]).toMatchObject({ action: 'update', differences: [{ pointer: '/inbound/password/$secret' }] });
  });

  it('is of one organization: another neither sees nor changes it', async () => {
    await apply(document());
    const other = await api.organization(`stranger-${count}`);
    expect((await other.get('/api/v1/config')).body).toEqual({ endpoints: [], rules: [] });
    await other.send('PUT', '/api/v1/config?prune=true', { endpoints: [restEndpoint('source', { name: 'theirs' })], rules: [] });
    expect((await me.get('/api/v1/endpoints/source')).body.name).toBe('The source');
    expect((await me.get('/api/v1/rules')).body.items).toMatchObject([{ enabled: true }]);
    expect((await other.get(`/api/v1/o/${me.slug}/config`)).status).toBe(401);
  });

  it('needs the right to be written', async () => {
    const reader = await api.organization(me.slug, ['configuration:read']);
    expect((await reader.send('PUT', '/api/v1/config', document())).status).toBe(403);
    expect((await reader.get('/api/v1/config')).status).toBe(200);
  });

  it('of another shape is told so', async () => {
    expect((await apply([])).body.errors[0].detail).toContain('endpoints');
    expect((await apply({ endpoints: {}, colour: 1 })).body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/colour', '/endpoints']);
  });
});

describe('a thousand rules', () => {
  it('are applied in one go, and again without a change', async () => {
    const rules = Array.from({ length: 1_000 }, (_, at) => routeRule({ name: `rule ${at}`, priority: at }));
    expect((await apply(document({ rules }))).body.changes).toHaveLength(1_002);
    expect((await apply(document({ rules }))).body.changes.every((change: Change) => change.action === 'none')).toBe(true);
    expect(api.app.get(RuleSets).current(me.organization).rules).toHaveLength(1_000);
  });
});
