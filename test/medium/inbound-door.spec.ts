import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
import { openBroker, type Desk } from './broker-setup.js';

/** Requests come from 127.0.0.1, which is the reverse proxy here. */
let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker({ trustProxy: '127.0.0.1' }); });
afterAll(() => broker.close());

const CERTIFICATE = new X509Certificate(readFileSync(join(import.meta.dirname, '../../src/net/fixture/client.pem')));
const BODY = { ticketId: 'INC1', attributes: { text: 'hello' } };

const guarded = async (settings: object): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('source', { settings: { ...settings } });
  return desk;
};
const post = (desk: Desk, headers: Readonly<Record<string, string>> = {}) => desk.user.send('POST', '/api/v1/inbound/source/incident', BODY, headers);
const refused = async (): Promise<number> => (await METRICS.rejected.get()).values.find(({ labels }) => String(labels.status) === '403')?.value ?? 0;

describe('an inbound address', () => {
  it('takes requests from the addresses of its endpoint alone, as the reverse proxy tells them', async () => {
    const desk = await guarded({ admission: { addresses: ['203.0.113.0/24', '2001:db8::/32'] } });
    for (const address of ['203.0.113.9', '2001:db8::9', '198.51.100.1, 203.0.113.9']) expect((await post(desk, { 'x-forwarded-for': address })).status).toBe(202);
    const before = await refused();
    const answer = await post(desk, { 'x-forwarded-for': '203.0.113.9, 198.51.100.1' });
    expect(answer).toMatchObject({ status: 403, headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: { code: 'address-not-allowed', detail: 'This endpoint takes no requests from the address 198.51.100.1.' } });
    expect((await post(desk)).status).toBe(403);
    expect(await refused()).toBe(before + 2);
    await eventually(async () => expect(await desk.rows(`SELECT endpoint, status, reason FROM rejected_request WHERE organization_id = $1 ORDER BY id`)).toEqual([
      { endpoint: 'source', status: 403, reason: 'This endpoint takes no requests from the address 198.51.100.1.' }, { endpoint: 'source', status: 403, reason: 'This endpoint takes no requests from the address 127.0.0.1.' },
    ]));
    const shown = (await desk.user.get('/api/v1/endpoints/source/refused-requests')).body as { items: Record<string, unknown>[]; next: string | null };
    expect(shown).toEqual({ next: null, items: ['127.0.0.1', '198.51.100.1'].map((address) => ({
      id: expect.any(String), at: expect.stringMatching(/^\d{4}-.*Z$/), endpoint: 'source', entityType: 'incident', status: 403, code: 'address-not-allowed', reason: `This endpoint takes no requests from the address ${address}.`, address, contentType: 'application/json', bytes: 0, size: 0,
    })) });
    expect((await desk.user.get(`/api/v1/endpoints/source/refused-requests?before=${String(shown.items[0]!['id'])}`)).body).toMatchObject({ items: [{ id: shown.items[1]!['id'] }], next: null });
    expect(await desk.user.get('/api/v1/endpoints/source/refused-requests?before=1%27')).toMatchObject({ status: 422, body: { errors: [{ parameter: 'before' }] } });
    expect((await desk.user.get('/api/v1/endpoints/nowhere/refused-requests')).status).toBe(404);
    const other = await broker.desk();
    expect((await other.user.get('/api/v1/endpoints/source/refused-requests')).body).toEqual({ items: [], next: null });
    expect(await desk.rows('SELECT id FROM message WHERE organization_id = $1')).toHaveLength(3);
  });

  it('keeps what was refused with its headers and its body, without secrets', async () => {
    const desk = await guarded({ verification: { type: 'sharedToken', header: 'X-Desk', secret: 'what they share' } });
    const send = (body: string, headers: Readonly<Record<string, string>>) => desk.user.send('POST', '/api/v1/inbound/source/incident', body, headers);
    expect((await send('{"password":"theirs","text":"half a', { 'x-desk': 'another', 'x-request-id': 'r1' })).status).toBe(401);
    expect((await send(JSON.stringify({ text: 'ü'.repeat(40_000) }), { 'x-desk': 'something else' })).status).toBe(401);
    const list = async (query = ''): Promise<{ id: string; code: string }[]> => (await desk.user.get(`/api/v1/refused-requests${query}`)).body.items as { id: string; code: string }[];
    await eventually(async () => expect(await list()).toMatchObject([{ code: 'signature-wrong', address: '127.0.0.1', bytes: 65_536, size: 80_011 }, { code: 'signature-wrong', bytes: 35, size: 35 }]));
    const [wrong, broken] = (await list('?endpoint=source')) as unknown as [{ id: string }, { id: string }];
    expect((await desk.user.get(`/api/v1/refused-requests/${broken.id}`)).body).toMatchObject({
      endpoint: 'source', code: 'signature-wrong', headers: { authorization: '[hidden]', 'x-desk': '[hidden]', 'x-request-id': 'r1' }, body: '{"password":"[hidden]","text":"half a', truncated: false,
    });
    expect((await desk.user.get(`/api/v1/refused-requests/${wrong.id}`)).body).toMatchObject({ body: `{"text":"${'ü'.repeat(32_763)}`, truncated: true });
    expect(JSON.stringify(await desk.rows('SELECT headers FROM rejected_request WHERE organization_id = $1'))).not.toMatch(/they share|another|something else/);
    expect(await list('?endpoint=target')).toEqual([]);
    const [other, viewer] = [await broker.desk(), await broker.api.organization('viewers', ['messages:read'])];
    expect((await other.user.get(`/api/v1/refused-requests/${broken.id}`)).status).toBe(404);
    expect((await other.user.get('/api/v1/refused-requests')).body).toEqual({ items: [], next: null });
    for (const path of ['', `/${broken.id}`]) expect((await viewer.get(`/api/v1/refused-requests${path}`)).status).toBe(403);
  });

  it('tells nobody without credentials what it takes', async () => {
    const desk = await guarded({ admission: { addresses: ['203.0.113.0/24'] } });
    expect((await post(desk, { authorization: 'Bearer no-such-token' })).status).toBe(401);
  });

  it('takes a client certificate from the reverse proxy alone', async () => {
    const desk = await guarded({ admission: { certificate: { header: 'Client-Cert', allowed: [CERTIFICATE.fingerprint256] } } });
    const header = { 'client-cert': `:${CERTIFICATE.raw.toString('base64')}:` };
    expect((await post(desk, { ...header, 'x-forwarded-for': '203.0.113.9' })).status).toBe(202);
    expect(await post(desk, header)).toMatchObject({ status: 403, body: { code: 'certificate-missing' } });
    expect(await post(desk, { 'x-forwarded-for': '203.0.113.9' })).toMatchObject({ status: 403, body: { code: 'certificate-missing' } });
  });

  it('takes its credential in a header for keys, and a user name of the sender\'s own beside a token in the address', async () => {
    const desk = await guarded({ verification: { type: 'basic', username: 'theirs', secret: 'pass:word' } });
    const { body } = await desk.must('POST', '/api/v1/endpoints/source/credentials', { kind: 'url' });
    const path = `/api/v1/o/${desk.user.slug}/inbound/source/incident?token=${encodeURIComponent(String(body.secret))}`;
    const basic = (text: string) => desk.user.send('POST', path, BODY, { authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect((await basic('theirs:pass:word')).status).toBe(202);
    expect(await basic('theirs:other')).toMatchObject({ status: 401, body: { code: 'signature-wrong' } });
    expect((await desk.user.send('POST', path.replace(/=.*/, '=wrong'), BODY, { authorization: `Basic ${Buffer.from('theirs:pass:word').toString('base64')}` })).status).toBe(401);

    const keyed = await guarded({});
    const { body: bearer } = await keyed.must('POST', '/api/v1/endpoints/source/credentials', { kind: 'bearer' });
    const byKey = (key: string) => keyed.user.send('POST', `/api/v1/o/${keyed.user.slug}/inbound/source/incident`, BODY, { authorization: '', 'x-api-key': key });
    expect((await byKey(String(bearer.secret))).status).toBe(202);
    for (const wrong of ['wrong', '', `${String(bearer.secret)} `.repeat(2)]) expect((await byKey(wrong)).status).toBe(401);
  });

  it('cannot be described by what is no network', async () => {
    const desk = await broker.desk();
    const answer = await desk.user.send('PUT', '/api/v1/endpoints/source', { name: 'source', adapter: 'rest', settings: { baseUrl: 'https://x.example', admission: { addresses: ['10.0.0.0/8', '10.0.0.0/40'] } }, entityTypes: [{ name: 'incident' }] });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/admission/addresses/1' }] } });
  });
});
