import { describe, expect, it } from '@jest/globals';
import type { CallOutcome, ConnectedEndpoint, OutboundDelivery, OutboundHttp, RenderedRequest } from '../contract.js';
import { rest } from '../kinds/rest/index.js';
import { checkSettings } from '../setting/check-settings.js';
import { SentRequests, type SentRequest } from './sent-request.js';

const signal = new AbortController().signal;
const CREATE = { operations: { create: { method: 'POST', path: '/issues' } }, response: { ticketId: 'id' } };

/** What is kept of a create that a target refuses, and what it was sent. */
async function refused(settings: Readonly<Record<string, unknown>>, { attributes = { title: 'x' }, entityType = CREATE } = {}): Promise<{ kept: SentRequest | null; seen: RenderedRequest[] }> {
  const made = { baseUrl: 'https://target.example/api', ...settings };
  expect(checkSettings(rest.settings, made)).toEqual([]);
  const endpoint: ConnectedEndpoint = { organization: 'o', id: 'e', name: 'E', settings: made, entityTypes: [{ name: 'Issue', references: [], settings: entityType }] };
  const delivery: OutboundDelivery = { id: 'd1', entityType: 'Issue', messageType: '', operation: 'CREATE', ticketId: null, attributes, attachments: [], attempt: 1 };
  const seen: RenderedRequest[] = [];
  const http: OutboundHttp = {
    call: (request) => {
      seen.push(request);
      const body = request.url.endsWith('/token') ? '{"access_token":"fetched-token","expires_in":3600}' : '{}';
      return Promise.resolve<CallOutcome>({ kind: 'answered', status: request.url.endsWith('/token') ? 200 : 422, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) });
    },
    address: () => Promise.reject(new Error('no other protocol')),
  };
  const sent = new SentRequests(http, signal);
  await rest.outbound.send(delivery, endpoint, sent.http, signal);
  return { kept: sent.kept(delivery, { ...endpoint, adapter: rest }), seen };
}

describe('what is kept of a request that failed', () => {
  it('is its line, its headers and its body', async () => {
    const { kept } = await refused({ headers: { 'X-Team': 'printers' } });
    expect(kept).toMatchObject({ method: 'POST', url: 'https://target.example/api/issues', body: '{"title":"x"}', bodyBytes: 13, earlier: 0 });
    expect(kept?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'd1', 'x-team': 'printers' });
  });

  it('shows how we said who we are, but not with what', async () => {
    expect((await refused({ auth: { type: 'basic', username: 'bot', password: 'pass:word"' } })).kept?.headers).toMatchObject({ authorization: 'Basic [hidden]' });
    expect((await refused({ auth: { type: 'headers', headers: { 'App-Token': 'long-app-token' } } })).kept?.headers).toMatchObject({ 'app-token': '[hidden]' });
    expect((await refused({ auth: { type: 'query', name: 'key', value: 'a b&cdef' } })).kept?.url).toBe('https://target.example/api/issues?key=***');
  });

  it('hides a token that was fetched, and knows nothing of the login', async () => {
    const { kept, seen } = await refused({ auth: { type: 'oauth2', grant: 'clientCredentials', tokenUrl: '/token', clientId: 'me', clientSecret: 'client-secret' } });
    expect(seen.map(({ url }) => new URL(url).pathname)).toContain('/api/token');
    expect(kept).toMatchObject({ url: 'https://target.example/api/issues', earlier: 0, headers: { authorization: 'Bearer [hidden]' } });
    expect(JSON.stringify(kept)).not.toMatch(/fetched-token|client-secret/);
  });

  it('hides a signature, which nobody could make without its key', async () => {
    expect((await refused({ signing: { secret: 'signing-secret', content: '{{body}}', header: 'X-Sum' } })).kept?.headers['x-sum']).toBe('[hidden]');
  });

  it('hides secrets in the body, short ones too, and leaves the words in which these happen to stand', async () => {
    const { kept } = await refused({ auth: { type: 'basic', username: 'bot', password: 'abc' } }, { attributes: { title: 'abc, "abc" and abcdef' } });
    expect(kept?.body).toBe('{"title":"***, \\"***\\" and abcdef"}');
    expect((await refused({ auth: { type: 'basic', username: 'bot', password: 'pass"word' } }, { attributes: { title: 'my pass"word!' } })).kept?.body).toBe('{"title":"my ***!"}');
  });

  it('is cut where it is long, without a half character or a half secret', async () => {
    const { kept } = await refused({ auth: { type: 'basic', username: 'bot', password: 'a-secret-in-the-middle' } }, { attributes: { title: `${'x'.repeat(16_365)}a-secret-in-the-middle${'é'.repeat(20_000)}` } });
    expect(kept?.body).toHaveLength(16_384);
    expect(kept?.body).not.toContain('a-secret');
    expect(kept?.bodyBytes).toBeGreaterThan(50_000);
    expect((await refused({}, { attributes: { title: `${'x'.repeat(24_564)}é` } })).kept?.body).toHaveLength(16_384);
  });
});

describe('a request that is no text', () => {
  it('is kept by its size', async () => {
    const http: OutboundHttp = { call: () => Promise.resolve<CallOutcome>({ kind: 'failed', reason: 'x', message: 'x', written: true }), address: () => Promise.reject(new Error('none')) };
    const sent = new SentRequests(http, signal);
    const limits = { connectMs: 1, headersMs: 1, totalMs: 1, maxAnswerBytes: 1 };
    await sent.http.call({ method: 'GET', url: 'https://target.example/first', headers: {}, body: null }, limits, signal);
    await sent.http.call({ method: 'POST', url: 'https://target.example/', headers: {}, body: Uint8Array.of(0xff, 0xfe, 0) }, limits, signal);
    const endpoint: ConnectedEndpoint = { organization: 'o', id: 'e', name: 'E', settings: {}, entityTypes: [] };
    const delivery: OutboundDelivery = { id: 'd1', entityType: 'Issue', messageType: '', operation: 'CREATE', ticketId: null, attributes: {}, attachments: [], attempt: 1 };
    expect(sent.kept(delivery, { ...endpoint, adapter: rest })).toMatchObject({ body: null, bodyBytes: 3, earlier: 1 });
  });

  it('is none where nothing was called', () => {
    const sent = new SentRequests({ call: () => Promise.reject(new Error('none')), address: () => Promise.reject(new Error('none')) }, signal);
    expect(sent.kept({} as OutboundDelivery, { settings: {}, adapter: rest } as unknown as Parameters<SentRequests['kept']>[1])).toBeNull();
  });
});
