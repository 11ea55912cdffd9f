import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Adapter, ConnectedEndpoint, InboundRequest, OutboundDelivery, SendResult } from '../../src/adapter/contract.js';
import { SentRequests } from '../../src/adapter/deliver/sent-request.js';
import { checkSettings, secretPointers } from '../../src/adapter/setting/check-settings.js';
import type { GuardedHttp } from '../../src/net/index.js';
import { expectNoSecret } from './expect-no-secret.js';
import { json, type Behaviour, type FakeTarget } from './fake-target.js';
import type { Stand } from './stand.js';

/** What the suite must know of a kind to put it to the test. */
export interface Specimen {
  readonly adapter: Adapter;
  /** Of a kind with several specimens: which one this is. */
  readonly name?: string;
  /** An endpoint whose system is at `url`; `secrets` stand in its settings. */
  endpoint(url: string, secrets: readonly [string, string]): ConnectedEndpoint;
  readonly entityType: string;
  /** What the system answers to a create that worked, and the ticket id in it. */
  readonly created: { readonly status: number; readonly body: unknown; readonly ticketId: string };
  /** What it answers to a look-up that finds that ticket, and to one that finds none; null where the kind cannot look up. */
  readonly lookup: { readonly found: unknown; readonly none: unknown } | null;
  /** Whether an unknown outcome may be sent again with the same key. */
  readonly isIdempotent: boolean;
  /** An inbound request of the kind as it comes, and the ticket it is about. */
  readonly inbound: { readonly request: InboundRequest; readonly ticketId: string };
}

const SECRETS = ['s3cret-of-"the"-target', 'whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r'] as const;

