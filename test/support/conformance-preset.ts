import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage, OutboundDelivery, SendResult } from '../../src/adapter/contract.js';
import { SentRequests } from '../../src/adapter/deliver/sent-request.js';
import { adapterOf } from '../../src/adapter/registry.js';
import { checkSettings, secretPointers } from '../../src/adapter/setting/check-settings.js';
import { connectPreset } from './connected-preset.js';
import { expectNoSecret } from './expect-no-secret.js';
import { json, type Behaviour, type SeenRequest } from './fake-target.js';
import { mutationsOf } from './mutations.js';
import type { Answered, Arrival, PresetSpecimen } from './specimen/preset-specimen.js';
import type { Stand } from './stand.js';

const KEY = '019a0000-0000-7000-8000-000000000001';
const PUBLIC = { 'comment.text': 'for whom', 'comment.visibility': 'public' };
const answer = ({ status, body }: Answered): Behaviour => ({ do: 'answer', status, body, headers: { 'content-type': body.startsWith('<') ? 'text/xml; charset=utf-8' : 'application/json' } });

/** A body as it was meant, also of a form. */
const textOf = (body: Buffer): string => (body.includes('json_data=') ? new URLSearchParams(body.toString()).get('json_data')! : body.toString());

/**
 * Runs the part of the conformance suite that depends on a preset's settings: what it makes of answers, ids, secrets and what comes in. What
 * is the kind's own whatever the settings (time limits, trickling, the cap of answers, giving up, two endpoints at once) stays with the kinds.
 */
