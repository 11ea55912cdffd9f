import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MonitoringModule } from '../../src/monitoring/index.js';
import { openApi, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { Desk, MODULES } from './broker-setup.js';

let api: Api;
let desk: Desk;
beforeAll(async () => {
  api = await openApi([...MODULES, MonitoringModule]);
  desk = await Desk.open(api, 'egress');
});
afterAll(async () => {
  await desk.target.stop();
  await api.close();
});

/** Ways to write the address under which clouds tell a machine its secrets. */
const METADATA = ['169.254.169.254', '2852039166', '0xa9fea9fe', '[::ffff:169.254.169.254]', '[::a9fe:a9fe]'];
const REFUSED = /link-local address \(cloud metadata\)/;
const sent = async (method: 'POST' | 'PUT', path: string, body?: unknown): Promise<string> => JSON.stringify((await desk.user.send(method, path, body)).body);

describe.each(METADATA)('an address that leads to %s', (host) => {
  it('is called by no endpoint', async () => {
    await desk.endpoint('metadata', { settings: { baseUrl: `http://${host}/latest` } });
    expect(await sent('POST', '/api/v1/endpoints/metadata/check')).toMatch(REFUSED);
  });

  it('is told of no alert', async () => {
    const route = await desk.must('POST', '/api/v1/alert-routes', { name: `to ${host}`, kind: 'webhook', target: { url: `http://${host}/latest`, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } });
    expect(await sent('POST', `/api/v1/alert-routes/${String(route.body.id)}/test`)).toMatch(REFUSED);
  });

  it('signs nobody in', async () => {
    const provider = await desk.must('POST', '/api/v1/sign-in-providers', { name: `at ${host}`, issuer: `https://${host}`, clientId: 'parley', clientSecret: 'a secret' });
    expect(await sent('POST', `/api/v1/sign-in-providers/${String(provider.body.id)}/check`)).toMatch(REFUSED);
  });

  it('gives no file that a ticket names', async () => {
    const ticket = `T${METADATA.indexOf(host)}`;
    desk.target.always(json(200, { text: 'full', files: [{ name: 'a.txt', href: `http://${host}/latest` }] }));
    await desk.endpoint('source', { entityType: { inbound: { ticketId: 'event.id', attributes: { text: 'ticket.text' }, attachments: { list: 'ticket.files', name: 'name', url: 'href' }, complete: [{ id: 'ticket', method: 'GET', path: '/tickets/{{event.id}}' }] } } });
    await desk.must('POST', '/api/v1/inbound/source/incident', { id: ticket });
    await eventually(async () => expect(await desk.rows('SELECT FROM message WHERE organization_id = $1 AND ticket_id = $2', ticket)).toHaveLength(1));
    expect(await desk.rows('SELECT name FROM attachment WHERE organization_id = $1')).toEqual([]);
    expect(desk.target.seen.map(({ url }) => url)).toContain(`/source/tickets/${ticket}`);
  });
});
