import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage, OutboundDelivery } from '../../src/adapter/contract.js';
import { sandbox } from '../../src/adapter/kinds/sandbox/index.js';
import { GuardedHttp } from '../../src/net/index.js';
import { SandboxModule } from '../../src/sandbox/index.js';
import { openApi, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';

const TOKEN = 'a-token-for-the-tests-1';
const SECRET = `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`;

let api: Api;
let receiver: FakeTarget;
let endpoint: ConnectedEndpoint;
let base: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  receiver = await FakeTarget.start();
  receiver.always(json(202, {}));
  api = await openApi([SandboxModule]);
  const user = await api.organization('acme');
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  api.app.get(GuardedHttp).policy.listeningOn('127.0.0.1', port);
  base = `http://127.0.0.1:${port}/sandbox/tool`;
  await user.send('POST', '/api/v1/sandboxes', { name: 'tool', prefix: 'T', token: TOKEN, webhook: { url: `${receiver.url}/hook`, secret: SECRET }, options: { ackDelayMs: 20 } });
  endpoint = {
    organization: 'o', id: 'tool', name: 'Tool', entityTypes: [{ name: 'ticket', references: [], settings: {} }],
    settings: { baseUrl: base, token: TOKEN, webhookSecret: SECRET, integrationUser: 'parley', timeouts: { connectMs: 1_000, headersMs: 2_000, totalMs: 3_000 } },
  };
});

afterAll(async () => {
  await api.close();
  await receiver.stop();
});

const client = () => api.app.get(GuardedHttp).client('o tool', { slots: 4 });
const send = (over: Partial<OutboundDelivery>) => sandbox.outbound.send(
  { id: 'd-1', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: {}, attachments: [], attempt: 1, ...over }, endpoint, client(), signal);
const tool = async (method: string, path: string, body?: unknown, user = 'ann') => {
  const answer = await fetch(`${base}/api${path}`, { method, headers: { authorization: `Basic ${Buffer.from(`${user}:${TOKEN}`).toString('base64')}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
  return await answer.json() as any;
};
/** The webhooks of a ticket, verified and normalized as Parley would. */
const told = (ticketId: string): NormalizedMessage[] => receiver.seen.flatMap((seen) => {
  const request: InboundRequest = { entityType: 'ticket', body: seen.body, contentType: 'application/json', headers: seen.headers as Record<string, string>, query: '' };
  expect(sandbox.inbound.verify(request, endpoint)).toEqual({ ok: true, value: undefined });
  const messages = sandbox.inbound.normalize(request, endpoint);
  return messages.ok ? messages.value.filter((message) => message.ticketId === ticketId) : [];
});

describe('the sandbox kind against a real tool', () => {
  it('learns from it what a ticket may be written with', async () => {
    const found = await sandbox.discover!(endpoint, 'ticket', { http: client(), signal, nowMs: 0 });
    expect(found).toMatchObject({ ok: true, value: { from: 'system', entityTypes: ['ticket'], attributes: expect.arrayContaining([
      { entityType: 'ticket', name: 'priority', label: 'Priority', type: 'choice', choices: ['1', '2', '3', '4'] }, { entityType: 'ticket', name: 'external_reference', label: 'External reference', type: 'text' }]) } });
  });

  it('creates once, however often it is sent, and finds the ticket by the delivery', async () => {
    const create = { id: 'd-create', attributes: { title: 'Mail is slow', priority: '2', 'custom.site': 'HQ', comment: 'hello', comment_visibility: 'public' }, attachments: [{ id: 'f', name: 'a.txt', contentType: 'text/plain', size: 3, content: Buffer.from('one') }] };
    const [one, other] = await Promise.all([send(create), send(create)]);
    expect([one, other]).toMatchObject([{ outcome: 'success', ticketId: 'T-1001' }, { outcome: 'success', ticketId: 'T-1001' }]);
    expect(await sandbox.outbound.lookup?.('d-create', 'ticket', endpoint, client(), signal)).toEqual({ found: 'T-1001' });
    expect(await sandbox.outbound.lookup?.('d-none', 'ticket', endpoint, client(), signal)).toEqual({ found: null });
    expect(await tool('GET', '/tickets/T-1001')).toMatchObject({ title: 'Mail is slow', custom: { site: 'HQ' }, comments: [{ text: 'hello', visibility: 'public', author: 'parley' }], attachments: [{ name: 'a.txt', size: 3 }] });
    await eventually(() => expect(told('T-1001')).toMatchObject([{ messageType: 'ticket.created', sender: { id: 'parley' }, attributes: { title: 'Mail is slow', 'custom.site': 'HQ', comment: 'hello' }, attachments: [{ name: 'a.txt', content: Buffer.from('one') }] }]));
  });

  it('survives a cut after the tool has done it', async () => {
    await tool('PUT', '/faults', { cutAfterRate: 1, times: 1 });
    const create = { id: 'd-cut', attributes: { title: 'Cut' } };
    expect(await send(create)).toMatchObject({ outcome: 'retryable', endpointFault: true });
    const again = await send(create);
    expect(again).toMatchObject({ outcome: 'success' });
    expect((await tool('GET', '/tickets?correlationId=d-cut')).map((ticket: { id: string }) => ticket.id)).toEqual([again.ticketId]);
  });

  it('hears of a locked ticket a moment after the 200', async () => {
    const { ticketId } = await send({ id: 'd-lock', attributes: { title: 'Locked' } });
    await tool('POST', `/tickets/${ticketId}/lock`);
    expect(await send({ id: 'd-update', operation: 'UPDATE', ticketId, attributes: { state: 'Resolved' } })).toMatchObject({ outcome: 'success' });
    await eventually(() => expect(told(ticketId ?? '').at(-1)).toMatchObject({ messageType: 'ticket.update-rejected', sender: { id: 'system' }, attributes: { code: 'LOCKED', error: `The ticket ${ticketId} is locked by ann.`, request_key: 'd-update', state: 'New' } }));
  });

  it('is told what the tool does not take, in the tool\'s words', async () => {
    const { ticketId } = await send({ id: 'd-words', attributes: { title: 'x' } });
    expect(await send({ id: 'd-bad', operation: 'UPDATE', ticketId, attributes: { state: 'Nowhere' } })).toMatchObject({ outcome: 'rejected', httpStatus: 422, error: expect.stringContaining('state: expected one of New, In progress') });
    expect(await send({ id: 'd-gone', operation: 'UPDATE', ticketId: 'T-999999', attributes: { title: 'x' } })).toMatchObject({ outcome: 'rejected', httpStatus: 404, error: expect.stringContaining('no ticket T-999999') });
  });

  it('is let through to tools that exist and to nothing else of Parley', async () => {
    const at = (path: string): ConnectedEndpoint => ({ ...endpoint, settings: { ...endpoint.settings, baseUrl: base.replace('/sandbox/tool', path) } });
    const check = (path: string) => sandbox.check(at(path), client(), signal);
    expect(await check('/sandbox/tool')).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    for (const path of ['/sandbox/other', '/sandbox/tool/../../api/v1', '/sandbox/tool%2f..%2f..']) {
      expect(await check(path)).toMatchObject([{ step: 'network', ok: false, message: expect.stringContaining("Parley's own") }]);
    }
  });
});