export function presetConforms(specimen: PresetSpecimen, stand: Stand): void {
  const { preset, ticketId } = specimen;
  const kind = adapterOf(preset.endpoint.adapter)!;
  let endpoint: ConnectedEndpoint;
  let secrets: readonly string[];
  let answers: Behaviour[];
  let calls: SeenRequest[];
  let login: Behaviour | null;

  const never = new AbortController().signal;
  const client = () => stand.http.client('conformance', { slots: 4 });
  const context = () => ({ http: client(), signal: never, nowMs: Date.parse('2026-01-31T10:06:00Z') });

  const restart = (otherwise: (seen: SeenRequest) => Behaviour = () => json(200, {})): void => {
    ({ endpoint, secrets } = connectPreset(preset, stand.target.url));
    if (specimen.login !== undefined) secrets = [...secrets, specimen.login.token];
    [answers, calls, login] = [[], [], specimen.login === undefined ? null : answer(specimen.login)];
    stand.target.reset();
    stand.target.always((seen) => {
      if (specimen.login?.path.test(seen.url) === true) return login!;
      calls.push(seen);
      return answers.shift() ?? otherwise(seen);
    });
  };
  const entityType = (): string => endpoint.entityTypes[0]!.name;
  const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
    ({ id: KEY, entityType: entityType(), messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'x' }, attachments: [], attempt: 1, ...over });
  const updating = (attributes: OutboundDelivery['attributes'] = PUBLIC): OutboundDelivery => delivery({ operation: 'UPDATE', ticketId, attributes });
  const send = async (given: OutboundDelivery): Promise<SendResult> => {
    const sent = new SentRequests(client(), never);
    const result = await kind.outbound.send(given, endpoint, sent.http, never);
    expectNoSecret(result, secrets);
    expectNoSecret(sent.kept(given, { ...endpoint, adapter: kind }), secrets);
    expect(result.error === null).toBe(result.outcome === 'success');
    expect((result.body?.byteLength ?? 0) <= 65_536).toBe(true);
    return result;
  };

  describe(`the preset ${preset.id}`, () => {
    beforeEach(() => restart());

    it('is as it says: its settings fit, its secrets are known for such, and it does what its specimen does', () => {
      expect(checkSettings(kind.settings, endpoint.settings)).toEqual([]);
      expect(secretPointers(kind.settings, endpoint.settings)).toEqual(expect.arrayContaining(preset.blanks.filter(({ isSecret }) => isSecret === true).map(({ pointer }) => pointer.replace('/settings', ''))));
      const { create, update } = (endpoint.entityTypes[0]!.settings['operations'] ?? {}) as { readonly create?: unknown; readonly update?: unknown };
      expect(create !== undefined ? 'create' : update !== undefined ? 'change' : 'receive').toBe(specimen.does);
      expect(kind.outbound.canLookUp(entityType(), endpoint)).toBe(specimen.does === 'create');
    });

    if (specimen.does === 'create') {
      const { created, followed, lookup } = specimen;

      describe('a create', () => {
        const after = (behaviour: Behaviour): Promise<SendResult> => {
          answers.push(behaviour);
          return send(delivery());
        };
        const afterCreated = (): Promise<SendResult> => {
          answers.push(answer(created), ...(followed === undefined ? [] : [answer(followed)]));
          return send(delivery());
        };

        it('is the same whenever it is rendered, and carries the key by which it is looked up', async () => {
          const [one, other] = [kind.outbound.render(delivery(), endpoint), kind.outbound.render(delivery({ attempt: 7 }), endpoint)];
          expect(one).toEqual(other);
          await afterCreated();
          if (!one.ok) throw new Error(one.error.message);
          expect(calls).toHaveLength(followed === undefined ? 1 : 2);
          expect(calls.slice(0, 1).map(({ method, url, body }) => [method, stand.target.url + url, body.toString()])).toEqual([[one.value.method, one.value.url, Buffer.from(one.value.body ?? '').toString()]]);
          expect(calls[0]!.body.toString()).toContain(KEY);
        });

        it('brings the id as it is written, however large', async () => {
          expect(await afterCreated()).toMatchObject({ outcome: 'success', ticketId, httpStatus: (followed ?? created).status });
        });

        it('whose answer names no ticket leaves open what happened', async () => {
          for (const body of ['{}', '[]', 'null', '"x"', '{"message":"ok"}', '{"id":null}', 'text', '', '<html></html>', '{"broken']) expect([body, (await after(answer({ status: 200, body }))).outcome]).toEqual([body, 'unknown']);
        });

        it('is judged by the status where the system says nothing of its own', async () => {
          const expected = { 408: 'retryable', 429: 'retryable', 503: 'retryable', 500: 'unknown', 502: 'unknown', 504: 'unknown', 401: 'credentials', 403: specimen.forbidden ?? 'credentials', 302: 'rejected', 400: 'rejected', 404: 'rejected', 422: 'rejected' };
          for (const [index, [status, outcome]] of Object.entries(expected).entries()) {
            for (const body of ['{"message":"no"}', ['<html>no</html>', '{}', ''][index % 3]!]) {
              restart(() => answer({ status: Number(status), body }));
              expect([status, body, (await send(delivery())).outcome]).toEqual([status, body, outcome]);
            }
          }
        });

        it('that is cut off, or answered by something else, is not taken for done or undone', async () => {
          for (const what of ['cut', 'cut-answer', 'garbage'] as const) expect([what, await after({ do: what })]).toEqual([what, expect.objectContaining({ outcome: 'unknown', endpointFault: true })]);
        });
      });

      describe('a look-up', () => {
        const lookUp = async (behaviour: Behaviour) => {
          answers.push(behaviour);
          const found = await kind.outbound.lookup!(KEY, entityType(), endpoint, client(), never);
          expectNoSecret(found, secrets);
          return found;
        };
        const listed = (...ids: readonly string[]): Behaviour => answer({ status: 200, body: lookup.list(ids, KEY) });

        it('asks for the key and finds its ticket', async () => {
          expect(await lookUp(listed(ticketId))).toEqual({ found: ticketId });
          // A system that cannot search for it lists what may be it: then the key is looked for in the list.
          if (!(decodeURIComponent(calls[0]!.url) + calls[0]!.body.toString()).includes(KEY)) expect(await lookUp(answer({ status: 200, body: lookup.list([ticketId], 'another') }))).toEqual({ found: null });
        });

        it('knows an absence where the search is to be believed, and nowhere else', async () => {
          expect(await lookUp(listed())).toEqual(lookup.isAbsenceKnown ? { found: null } : { failed: expect.objectContaining({ outcome: 'retryable' }) });
        });

        it('does not choose between two', async () => {
          expect(await lookUp(listed(ticketId, `${ticketId}0`))).toEqual({ failed: expect.objectContaining({ outcome: 'retryable', error: expect.any(String) }) });
        });

        it('takes nothing else for an absence', async () => {
          const none = lookup.list([], KEY);
          const wrong = [...[500, 503, 401, 302].map((status) => answer({ status, body: none })), ...[500, 502, 401, 403, 404].map((status) => answer({ status, body: '{}' })), answer({ status: 200, body: '<html>' }), answer({ status: 200, body: '{"message":"ok"}' }), answer(specimen.refusal), { do: 'cut' }, { do: 'garbage' }, { do: 'echo', status: 400 }] as Behaviour[];
          for (const behaviour of wrong) expect([behaviour, await lookUp(behaviour)]).toEqual([behaviour, { failed: expect.objectContaining({ error: expect.any(String) }) }]);
        });
      });
    }

    if (specimen.does !== 'receive') {
      const { refusal, changed = '{}' } = specimen;
      const call = (): OutboundDelivery => (specimen.does === 'create' ? delivery() : updating());

      describe('a call', () => {
        it('obeys Retry-After', async () => {
          for (const status of [429, 503]) {
            answers.push({ do: 'answer', status, headers: { 'retry-after': '17' } });
            expect(await send(call())).toMatchObject({ outcome: 'retryable', retryAfterMs: 17_000 });
          }
        });

        it('never shows a secret, even if the system sends everything back, at a login too', async () => {
          for (const status of [200, 400, 401, 422, 500]) {
            restart(() => ({ do: 'echo', status }));
            await send(call());
            await send(updating());
            if (login !== null) {
              restart();
              login = { do: 'echo', status };
              await send(call());
            }
          }
        });

        it('that is refused says so in the words of the system', async () => {
          answers.push(answer(refusal));
          expect(await send(call())).toMatchObject({ outcome: 'rejected', error: expect.stringContaining(refusal.words) });
        });
      });

      describe('a comment', () => {
        const sent = async (visibility: string | undefined) => {
          restart(() => answer({ status: 200, body: changed }));
          await send(updating({ 'comment.text': 'for whom', ...(visibility === undefined ? {} : { 'comment.visibility': visibility }) }));
          return calls.map(({ method, url, body }) => [method, url, textOf(body)]);
        };

        it('is for all only where that is said', async () => {
          const [forAll, forUs] = [await sent('public'), await sent('internal')];
          expect(JSON.stringify(forAll)).toContain('for whom');
          expect(forUs).not.toEqual(forAll);
          for (const visibility of [undefined, 'restricted', 'PUBLIC']) expect([visibility, await sent(visibility)]).toEqual([visibility, forUs]);
        });

        it('whose fate nobody knows is not called harmless to say again', async () => {
          for (const fate of [{ do: 'cut' }, json(500, {})] as const) {
            restart(({ method, body }) => (method === 'GET' || !textOf(body).includes('for whom') ? answer({ status: 200, body: changed }) : fate));
            expect(await send(updating())).toMatchObject({ outcome: 'unknown' });
          }
        });
      });

      it('tests a connection step by step', async () => {
        const check = async (behaviour: Behaviour) => {
          answers.push(behaviour);
          const steps = await kind.check(endpoint, client(), never);
          expectNoSecret(steps, secrets);
          return steps.map(({ step, ok }) => [step, ok]);
        };
        expect(await check(answer({ status: 200, body: specimen.checked ?? '[]' }))).toEqual([['network', true], ['authentication', true], ['rights', true]]);
        answers.push({ do: 'echo', status: 401 });
        expect(await check({ do: 'echo', status: 401 })).toEqual([['network', true], ['authentication', false]]);
        answers = [{ do: 'cut' }];
        expect(await check({ do: 'cut' })).toEqual([['network', false]]);
      });
    }

    describe('what comes in', () => {
      const asked = (arrival: Arrival, body: Uint8Array = Buffer.from(arrival.body)): InboundRequest => ({ entityType: entityType(), body, contentType: arrival.contentType ?? 'application/json', headers: arrival.headers ?? {}, query: '' });
      const completed = async (request: InboundRequest, { fetched = [] }: Arrival): Promise<InboundRequest> => {
        if (kind.inbound.lacks?.(request, endpoint) !== true) return request;
        answers.push(...fetched.map((body) => answer({ status: 200, body })));
        const done = await kind.inbound.complete!(request, endpoint, context());
        if (done.kind === 'failed') throw new Error(done.error);
        expectNoSecret(Buffer.from(done.completion), secrets);
        return { ...request, completion: done.completion };
      };
      const read = (request: InboundRequest): readonly NormalizedMessage[] => {
        const found = kind.inbound.normalize(request, endpoint);
        if (!found.ok) throw new Error(found.error.message);
        return found.value;
      };

      it('is of the ticket, its id as it is written, and the same each time', async () => {
        const request = await completed(asked(specimen.inbound), specimen.inbound);
        expect(calls).toHaveLength(specimen.inbound.fetched?.length ?? 0);
        const messages = read(request);
        expect(messages.length).toBeGreaterThan(0);
        for (const message of messages) expect(message).toMatchObject({ ticketId, entityType: entityType() });
        expect(messages[0]!.attributes).toMatchObject({ title: expect.any(String) });
        expect(read(request)).toEqual(messages);
      });

      const { comment } = specimen;
      if (comment !== null) {
        it('of a comment of which nobody says that all may read it is internal', async () => {
          const said = read(await completed(asked(comment), comment)).filter(({ attributes }) => attributes['comment.text'] !== undefined);
          expect(said).toEqual([expect.objectContaining({ ticketId, attributes: expect.objectContaining({ 'comment.visibility': 'internal' }) })]);
        });
      }

      it('unsigned is refused where the system signs', () => {
        const isSigned = endpoint.settings['verification'] !== undefined;
        expect(kind.inbound.verify(asked(specimen.inbound), endpoint).ok).toBe(!isSigned);
        expect(kind.inbound.form(endpoint, entityType())).toBe('mapped');
      });

      it('that is nonsense is no message and no exception', () => {
        const full = Buffer.from(specimen.inbound.body);
        const bodies = [Buffer.alloc(0), full.subarray(0, full.length >> 1), ...['[]', 'null', '{}', '"x"', '1', '['.repeat(200_000), '{"a":'.repeat(50_000), '<a>'.repeat(200)].map((one) => Buffer.from(one)), Buffer.from([0xff, 0xfe, 0x00])];
        for (const body of bodies) {
          const found = kind.inbound.normalize(asked(specimen.inbound, body), endpoint);
          if (found.ok && specimen.inbound.contentType === undefined) expect(found.value).toEqual([]);
        }
      });

      it('with any of its values gone or of another form is read or refused, never without a ticket', async () => {
        for (const arrival of [specimen.inbound, ...(comment === null ? [] : [comment])]) {
          const whole = await completed(asked(arrival), arrival);
          const given = [...mutationsOf(arrival.body).map((body) => ({ ...whole, body: Buffer.from(body) })), ...(whole.completion === undefined || whole.completion === null ? [] : mutationsOf(Buffer.from(whole.completion).toString()).map((completion) => ({ ...whole, completion: Buffer.from(completion) })))];
          expect(given.length).toBeGreaterThan(0);
          for (const request of given) {
            const found = kind.inbound.normalize(request, endpoint);
            for (const message of found.ok ? found.value : []) expect(message.ticketId).toMatch(/\S/);
          }
        }
      });

      if ((specimen.inbound.fetched?.length ?? 0) > 0) {
        it('and cannot be completed is a failure in words, final only where the ticket is refused', async () => {
          for (const [behaviour, isFinal] of [[json(500, {}), false], [{ do: 'cut' }, false], [{ do: 'garbage' }, false], [{ do: 'echo', status: 404 }, true], [json(429, {}), false]] as const) {
            restart(() => behaviour);
            const done = await kind.inbound.complete!(asked(specimen.inbound), endpoint, context());
            expectNoSecret(done, secrets);
            expect([behaviour, done]).toEqual([behaviour, expect.objectContaining({ kind: 'failed', isFinal, error: expect.any(String) })]);
          }
        });
      }
    });
  });
}
