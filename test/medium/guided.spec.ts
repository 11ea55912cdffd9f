import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SandboxService, GuidedModule } from '../../src/sandbox/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([GuidedModule]);
  me = await api.organization('newcomers');
});
afterAll(() => api.close());

describe('a newcomer', () => {
  it('gets a ticket tool that is connected: its endpoint, a credential, and webhooks to the organization\'s own address', async () => {
    const { status, body } = await me.send('POST', '/api/v1/sandboxes/connected', { title: 'Service desk' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ endpoint: expect.stringMatching(/^service_desk_[0-9a-f]{6}$/), sandbox: expect.stringMatching(/^service-desk-[0-9a-f]{6}$/) });
    expect((await me.get(`/api/v1/endpoints/${body.endpoint}`)).body).toMatchObject({ name: 'Service desk', adapter: 'sandbox', settings: { integrationUser: 'parley' } });
    expect((await me.get(`/api/v1/endpoints/${body.endpoint}/credentials`)).body.items).toHaveLength(1);
    expect((await api.app.get(SandboxService).find(me.organization, body.sandbox)).webhookUrl).toMatch(new RegExp(`/api/v1/o/newcomers/inbound/${body.endpoint}/ticket$`));
  });

  it('opens a ticket in a tool of their own, and in no other', async () => {
    const { body: tool } = await me.send('POST', '/api/v1/sandboxes/connected', { title: 'Ö!' });
    expect((await me.send('POST', `/api/v1/sandboxes/${tool.sandbox}/tickets`, { title: 'Printer' })).body).toEqual({ ticketId: expect.stringMatching(/-1001$/) });
    expect((await me.send('POST', `/api/v1/sandboxes/${tool.sandbox}/tickets`, { title: '  ' })).status).toBe(422);
    const other = await api.organization('strangers');
    expect((await other.send('POST', `/api/v1/sandboxes/${tool.sandbox}/tickets`, { title: 'Printer' })).status).toBe(404);
  });
});
