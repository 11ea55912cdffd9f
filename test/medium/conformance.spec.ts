import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ADAPTERS } from '../../src/adapter/registry.js';
import { rest } from '../../src/adapter/kinds/rest/index.js';
import { soap } from '../../src/adapter/kinds/soap/index.js';
import { sandbox } from '../../src/adapter/kinds/sandbox/index.js';
import type { InboundRequest } from '../../src/adapter/contract.js';
import { conforms, type Specimen } from '../support/conformance.js';
import { useStand } from '../support/stand.js';

const request = (body: string | Buffer): InboundRequest => ({ entityType: 'ticket', body: Buffer.from(body), contentType: 'application/json', headers: {}, query: '' });
const timeouts = { connectMs: 500, headersMs: 500, totalMs: 1_000 };

const envelope = (body: string): string => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`;

const SPECIMENS: readonly Specimen[] = [
  {
    adapter: rest, entityType: 'ticket', isIdempotent: false,
    endpoint: (url, [password, secret]) => ({
      organization: 'o', id: 'system', name: 'System',
      settings: { baseUrl: url, auth: { type: 'basic', username: 'u', password }, signature: { secret, header: 'x-signature' }, timeouts },
      entityTypes: [{ name: 'ticket', references: [], settings: {
        operations: { create: { method: 'POST', path: '/issues' }, update: { method: 'PUT', path: '/issues/{{ticketId}}' } }, response: { ticketId: 'id' },
        lookup: { method: 'GET', path: '/issues?ref={{correlationKey}}', ticketId: '[0].id' },
      } }],
    }),
    created: { status: 201, body: '{"id":9007199254740993}', ticketId: '9007199254740993' },
    lookup: { found: '[{"id":9007199254740993}]', none: [] },
    inbound: { request: request('{"ticketId":"7","attributes":{"title":"x"}}'), ticketId: '7' },
  },
  {
    // The same kind in another guise: keys in several headers, XML both ways, an id in the answer's text, a search by POST, a verified webhook with a list.
    adapter: rest, entityType: 'ticket', isIdempotent: true, name: 'rest, speaking XML',
    endpoint: (url, [token, secret]) => ({
      organization: 'o', id: 'xml', name: 'XML',
      settings: { baseUrl: url, auth: { type: 'headers', headers: { authorization: token } }, verification: { type: 'hmac', secret, header: 'x-signature' }, timeouts, query: { v: '2' } },
      entityTypes: [{ name: 'ticket', references: [], settings: {
        operations: {
          create: { method: 'POST', path: '/tickets', idempotent: true, form: 'xml', body: '<ticket ref="{{correlationKey}}"><title>{{attributes.title}}</title></ticket>' },
          update: { method: 'POST', path: '/tickets/{{ticketId}}', idempotent: true, form: 'form', body: { title: '{{attributes.title}}' } },
        },
        response: { ticketId: { xpath: '/created/@id' }, rejectedWhen: [{ status: ['2xx'], xpath: '//error' }] },
        lookup: { method: 'POST', path: '/search', body: { ref: '{{correlationKey}}' }, ticketId: { jmespath: 'rows[0].id' }, absentWhen: [{ status: [200], body: 'total == `0`' }] },
        inbound: { each: 'event.ticket', ticketId: '["@id"]', attributes: { title: 'title' } },
      } }],
    }),
    created: { status: 200, body: '<created id="T-9"/>', ticketId: 'T-9' },
    lookup: { found: { total: 1, rows: [{ id: 'T-9' }] }, none: { total: 0 } },
    inbound: { request: { ...request('<event><ticket id="T-9"><title>x</title></ticket></event>'), contentType: 'application/xml' }, ticketId: 'T-9' },
  },
  {
    // Several requests for one delivery; the one that counts behaves like any other.
    adapter: rest, entityType: 'ticket', isIdempotent: false, name: 'rest, in steps',
    endpoint: (url, [password, secret]) => ({
      organization: 'o', id: 'steps', name: 'Steps', settings: { baseUrl: url, auth: { type: 'basic', username: 'u', password }, signing: { secret, content: '{{body}}', header: 'x-sig' }, timeouts },
      entityTypes: [{ name: 'ticket', references: [], settings: {
        operations: {
          create: { steps: [{ id: 'make', main: true, method: 'POST', path: '/t' }, { id: 'note', when: 'attributes.note', method: 'POST', path: '/t/{{ticketId}}/notes' }] },
          update: { steps: [{ id: 'set', method: 'PATCH', path: '/t/{{ticketId}}' }] },
        },
        response: { ticketId: 'result.id' },
        lookup: { method: 'GET', path: '/t?ref={{correlationKey}}', ticketId: 'result[0].id' },
      } }],
    }),
    created: { status: 201, body: { result: { id: 'T-1' } }, ticketId: 'T-1' },
    lookup: { found: { result: [{ id: 'T-1' }] }, none: { result: [] } },
    inbound: { request: request('{"ticketId":"7","attributes":{"title":"x"}}'), ticketId: '7' },
  },
  {
    adapter: soap, entityType: 'ticket', isIdempotent: false,
    endpoint: (url, [password, secret]) => ({
      organization: 'o', id: 'system', name: 'System',
      settings: {
        address: `${url}/soap`, auth: { type: 'basic', username: 'u', password }, namespaces: { t: 'urn:t' }, timeouts,
        secrets: { session: secret }, header: '<t:Session>{{secrets.session}}</t:Session>',
      },
      entityTypes: [{ name: 'ticket', references: [], settings: {
        operations: { create: { action: 'urn:t/Create', body: '<t:Create><t:title>{{attributes.title}}</t:title></t:Create>' }, update: { body: '<t:Update><t:id>{{ticketId}}</t:id></t:Update>' } }, response: { ticketId: { xpath: '//t:CreateResponse/t:id' } },
        lookup: { body: '<t:Find><t:ref>{{correlationKey}}</t:ref></t:Find>', ticketId: { xpath: '//t:FindResponse/t:id' }, absentWhen: [{ xpath: '//t:FindResponse[not(t:id)]' }] },
      } }],
    }),
    created: { status: 200, body: envelope('<CreateResponse xmlns="urn:t"><id>9007199254740993</id></CreateResponse>'), ticketId: '9007199254740993' },
    lookup: { found: envelope('<FindResponse xmlns="urn:t"><id>9007199254740993</id></FindResponse>'), none: envelope('<FindResponse xmlns="urn:t"/>') },
    inbound: { request: { ...request(envelope('<AddComment xmlns="urn:parley:ticket:1"><ticketId>7</ticketId><text>x</text></AddComment>')), contentType: 'text/xml' }, ticketId: '7' },
  },
  {
    adapter: sandbox, entityType: 'ticket', isIdempotent: true,
    endpoint: (url, [token, webhookSecret]) => ({
      organization: 'o', id: 'tool', name: 'Tool', settings: { baseUrl: `${url}/sandbox/tool`, token, webhookSecret, timeouts },
      entityTypes: [{ name: 'ticket', references: [], settings: {} }],
    }),
    created: { status: 201, body: { id: 'A-1001' }, ticketId: 'A-1001' },
    lookup: { found: [{ id: 'A-1001' }], none: [] },
    inbound: { request: request(readFileSync(new URL('../../src/adapter/kinds/sandbox/fixture/created.json', import.meta.url))), ticketId: 'A-1001' },
  },
];

/** Kinds whose way out is not HTTP: held to the same promises by suites of their own (mail: mail-out.spec.ts, mail-in.spec.ts). */
const NOT_HTTP = ['mail'];

describe('the conformance suite', () => {
  it('has a specimen of every registered kind', () => {
    expect([...new Set([...SPECIMENS.map(({ adapter }) => adapter.manifest.kind), ...NOT_HTTP])].sort()).toEqual(ADAPTERS.map(({ manifest }) => manifest.kind).sort());
  });
});

const stand = useStand();
for (const specimen of SPECIMENS) conforms(specimen, stand);
