import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule, Endpoints } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { SYSTEM } from '../../src/identity/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { Demo, DemoModule, SandboxModule, SandboxService } from '../../src/sandbox/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

let api: Api;
let me: ApiUser;

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule, SandboxModule, DemoModule], { settings: { demo: true } });
  me = await api.organization('default');
}, 60_000); // makes the run's database
afterAll(() => api.close());

const webhookOf = async (name: string): Promise<URL> => new URL((await api.app.get(SandboxService).find(me.organization, name)).webhookUrl ?? 'none:');
const baseUrlOf = (id: string): unknown => api.app.get(Endpoints).find(me.organization, id)?.settings['baseUrl'];
const versions = async (): Promise<number[]> => (await me.get('/api/v1/endpoints')).body.items.map((one: { version: number }) => one.version) as number[];

describe('the demo', () => {
  it('is loaded where nothing was ever configured: two tools, two endpoints, their rules and webhooks', async () => {
    await api.app.get(Demo).load(4711);
    expect((await me.get('/api/v1/rules')).body.items).toHaveLength(11);
    expect(baseUrlOf('acme')).toBe('http://127.0.0.1:4711/sandbox/a');
    expect(baseUrlOf('vendor_x')).toBe('http://127.0.0.1:4711/sandbox/b');
    expect((await webhookOf('b')).href).toBe('http://127.0.0.1:4711/api/v1/inbound/vendor_x/ticket');
    expect((await me.get('/api/v1/endpoints/vendor_x/credentials')).body.items).toMatchObject([{ kind: 'basic', label: 'webhooks of Vendor X desk' }]);
  });

  it('is loaded once', async () => {
    const before = await webhookOf('a');
    await api.app.get(Demo).load(4711);
    expect(await webhookOf('a')).toEqual(before);
    expect(await versions()).toEqual([1, 1]);
  });

  it('follows to another port', async () => {
    await api.app.get(Demo).load(4712);
    expect(baseUrlOf('acme')).toBe('http://127.0.0.1:4712/sandbox/a');
    expect((await webhookOf('a')).href).toBe('http://127.0.0.1:4712/api/v1/inbound/acme/ticket');
  });

  it('leaves alone what someone has changed', async () => {
    await me.send('PUT', '/api/v1/endpoints/acme', { settings: { baseUrl: 'https://desk.example/sandbox/a', integrationUser: 'parley' } });
    await api.app.get(Demo).load(4713);
    expect(baseUrlOf('acme')).toBe('https://desk.example/sandbox/a');
    expect(baseUrlOf('vendor_x')).toBe('http://127.0.0.1:4713/sandbox/b');
  });

  it('goes on where a load was cut short', async () => {
    await api.app.get(SandboxService).update(me.organization, SYSTEM, 'b', { webhook: null });
    await api.app.get(Demo).load(4714);
    expect((await webhookOf('b')).port).toBe('4714');
    expect(baseUrlOf('acme')).toBe('http://127.0.0.1:4714/sandbox/a');
    expect((await me.get('/api/v1/rules')).body.items).toHaveLength(11);
  });

  it('is not brought back after it was taken away', async () => {
    for (const name of ['a', 'b']) await api.app.get(SandboxService).remove(me.organization, SYSTEM, name);
    await api.app.get(Demo).load(4715);
    expect(await api.app.get(SandboxService).list(me.organization)).toEqual([]);
  });
});
