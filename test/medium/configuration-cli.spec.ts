import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { runCommand } from '../../src/cli/index.js';
import { ReplayModule } from '../../src/broker/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';

let api: Api;
let me: ApiUser;
let folder: string;

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule, ReplayModule]);
  me = await api.organization('me');
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as { port: number };
  Object.assign(process.env, { PARLEY_URL: `http://127.0.0.1:${port}/`, PARLEY_API_KEY: me.key });
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  await me.send('PUT', '/api/v1/config', { endpoints: [restEndpoint('source'), restEndpoint('target')], rules: [routeRule(), routeRule({ name: 'Übergabe: A/B' })] });
}, 60_000); // makes the run's database
afterAll(async () => {
  delete process.env['PARLEY_URL'];
  delete process.env['PARLEY_API_KEY'];
  await rm(folder, { recursive: true });
  await api.close();
});

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('configuration in files', () => {
  it('is exported one file per endpoint and rule, the same each time, without secrets', async () => {
    expect(await run('export', folder)).toMatchObject({ code: 0, err: `4 files written below ${folder}` });
    expect((await readdir(join(folder, 'rules'))).sort()).toEqual(['source-to-target.json', 'Übergabe-A-B.json']);
    const first = await readFile(join(folder, 'rules/source-to-target.json'), 'utf8');
    await writeFile(join(folder, 'rules/gone.json'), '{}');
    await run('export', folder);
    expect(await readFile(join(folder, 'rules/source-to-target.json'), 'utf8')).toBe(first);
    expect(await readdir(join(folder, 'rules'))).not.toContain('gone.json');
    expect(await readFile(join(folder, 'endpoints/source.json'), 'utf8')).not.toContain('secret of');
    expect(first).not.toContain('createdTime');
  });

  it('put back as it is changes nothing', async () => {
    await run('export', folder);
    expect(await run('apply', folder)).toMatchObject({ code: 0, out: '0 created, 0 updated, 4 unchanged' });
  });

  it('is planned before it is applied', async () => {
    await run('export', folder);
    const path = join(folder, 'rules/source-to-target.json');
    const rule = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...rule, priority: 8 }));
    const planned = await run('plan', folder);
    expect(planned.out).toMatch(/~ rule source to target \([0-9a-f]{32}\)\n {4}\/priority: nothing → 8\n0 to create, 1 to update, 3 unchanged/);
    expect((await me.get('/api/v1/rules')).body.items[0].priority).toBe(0);
    expect((await run('apply', folder)).out).toContain('0 created, 1 updated, 3 unchanged');
    expect((await me.get('/api/v1/rules')).body.items[0].priority).toBe(8);
  });

  it('is refused with every place when the server does not agree', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ rules: [routeRule({ name: 'w', targetSystemId: 'nowhere' })] }));
    expect(await run('apply', path)).toMatchObject({ code: 1, err: expect.stringContaining('/rules/0/targetSystemId: there is no endpoint "nowhere"') });
  });

  it('with a rule whose tests fail is applied for a reason only', async () => {
    const failing = { ...routeRule({ name: 'tested' }), tests: [{ name: 'never holds', message: { endpoint: 'source', entityType: 'incident', ticketId: '1', attributes: {} }, expect: { outcome: 'DROPPED' } }] };
    const path = join(folder, 'tested.json');
    await writeFile(path, JSON.stringify({ rules: [failing] }));
    expect(await run('apply', path)).toMatchObject({ code: 1, err: expect.stringContaining('never holds') });
    expect(await run('apply', path, '--override-tests')).toMatchObject({ code: 1, err: expect.stringContaining('--override-tests needs a reason') });
    expect(await run('apply', path, '--override-tests', '--prune')).toMatchObject({ code: 1 });
    expect(await run('plan', '--override-tests', 'the test is to be mended', path)).toMatchObject({ code: 0, out: expect.stringContaining('1 to create') });
    expect(await run('apply', path, '--override-tests', 'the test is to be mended')).toMatchObject({ code: 0, out: expect.stringContaining('1 created') });
  });

  it('decides a case with the current rules of the server, where it is asked to', async () => {
    const path = join(folder, 'case.json');
    await writeFile(path, JSON.stringify({ message: { endpoint: 'source', entityType: 'incident', ticketId: '1', attributes: { text: 'x' } }, expect: { outcome: 'ROUTED' } }));
    const alone = await run('simulate', path);
    expect([alone.code, JSON.parse(alone.out).outcome, alone.err]).toEqual([0, 'NO_ROUTE', expect.stringContaining('no rules were given')]);
    const there = await run('simulate', path, '--server');
    expect([there.code, JSON.parse(there.out)]).toMatchObject([0, { outcome: 'ROUTED' }]);
    await writeFile(path, JSON.stringify({ message: 7 }));
    expect(await run('simulate', '--server', path)).toMatchObject({ code: 1, err: expect.stringContaining('parley simulate:') });
  });

  it('needs a server and a key', async () => {
    const { PARLEY_URL, PARLEY_API_KEY } = process.env;
    delete process.env['PARLEY_API_KEY'];
    expect(await run('export')).toMatchObject({ code: 1, err: expect.stringContaining('PARLEY_API_KEY') });
    Object.assign(process.env, { PARLEY_URL: 'http://127.0.0.1:9', PARLEY_API_KEY });
    expect(await run('export')).toMatchObject({ code: 1, err: expect.stringContaining('there is no Parley at') });
    Object.assign(process.env, { PARLEY_URL, PARLEY_API_KEY: 'x'.repeat(40) });
    expect((await run('export')).err).toContain('parley export:');
    Object.assign(process.env, { PARLEY_API_KEY });
  });
});
