import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

const SECRET = 'a-very-secret-password-of-the-target';
let api: Api;
let me: ApiUser;
let other: ApiUser;
beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule]);
  me = await api.organization('me');
  other = await api.organization('other');
  const saved = await me.send('PUT', '/api/v1/endpoints/target', {
    id: 'target', name: 'Target', adapter: 'rest', settings: { baseUrl: 'https://target.example/api', auth: { type: 'basic', username: 'bot', password: SECRET } },
    entityTypes: [{ name: 'case', operations: { create: { method: 'POST', path: '/cases' }, update: { method: 'PUT', path: '/cases/{{ticketId}}' } }, response: { ticketId: 'id' } }],
  });
  expect(saved.status).toBeLessThan(300);
}, 60_000); // makes the run's database
afterAll(() => api.close());

const message = { entityType: 'case', operation: 'CREATE', attributes: { 'fields.title': 'Printer', open: true } };
const ask = (who: ApiUser, more: object = {}) => who.send('POST', '/api/v1/endpoints/target/preview', { ...message, ...more });

describe('a request as it would be sent', () => {
  it('is what the kind makes of a message, without any secret', async () => {
    const { status, body } = await ask(me);
    expect([status, body.method, body.url, JSON.parse(body.body), body.problem]).toEqual([200, 'POST', 'https://target.example/api/cases', { fields: { title: 'Printer' }, open: true }, null]);
    expect(body.headers.authorization).toBe('Basic [hidden]');
    const printed = JSON.stringify(body);
    expect(printed).not.toContain(SECRET);
    expect(printed).not.toContain(Buffer.from(`bot:${SECRET}`).toString('base64'));
  });

  it('carries the key of the delivery that is named', async () => {
    const id = '01989a00-0000-7000-8000-00000000abcd';
    expect(JSON.stringify((await ask(me, { id })).body.headers)).toContain(id);
    expect((await ask(me, { id: 'no id' })).status).toBe(422);
  });

  it('shows the attributes, and says why, where no request can be made', async () => {
    expect((await ask(me, { entityType: 'nothing' })).body).toMatchObject({ method: null, problem: 'the endpoint has no entity type "nothing"' });
  });

  it('is refused where it says too little, and never shows endpoints of others', async () => {
    expect((await ask(me, { operation: 'DELETE' })).status).toBe(422);
    expect((await ask(other)).status).toBe(404);
    const reader = await api.organization('me', ['rules:read']);
    expect((await ask(reader)).status).toBe(403);
  });
});
