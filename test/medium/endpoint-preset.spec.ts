import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { findPreset } from '../../src/adapter/preset/presets.js';
import { RuleModule } from '../../src/rule/index.js';
import type { OrganizationId } from '../../src/store/organization.js';
import { startIdentity, type Answer, type Running } from './identity-setup.js';

const PRESET = findPreset('redmine')!;
type Settings = Record<string, unknown>;
let parley: Running;
let admin: string;
let count = 0;

beforeAll(async () => {
  parley = await startIdentity({}, [RuleModule, EndpointModule]);
  admin = await parley.signIn();
});
afterAll(() => parley.stop());

const settings = (over: Settings = {}): Settings => ({ ...PRESET.endpoint.settings, baseUrl: 'https://redmine.acme.example', ...over });
const put = (id: string, over: object = {}): Promise<Answer> => parley.call('PUT', `/api/v1/endpoints/${id}`, { cookie: admin, body: { name: id, adapter: 'rest', settings: settings(), entityTypes: PRESET.endpoint.entityTypes, preset: { id: PRESET.id, version: PRESET.version }, ...over } });
const read = (id: string, path = ''): Promise<Answer> => parley.call('GET', `/api/v1/endpoints/${id}${path}`, { cookie: admin });
const move = (id: string, body: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => parley.call('POST', `/api/v1/endpoints/${id}/preset/move`, { cookie: admin, body, headers });

/** An endpoint that was made from an earlier version, in which these settings were as given. */
async function madeFromOlder(before: Settings, now: Settings = before): Promise<string> {
  const id = `desk-${++count}`;
  expect((await put(id, { settings: settings(now) })).status).toBe(201);
  const base = { settings: { ...PRESET.endpoint.settings, ...before }, entityTypes: PRESET.endpoint.entityTypes };
  await remember(id, { id: PRESET.id, version: PRESET.version - 1, base });
  return id;
}

/** Writes what is stored of its preset. */
async function remember(id: string, preset: object): Promise<void> {
  const { rows: [organization] } = await parley.database.worker.query<{ id: string }>('SELECT organization_id AS id FROM endpoint WHERE id = $1', [id]);
  await parley.database.inOrganization(organization!.id as OrganizationId, (manager) => manager.query('UPDATE endpoint SET preset = $2 WHERE id = $1', [id, JSON.stringify(preset)]));
}

describe('an endpoint that was made from a preset', () => {
  it('says so, in its document too, and is not told of a newer one where there is none', async () => {
    expect((await put('plain')).status).toBe(201);
    expect((await read('plain')).body).toMatchObject({ preset: { id: PRESET.id, version: PRESET.version }, newerPreset: null });
    expect((await read('plain', '/preset')).body).toMatchObject({ from: PRESET.version, to: PRESET.version, isBaseKnown: true, taken: [], conflicts: [] });
    expect((await put('plain', { preset: null })).status).toBe(200);
    expect(await read('plain', '/preset')).toMatchObject({ status: 409, body: { code: 'no-preset' } });
  });

  it('is refused where it names none, or one of another kind', async () => {
    expect(await put('wrong', { preset: { id: 'nosuch', version: 1 } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/preset/id', detail: 'is no preset that exists here' }] } });
    expect(await put('wrong', { preset: { id: 'znuny-soap', version: 0 } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/preset/id', detail: 'is of the kind soap' }, { pointer: '/preset/version' }] } });
  });
});

describe('an endpoint of an older version of its preset', () => {
  it('is told, and moved with what was changed at it, its address and its credentials', async () => {
    const id = await madeFromOlder({ check: { path: '/old' } }, { check: { path: '/old' }, slots: 3 });
    expect((await read(id)).body).toMatchObject({ newerPreset: PRESET.version });
    const planned = await read(id, '/preset');
    expect(planned.body).toMatchObject({ from: PRESET.version - 1, to: PRESET.version, taken: ['/settings/check'], conflicts: [] });
    expect((await read(id)).body).toMatchObject({ newerPreset: PRESET.version });
    expect(await move(id)).toMatchObject({ status: 200, body: planned.body });
    const { body } = await read(id);
    expect(body).toMatchObject({ newerPreset: null, preset: { version: PRESET.version }, settings: { slots: 3, baseUrl: 'https://redmine.acme.example', check: PRESET.endpoint.settings['check'] } });
    expect(JSON.stringify(body['settings'])).toContain('"$secret"');
  });

  it('keeps what both changed, unless somebody says that the preset is right', async () => {
    const [kept, taken] = [await madeFromOlder({ check: { path: '/old' } }, { check: { path: '/mine' } }), await madeFromOlder({ check: { path: '/old' } }, { check: { path: '/mine' } })];
    const theirs = (PRESET.endpoint.settings['check'] as { path: string }).path;
    expect((await read(kept, '/preset')).body).toMatchObject({ taken: [], conflicts: [{ pointer: '/settings/check/path', mine: '/mine', theirs }] });
    await move(kept);
    expect((await read(kept)).body).toMatchObject({ settings: { check: { path: '/mine' } }, newerPreset: null });
    await move(taken, { take: ['/settings/check/path'] });
    expect((await read(taken)).body).toMatchObject({ settings: { check: { path: theirs } } });
  });

  it('is not moved over what somebody else changed meanwhile', async () => {
    const id = await madeFromOlder({ check: { path: '/old' } });
    expect((await move(id, {}, { 'if-match': '"0"' })).status).toBe(412);
    expect((await read(id)).body).toMatchObject({ newerPreset: PRESET.version });
  });

  it('of which nothing is known of before gets only what is new', async () => {
    expect((await put('unknown', { preset: { id: PRESET.id, version: PRESET.version }, settings: settings({ check: { path: '/mine' } }) })).status).toBe(201);
    await remember('unknown', { id: PRESET.id, version: 1, base: null });
    expect((await read('unknown', '/preset')).body).toMatchObject({ isBaseKnown: false, conflicts: [{ pointer: '/settings/check/path', mine: '/mine' }] });
  });
});