/** Runs the conformance suite over a kind, against a local system that is slow, down, rude, repetitive and wrong on command. */
export function conforms(specimen: Specimen, stand: Stand): void {
  const { adapter, entityType } = specimen;
  describe(`the kind ${specimen.name ?? adapter.manifest.kind}`, () => {
    let target: FakeTarget;
    let http: GuardedHttp;
    let endpoint: ConnectedEndpoint;

    beforeEach(() => {
      ({ target, http } = stand);
      target.reset();
      endpoint = specimen.endpoint(target.url, SECRETS);
    });

    const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
      ({ id: '0199-delivery', entityType, messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'x' }, attachments: [], attempt: 1, ...over });
    const update = delivery({ operation: 'UPDATE', ticketId: specimen.created.ticketId });
    const client = () => http.client('conformance', { slots: 4 });
    const never = new AbortController().signal;
    const created = json(specimen.created.status, specimen.created.body);
    const unknownOrAgain = specimen.isIdempotent ? 'retryable' : 'unknown';

    /** Sends, and looks at what every result must keep to, whatever happened. */
    const send = async (given = delivery(), signal = never): Promise<SendResult> => {
      const sent = new SentRequests(client(), signal);
      const result = await adapter.outbound.send(given, endpoint, sent.http, signal);
      expectNoSecret(result, SECRETS);
      expectNoSecret(sent.kept(given, { ...endpoint, adapter }), SECRETS);
      expect(result.error === null).toBe(result.outcome === 'success');
      expect((result.body?.byteLength ?? 0) <= 65_536).toBe(true);
      return result;
    };
    const after = (...behaviours: Behaviour[]): Promise<SendResult> => {
      target.next(...behaviours);
      return send();
    };

    describe('its definition', () => {
      it('accepts the specimen\'s settings and refuses a key that does not exist', () => {
        expect(checkSettings(adapter.settings, endpoint.settings)).toEqual([]);
        expect(checkSettings(adapter.settings, { ...endpoint.settings, 'no-such-setting': 1 })).toMatchObject([{ pointer: '/no-such-setting' }]);
        for (const one of endpoint.entityTypes) {
          expect(checkSettings(adapter.entityTypeSettings, one.settings)).toEqual([]);
          expect(checkSettings(adapter.entityTypeSettings, { ...one.settings, 'no-such-setting': 1 })).toMatchObject([{ pointer: '/no-such-setting' }]);
        }
      });

      it('marks every secret, and labels every setting', () => {
        const found = secretPointers(adapter.settings, endpoint.settings).map((pointer) => pointer.split('/').slice(1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], endpoint.settings));
        expect(new Set(found)).toEqual(new Set(SECRETS));
        for (const [name, schema] of Object.entries(adapter.settings['properties'] as Record<string, Record<string, unknown>>)) expect([name, typeof schema['x-label']]).toEqual([name, 'string']);
      });
    });

    describe('its request', () => {
      it('is the same whenever it is rendered, and is what is sent', async () => {
        const [one, other] = [adapter.outbound.render(delivery(), endpoint), adapter.outbound.render(delivery({ attempt: 7 }), endpoint)];
        expect(one).toEqual(other);
        await after(created);
        const [seen] = target.seen;
        if (!one.ok) throw new Error(one.error.message);
        expect({ method: seen?.method, url: target.url + (seen?.url ?? ''), body: seen?.body.toString() }).toEqual({ method: one.value.method, url: one.value.url, body: Buffer.from(one.value.body ?? '').toString() });
        expect(seen?.headers).toMatchObject(one.value.headers);
      });

      it('carries the delivery as its key, on every attempt', async () => {
        await after(created);
        target.next(created);
        await send(delivery({ attempt: 2 }));
        target.next(json(200, {}));
        await send(update);
        expect(target.seen.map((request) => request.headers['idempotency-key'])).toEqual(['0199-delivery', '0199-delivery', '0199-delivery']);
      });
    });

    describe('what is kept of a request that failed', () => {
      it('is the request as it was sent, without any secret, even those that a ticket brings', async () => {
        target.always(json(500, {}));
        const sent = new SentRequests(client(), never);
        const given = delivery({ attributes: { title: `x ${SECRETS.join(' ')}` } });
        await adapter.outbound.send(given, endpoint, sent.http, never);
        const kept = sent.kept(given, { ...endpoint, adapter });
        const seen = target.seen.at(-1);
        expect(kept).toMatchObject({ method: seen?.method, bodyBytes: seen?.body.byteLength });
        expect(new URL(kept?.url ?? '').pathname).toBe(seen?.url.split('?')[0]);
        expectNoSecret(kept, SECRETS);
      });
    });

    describe('an answer', () => {
      it('to a create brings the ticket id, as text', async () => {
        expect(await after(created)).toMatchObject({ outcome: 'success', ticketId: specimen.created.ticketId, httpStatus: specimen.created.status });
      });

      it('to a create without a ticket id leaves open what happened', async () => {
        for (const body of [{}, 'text', '', '<html></html>', '{"broken', null]) expect((await after(json(200, body))).outcome).toBe('unknown');
      });

      it.each([[408, 425, 429, 503].map((status) => [status, 'retryable'] as const), [500, 502, 504].map((status) => [status, unknownOrAgain] as const), [401, 403].map((status) => [status, 'credentials'] as const), [301, 302, 307, 400, 404, 405, 409, 410, 413, 415, 422, 423, 451, 501].map((status) => [status, 'rejected'] as const)].flat())(
        'of %i is judged as %s', async (status, outcome) => {
          expect(await after(json(status, { message: 'no' }, status < 400 ? { location: `${target.url}/elsewhere` } : {}))).toMatchObject({ outcome, httpStatus: status, ticketId: null });
          expect(target.seen).toHaveLength(1);
        });

      it('with Retry-After is obeyed', async () => {
        expect(await after(json(429, {}, { 'retry-after': '17' }))).toMatchObject({ outcome: 'retryable', retryAfterMs: 17_000 });
        expect(await after(json(503, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))).toMatchObject({ outcome: 'retryable', retryAfterMs: expect.any(Number) });
      });

      it('never shows a secret, even if the system sends everything back', async () => {
        for (const status of [200, 400, 401, 422, 500]) await after({ do: 'echo', status });
        expect(target.seen).toHaveLength(5);
      });
    });

    describe('a system', () => {
      it('that is down was certainly not told', async () => {
        const port = await target.goDown();
        // A connection that dies while a request is written to it leaves open what happened; here it is long dead.
        await new Promise((resolve) => setTimeout(resolve, 50));
        const result = await send();
        await target.comeBack(port);
        expect(result).toMatchObject({ outcome: 'retryable', endpointFault: true, httpStatus: null });
      });

      it.each([['cut'], ['cut-answer'], ['hang'], ['trickle'], ['garbage']] as const)('that does "%s" leaves open what happened, within the time limit', async (what) => {
        // Some of these never end by themselves.
        expect(await after({ do: what })).toMatchObject({ outcome: unknownOrAgain, endpointFault: true });
      });

      it('that answers too much is cut off', async () => {
        expect((await after({ do: 'huge', bytes: 5_000_000 })).outcome).toBe(unknownOrAgain);
      });

      it('that is slow is waited for', async () => {
        expect((await after({ ...created, afterMs: 150 })).outcome).toBe('success');
      });

      it('is let go when the process gives the call up, which is not its fault', async () => {
        target.next({ do: 'hang' });
        const abort = new AbortController();
        void target.arrival().then(() => { abort.abort(); });
        // Had it gone on until its time was over, that would be the endpoint's fault.
        expect(await send(delivery(), abort.signal)).toMatchObject({ endpointFault: false, outcome: unknownOrAgain });
      });
    });

    describe('a look-up', () => {
      const lookUp = async (behaviour: Behaviour) => {
        target.next(behaviour);
        const found = await adapter.outbound.lookup?.('0199-delivery', entityType, endpoint, client(), never);
        expectNoSecret(found, SECRETS);
        return found;
      };

      it('finds, knows an absence, and takes nothing else for one', async () => {
        expect(adapter.outbound.canLookUp(entityType, endpoint)).toBe(specimen.lookup !== null);
        if (specimen.lookup === null) return;
        expect(await lookUp(json(200, specimen.lookup.found))).toEqual({ found: specimen.created.ticketId });
        expect(await lookUp(json(200, specimen.lookup.none))).toEqual({ found: null });
        for (const behaviour of [json(500, {}), json(401, {}), json(200, '<html>'), json(200, {}), created, json(302, {}), { do: 'cut' }, { do: 'garbage' }, { do: 'echo', status: 400 }] as Behaviour[]) {
          expect(await lookUp(behaviour)).toMatchObject({ failed: { error: expect.any(String) } });
        }
      });
    });

    describe('an inbound request', () => {
      const { request, ticketId } = specimen.inbound;

      it('becomes messages, the same ones each time', () => {
        const [one, other] = [adapter.inbound.normalize(request, endpoint), adapter.inbound.normalize(request, endpoint)];
        expect(one).toMatchObject({ ok: true, value: [{ ticketId, entityType }] });
        expect(one).toEqual(other);
      });

      it('that is nonsense is a failure and no exception', () => {
        const full = Buffer.from(request.body);
        const bodies = [Buffer.alloc(0), full.subarray(0, full.length >> 1), Buffer.from('[]'), Buffer.from('null'), Buffer.from('{}'), Buffer.from('"x"'), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('['.repeat(200_000)), Buffer.from('{"a":'.repeat(50_000))];
        for (const body of bodies) expect(adapter.inbound.normalize({ ...request, body }, endpoint)).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.any(String) } });
      });
    });

    it('tests a connection step by step', async () => {
      const check = async (behaviour: Behaviour) => {
        target.next(behaviour);
        const steps = await adapter.check(endpoint, client(), never);
        expectNoSecret(steps, SECRETS);
        return steps.map(({ step, ok }) => [step, ok]);
      };
      expect(await check(json(200, []))).toEqual([['network', true], ['authentication', true], ['rights', true]]);
      expect(await check({ do: 'echo', status: 401 })).toEqual([['network', true], ['authentication', false]]);
      expect(await check({ do: 'cut' })).toEqual([['network', false]]);
    });

    it('does not let two endpoints see each other', async () => {
      const other = specimen.endpoint(target.url, ['another-secret-entirely', 'whsec_YW5vdGhlcg']);
      target.always(created);
      await Promise.all([send(), adapter.outbound.send(delivery(), other, http.client('other', { slots: 4 }), never)]);
      const headers = target.seen.map((request) => JSON.stringify(request.headers.authorization));
      expect(new Set(headers).size).toBe(2);
    });
  });
}
