import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule, Endpoints } from '../../src/adapter/index.js';
import { InboundGate } from '../../src/identity/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

let api: Api;
let acme: ApiUser;
let other: ApiUser;

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule]);
  acme = await api.organization('acme');
  other = await api.organization('other');
}, 60_000); // makes the run's database
afterAll(() => api.close());

const live = (id: string) => api.app.get(Endpoints).find(acme.organization, id);
const put = (id: string, changes: Readonly<Record<string, unknown>> = {}, headers = {}) => acme.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id, changes), headers);
const settings = (changes: Readonly<Record<string, unknown>>) => ({ settings: { ...(restEndpoint('x')['settings'] as object), ...changes } });

describe('an endpoint', () => {
  it('is in memory with its secrets as soon as it is made, and shown without them', async () => {
    const answer = await put('plain');
    expect(answer).toMatchObject({ status: 201, body: { id: 'plain', status: 'ACTIVE', version: 1, runtime: null } });
    expect(answer.body.settings.auth).toEqual({ type: 'basic', username: 'u', password: { $secret: expect.stringMatching(/^[0-9a-f]{12}$/) } });
    expect(live('plain')).toMatchObject({ id: 'plain', status: 'ACTIVE', settings: { auth: { password: 'secret of plain' } } });
    expect(live('plain')?.entityType('INCIDENT')?.name).toBe('incident');
    expect(JSON.stringify((await acme.get('/api/v1/endpoints')).body)).not.toContain('secret of');
  });

  it('keeps its secrets sealed in the database', async () => {
    await put('sealed');
    const rows = await api.database.inOrganization(acme.organization, (manager) => manager.query<{ row: string }[]>(`SELECT e::text || encode(secrets, 'escape') AS row FROM endpoint e`));
    expect(rows.some(({ row }) => row.includes('secret of'))).toBe(false);
  });

  it('keeps a secret that is left out or written as its mark, and takes a new one', async () => {
    await put('secretive');
    const { body } = await acme.get('/api/v1/endpoints/secretive');
    expect((await acme.send('PUT', '/api/v1/endpoints/secretive', { ...restEndpoint('secretive'), settings: body.settings })).body.version).toBe(1);
    expect((await put('secretive', settings({ auth: { type: 'basic', username: 'v' } }))).body.version).toBe(2);
    expect(live('secretive')?.settings['auth']).toEqual({ type: 'basic', username: 'v', password: 'secret of secretive' });
    expect((await put('secretive', settings({ auth: { type: 'basic', username: 'v', password: 'new' } }))).body.version).toBe(3);
    expect(live('secretive')?.settings['auth']).toMatchObject({ password: 'new' });
  });

  it('drops a secret that another kind of authentication has no place for', async () => {
    await put('changing');
    expect((await put('changing', settings({ auth: { type: 'bearer', token: 't' } }))).status).toBe(200);
    expect(live('changing')?.settings['auth']).toEqual({ type: 'bearer', token: 't' });
  });

  it('needs the value of a secret that is not stored', async () => {
    const answer = await put('unknown-secret', settings({ auth: { type: 'bearer', token: { $secret: '0123456789ab' } } }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/auth/token' }] } });
  });

  it('is refused with every problem and its place', async () => {
    const answer = await acme.send('PUT', '/api/v1/endpoints/wrong', { id: 'wrong', adapter: 'rest', colour: 'red', settings: { baseUrl: 'ftp://x', slots: 0 }, entityTypes: [{ name: 'a' }, { name: 'A' }] });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['/colour', '/entityTypes/1/name', '/settings/baseUrl', '/settings/slots']);
    expect((await put('wrong', { adapter: 'telepathy' })).body.errors[0].pointer).toBe('/adapter');
    expect((await put('wrong', { entityTypes: [{ name: 'a', references: [{ attribute: 'x', endpoint: 'nowhere', entityType: 'y' }] }] })).body.errors[0].pointer).toBe('/entityTypes/0/references/0/endpoint');
    expect((await acme.send('PUT', '/api/v1/endpoints/UPPER', restEndpoint('UPPER'))).body.errors[0].pointer).toBe('/id');
    expect((await acme.send('PUT', '/api/v1/endpoints/wrong', '{"id":')).body.code).toBe('broken-json');
  });

  it('is not overwritten by someone who read an older one', async () => {
    const { headers } = await put('contested');
    expect((await put('contested', { name: 'one' }, { 'if-match': headers['etag'] as string })).status).toBe(200);
    expect((await put('contested', { name: 'two' }, { 'if-match': headers['etag'] as string })).status).toBe(412);
  });

  it('can be suspended and resumed, which ends a pause', async () => {
    await put('paused');
    expect((await acme.send('POST', '/api/v1/endpoints/paused/suspend')).body.status).toBe('SUSPENDED');
    expect(live('paused')?.status).toBe('SUSPENDED');
    await api.database.inOrganization(acme.organization, (manager) => manager.query(
      `INSERT INTO endpoint_runtime (organization_id, endpoint, paused_reason, paused_at) VALUES ($1, 'paused', 'credentials', now())`, [acme.organization]));
    expect((await acme.get('/api/v1/endpoints/paused')).body.runtime.pausedReason).toBe('credentials');
    expect((await acme.send('POST', '/api/v1/endpoints/paused/resume')).body).toMatchObject({ status: 'ACTIVE', runtime: { pausedReason: null } });
    expect(live('paused')?.status).toBe('ACTIVE');
  });

  it('has maintenance windows that whoever operates it may plan', async () => {
    await put('planned');
    const operator = await api.organization('acme', ['endpoints:read', 'endpoints:operate']);
    const windows = [{ weekdays: ['SUN'], at: '02:00', minutes: 90, zone: 'Europe/Helsinki', note: 'patches' }];
    const set = await operator.send('PUT', '/api/v1/endpoints/planned/maintenance', { windows }, { 'if-match': '"1"' });
    expect(set).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { windows, state: { note: 'patches', nextAt: expect.any(String) } } });
    expect((await operator.get('/api/v1/endpoints/planned')).body).toMatchObject({ version: 2, maintenance: windows });
    expect((await operator.send('PUT', '/api/v1/endpoints/planned/maintenance', { windows: [] }, { 'if-match': '"1"' })).status).toBe(412);
    expect(await operator.send('PUT', '/api/v1/endpoints/planned/maintenance', { windows: [{ at: '2 am', weekdays: ['SUN'], minutes: 5 }] })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/windows/0/at' }] } });
    expect((await operator.send('PUT', '/api/v1/endpoints/planned/maintenance', [])).status).toBe(422);
    const reader = await api.organization('acme', ['endpoints:read']);
    expect((await reader.send('PUT', '/api/v1/endpoints/planned/maintenance', { windows: [] })).status).toBe(403);
    expect((await other.get('/api/v1/endpoints/planned/maintenance')).status).toBe(404);
    // What a document leaves out stays; an empty list takes the windows away.
    expect((await put('planned', { name: 'Renamed' })).body.maintenance).toEqual(windows);
    expect((await put('planned', { maintenance: [] })).body.maintenance).toEqual([]);
    expect((await put('planned', { maintenance: [{ from: 'today' }] })).body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/maintenance/0/from', '/maintenance/0/to']);
  });

  it('is not removed while a rule names it or once it has a history', async () => {
    await put('source');
    await put('target');
    const rule = await acme.send('POST', '/api/v1/rules', routeRule());
    expect(rule.status).toBe(201);
    expect(await acme.send('DELETE', '/api/v1/endpoints/target')).toMatchObject({ status: 409, body: { code: 'in-use' } });
    expect(await put('target', { entityTypes: [] })).toMatchObject({ status: 409, body: { code: 'in-use' } });
    await acme.send('POST', `/api/v1/rules/${rule.body.ruleId}/disable`);
    await api.database.inOrganization(acme.organization, (manager) => manager.query(
      `INSERT INTO conversation_key VALUES ($1, 'target', 'incident', 'INC1', gen_random_uuid())`, [acme.organization]));
    expect(await acme.send('DELETE', '/api/v1/endpoints/target')).toMatchObject({ status: 409, body: { code: 'endpoint-has-history' } });
    expect((await acme.send('DELETE', '/api/v1/endpoints/source')).status).toBe(204);
    expect(live('source')).toBeUndefined();
  });

  it('is not removed while deliveries wait for it, though it was never sent any', async () => {
    await put('asleep', { status: 'SUSPENDED' });
    await api.database.worker.query(
      `INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, last_seq, ready_at) VALUES ($1, gen_random_uuid(), 'asleep', 'incident', 1, now())`, [acme.organization]);
    expect(await acme.send('DELETE', '/api/v1/endpoints/asleep')).toMatchObject({ status: 409, body: { code: 'endpoint-has-history' } });
  });

  it('says how its connection fares', async () => {
    await put('unreachable');
    const answer = await acme.send('POST', '/api/v1/endpoints/unreachable/check');
    expect(answer).toMatchObject({ status: 200, body: { ok: false, steps: [{ step: 'network', ok: false }] } });
  });
});

describe('inbound credentials', () => {
  const knock = async (endpoint: string, secret: string): Promise<boolean> => (await api.app.get(InboundGate).admit({
    organizationSlug: 'acme', endpoint, authorization: `Basic ${Buffer.from(`${endpoint}:${secret}`).toString('base64')}`, token: undefined,
  })) !== null;

  it('are generated, shown once, and revoked', async () => {
    await put('inbound');
    const made = await acme.send('POST', '/api/v1/endpoints/inbound/credentials', { kind: 'basic', label: 'their ESB' });
    expect(made).toMatchObject({ status: 201, body: { kind: 'basic', username: 'inbound' } });
    expect(await knock('inbound', made.body.secret as string)).toBe(true);
    const listed = await acme.get('/api/v1/endpoints/inbound/credentials');
    expect(listed.body.items).toEqual([{ id: made.body.id, kind: 'basic', label: 'their ESB', createdAt: expect.any(String) }]);
    expect((await acme.send('DELETE', `/api/v1/endpoints/inbound/credentials/${made.body.id}`)).status).toBe(204);
    expect(await knock('inbound', made.body.secret as string)).toBe(false);
  });

  it('of a document replace the one that a document wrote before', async () => {
    await put('documented', { inbound: { password: 'the first password' } });
    await put('documented', { inbound: { password: 'the second password' } });
    expect(await knock('documented', 'the first password')).toBe(false);
    expect(await knock('documented', 'the second password')).toBe(true);
    const { body } = await acme.get('/api/v1/endpoints/documented');
    expect(body.inbound).toEqual({ password: { $secret: expect.any(String) } });
    await acme.send('PUT', '/api/v1/endpoints/documented', { ...restEndpoint('documented'), inbound: body.inbound });
    expect(await knock('documented', 'the second password')).toBe(true);
  });
});

describe('another organization', () => {
  it('neither sees nor touches an endpoint', async () => {
    await put('private', { inbound: { password: 'a long enough password' } });
    const { body } = await acme.get('/api/v1/endpoints/private/credentials');
    expect((await other.get('/api/v1/endpoints')).body.items).toEqual([]);
    for (const path of ['', '/credentials']) expect((await other.get(`/api/v1/endpoints/private${path}`)).status).toBe(404);
    for (const path of ['suspend', 'resume', 'check']) expect((await other.send('POST', `/api/v1/endpoints/private/${path}`)).status).toBe(404);
    expect((await other.send('POST', '/api/v1/endpoints/private/credentials', { kind: 'basic' })).status).toBe(404);
    expect((await other.send('DELETE', `/api/v1/endpoints/private/credentials/${body.items[0].id}`)).status).toBe(404);
    expect((await other.send('DELETE', '/api/v1/endpoints/private')).status).toBe(404);
    expect((await other.send('PUT', '/api/v1/endpoints/private', restEndpoint('private', { name: 'of the other' }))).status).toBe(201);
    expect((await acme.get('/api/v1/endpoints/private')).body.name).toBe('The private');
    expect(live('private')?.settings['auth']).toMatchObject({ password: 'secret of private' });
  });

  it('cannot be reached by naming it in the path', async () => {
    expect((await other.get('/api/v1/o/acme/endpoints')).status).toBe(401);
    expect((await acme.get('/api/v1/o/acme/endpoints')).status).toBe(200);
  });
});
