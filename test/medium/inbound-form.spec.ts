import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { openBroker } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

describe('a sender', () => {
  it('may use another method, and is answered as it wants once its request is stored', async () => {
    const desk = await broker.desk();
    await desk.endpoint('source', { entityType: { inbound: { ticketId: 'id', answer: { status: 200, form: 'text', body: 'OK {{event.id}}', headers: { 'X-Ref': '{{messageId}}' } } } } });
    for (const method of ['POST', 'PUT', 'PATCH'] as const) {
      const answer = await desk.user.send(method, '/api/v1/inbound/source/incident', { id: method });
      expect(answer).toMatchObject({ status: 200, body: `OK ${method}`, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-ref': expect.stringMatching(/^[0-9a-f-]{36}$/), 'x-content-type-options': 'nosniff' } });
    }
    await eventually(async () => expect(await desk.rows(`SELECT ticket_id FROM message WHERE organization_id = $1 ORDER BY id`)).toEqual([{ ticket_id: 'POST' }, { ticket_id: 'PUT' }, { ticket_id: 'PATCH' }]));
    expect((await desk.user.send('DELETE', '/api/v1/inbound/source/incident')).status).toBe(404);
  });
});

describe('a form with a file', () => {
  it('comes in over HTTP and is kept with its file', async () => {
    const desk = await broker.desk();
    await desk.endpoint('source', { entityType: { inbound: { ticketId: 'id' } } });
    await desk.rule('all');
    const body = '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nT-9\r\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello\r\n--b\r\nContent-Disposition: form-data; name="log"; filename="a.log"\r\nContent-Type: text/plain\r\n\r\none\r\n--b--\r\n';
    const post = (given: string) => desk.user.send('POST', '/api/v1/inbound/source/incident', given, { 'content-type': 'multipart/form-data; boundary=b' });
    expect((await post(body)).status).toBe(202);
    await desk.untilSeen(['POST /target/incidents hello']);
    expect(await desk.rows(`SELECT name, content_type, convert_from(content, 'UTF8') AS content FROM attachment WHERE organization_id = $1`)).toEqual([{ name: 'a.log', content_type: 'text/plain', content: 'one' }]);
    expect((await post(body.slice(0, -6))).status).toBe(202);
    await eventually(async () => expect(await desk.rows(`SELECT state FROM message WHERE organization_id = $1 ORDER BY id`)).toEqual([{ state: 'ROUTED' }, { state: 'FAILED' }]));
  });
});
