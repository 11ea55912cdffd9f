import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceWsdl } from '../../src/adapter/kinds/soap/service-wsdl.js';
import { AdapterModule } from '../../src/adapter/index.js';
import { QueueModule } from '../../src/queue/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { runCommand } from '../../src/cli/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { FakeTarget } from '../support/fake-target.js';
import { sharedRedis } from '../support/redis.js';

let api: Api;
let me: ApiUser;
let target: FakeTarget;

beforeAll(async () => {
  target = await FakeTarget.start();
  api = await openApi([QueueModule, RuleModule, AdapterModule], { settings: { redisUrl: (await sharedRedis())?.url } });
  me = await api.organization('me');
  await api.app.listen(0, '127.0.0.1');
  await me.send('PUT', '/api/v1/endpoints/desk', { name: 'Desk', adapter: 'soap', settings: { address: `${target.url}/soap` }, entityTypes: [{ name: 'ticket' }] });
  await me.send('PUT', '/api/v1/endpoints/rest', { name: 'Rest', adapter: 'rest', settings: { baseUrl: target.url }, entityTypes: [{ name: 'ticket' }] });
}, 60_000); // makes the run's database
afterAll(async () => {
  await target.stop();
  await api.close();
});

const answered = (body: string): void => { target.reset(); target.always({ do: 'answer', status: 200, body, headers: { 'content-type': 'text/xml' } }); };
const asked = (query = '') => me.get(`/api/v1/endpoints/desk/proposed-operations${query}`);

describe('the calls that a service describes', () => {
  it('are proposed from its WSDL, where it usually is or where it is said to be', async () => {
    answered(serviceWsdl(`${target.url}/soap`));
    const { status, body } = await asked();
    expect(status).toBe(200);
    expect(body).toMatchObject({ namespaces: { t: 'urn:parley:ticket:1' }, unread: [] });
    expect((body as { operations: unknown[] }).operations[2]).toMatchObject({ name: 'AddComment', version: '1.1', address: `${target.url}/soap`, suggestedFor: null, ticketIds: expect.arrayContaining([expect.stringContaining('messageId')]) });
    expect((await asked('?at=%2FTickets.wsdl')).status).toBe(200);
    expect(target.seen.map(({ url }) => url)).toEqual(['/soap?wsdl', '/Tickets.wsdl']);
  });

  it('are not looked for elsewhere, and not in what is no WSDL', async () => {
    answered('<!DOCTYPE x><x/>');
    expect(await asked()).toMatchObject({ status: 502, body: { detail: expect.stringContaining('document type') } });
    expect(await asked('?at=https%3A%2F%2Felsewhere.example%2Fx')).toMatchObject({ status: 400, body: { detail: expect.stringContaining('where the service is') } });
    expect(await me.get('/api/v1/endpoints/rest/proposed-operations')).toMatchObject({ status: 409 });
    expect(await me.get('/api/v1/endpoints/nobody/proposed-operations')).toMatchObject({ status: 404 });
  });

  it('are proposed from a description that is given, and nobody is asked; what stood beside it is named', async () => {
    target.reset();
    const given = (document: unknown, endpoint = 'desk') => me.send('POST', `/api/v1/endpoints/${endpoint}/proposed-operations`, { document });
    const document = serviceWsdl(`${target.url}/soap`);
    const { status, body } = await given(document);
    expect(status).toBe(200);
    expect((body as { operations: { name: string }[] }).operations.map(({ name }) => name)).toContain('CreateTicket');
    expect(target.seen).toEqual([]);
    const importing = document.replace(/(<[\w:]*definitions[^>]*>)/, '$1<import xmlns="http://schemas.xmlsoap.org/wsdl/" namespace="urn:x" location="beside.wsdl"/>');
    expect((await given(importing)).body).toMatchObject({ unread: ['beside.wsdl: it stands beside the document that was given, and was not given.'] });
    for (const bad of ['<!DOCTYPE x><x/>', 'no XML', '<x/>', '']) expect((await given(bad)).body).toMatchObject({ status: 422, errors: [{ pointer: '/document' }] });
    expect((await given(7)).body).toMatchObject({ status: 422, errors: expect.arrayContaining([{ pointer: '/document', detail: 'must be a string' }]) });
    expect((await given(document, 'rest')).status).toBe(409);
    expect((await given(document, 'nobody')).status).toBe(404);
  });

  it('are proposed for an endpoint that is being made; what is imported is named, and nobody is asked', async () => {
    target.reset();
    const given = (document: unknown, kind = 'soap') => me.send('POST', `/api/v1/adapters/${kind}/proposed-operations`, { document });
    const document = serviceWsdl(`${target.url}/soap`);
    expect((await given(document)).body).toMatchObject({ namespaces: { t: 'urn:parley:ticket:1' }, unread: [], operations: expect.arrayContaining([expect.objectContaining({ name: 'CreateTicket', address: `${target.url}/soap` })]) });
    const importing = document.replace(/(<[\w:]*definitions[^>]*>)/, `$1<import xmlns="http://schemas.xmlsoap.org/wsdl/" namespace="urn:x" location="${target.url}/types.wsdl"/>`);
    expect((await given(importing)).body).toMatchObject({ unread: [`${target.url}/types.wsdl: It is read once the service is connected.`] });
    expect(target.seen).toEqual([]);
    for (const bad of ['<!DOCTYPE x><x/>', 'no XML', '<x/>']) expect((await given(bad)).body).toMatchObject({ status: 422, errors: [{ pointer: '/document' }] });
    expect([(await given(document, 'rest')).status, (await given(document, 'fax')).status]).toEqual([409, 404]);
    const operator = await api.organization('operators', ['endpoints:read', 'endpoints:operate']);
    expect((await operator.send('POST', '/api/v1/adapters/soap/proposed-operations', { document })).status).toBe(403);
  });

  it('are told of by the kinds that propose them', async () => {
    const { items } = (await me.get('/api/v1/adapters')).body as { items: { kind: string; proposes: boolean }[] };
    expect(items.filter(({ proposes }) => proposes).map(({ kind }) => kind)).toEqual(['soap']);
  });

  it('are printed by a command', async () => {
    answered(serviceWsdl(`${target.url}/soap`));
    const { port } = api.app.getHttpServer().address() as { port: number };
    const [before, lines] = [{ ...process.env }, [] as string[]];
    Object.assign(process.env, { PARLEY_URL: `http://127.0.0.1:${port}/`, PARLEY_API_KEY: me.key });
    try {
      expect(await runCommand(['wsdl', 'desk'], { out: (text) => lines.push(text), err: (text) => lines.push(text) })).toBe(0);
      expect(await runCommand(['wsdl'], { out: () => undefined, err: () => undefined })).toBe(1);
    } finally {
      for (const name of ['PARLEY_URL', 'PARLEY_API_KEY']) if (before[name] === undefined) delete process.env[name];
    }
    expect((JSON.parse(lines.join('\n')) as { operations: { name: string }[] }).operations.map(({ name }) => name)).toContain('CreateTicket');
  });
});
