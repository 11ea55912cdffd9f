import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, bigInt } from 'fast-check';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage, OutboundDelivery } from '../../src/adapter/contract.js';
import { adapterOf } from '../../src/adapter/registry.js';
import { connectPreset } from '../support/connected-preset.js';
import { json, type Behaviour } from '../support/fake-target.js';
import { BIG_ID, type Answered, type Arrival, type PresetSpecimen } from '../support/specimen/preset-specimen.js';
import { PRESET_SPECIMENS } from '../support/specimen/specimens.js';
import { useStand } from '../support/stand.js';

const KEY = '019a0000-0000-7000-8000-000000000001';
const stand = useStand();
const never = new AbortController().signal;
const client = () => stand.http.client('ids', { slots: 4 });

/** Ids that no JavaScript number holds: 20 digits, the last of them odd. */
const longId = bigInt({ min: 10n ** 19n, max: 10n ** 20n - 1n }).map((drawn) => String(drawn | 1n));
const answer = ({ status, body }: Answered): Behaviour => ({ do: 'answer', status, body, headers: { 'content-type': body.startsWith('<') ? 'text/xml; charset=utf-8' : 'application/json' } });

/** A specimen's texts with another id in the place of its own; comments get the other one. */
class Renamed {
  private readonly own: string;

  constructor(private readonly specimen: PresetSpecimen, readonly id: string, readonly commentId: string) {
    // Of an id that is put together, the part that the system counts.
    this.own = specimen.ticketId.includes(BIG_ID) ? BIG_ID : /@(\d+)$/.exec(specimen.ticketId)?.[1] ?? specimen.ticketId.split(':')[0]!;
  }

  get ticketId(): string {
    return this.text(this.specimen.ticketId);
  }

  text(given: string): string {
    return given.replaceAll(this.own, this.id);
  }

  arrival({ body, headers, contentType, fetched = [] }: Arrival): { readonly request: Omit<InboundRequest, 'entityType'>; readonly fetched: readonly string[] } {
    const said = (text: string): string => this.text(text).replaceAll('"id":9,', `"id":${this.commentId},`).replaceAll('"id":"9"', `"id":"${this.commentId}"`);
    return { request: { body: Buffer.from(said(body)), contentType: contentType ?? 'application/json', headers: headers ?? {}, query: '' }, fetched: fetched.map(said) };
  }
}

/** An endpoint of the preset; its target answers what is in the list, and then always the same. */
function connected(specimen: PresetSpecimen, answers: readonly Behaviour[], otherwise: Behaviour = json(200, {})): ConnectedEndpoint {
  const left = [...answers];
  stand.target.reset();
  stand.target.always((seen) => (specimen.login?.path.test(seen.url) === true ? answer(specimen.login) : left.shift() ?? otherwise));
  return connectPreset(specimen.preset, stand.target.url).endpoint;
}

async function received(specimen: PresetSpecimen, renamed: Renamed, arrival: Arrival): Promise<readonly NormalizedMessage[]> {
  const { request, fetched } = renamed.arrival(arrival);
  const endpoint = connected(specimen, fetched.map((body) => answer({ status: 200, body })));
  const kind = adapterOf(specimen.preset.endpoint.adapter)!;
  const asked: InboundRequest = { ...request, entityType: endpoint.entityTypes[0]!.name };
  const lacks = kind.inbound.lacks?.(asked, endpoint) === true;
  const done = lacks ? await kind.inbound.complete!(asked, endpoint, { http: client(), signal: never, nowMs: Date.parse('2026-01-31T10:06:00Z') }) : null;
  if (done?.kind === 'failed') throw new Error(done.error);
  const read = kind.inbound.normalize(done === null ? asked : { ...asked, completion: done.completion }, endpoint);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

describe.each(PRESET_SPECIMENS.map((specimen) => [specimen.preset.id, specimen] as const))('an id of 20 digits at %s', (_, specimen) => {
  const kind = adapterOf(specimen.preset.endpoint.adapter)!;
  const always = (holds: (renamed: Renamed) => Promise<void>): Promise<void> =>
    assert(asyncProperty(longId, longId, (id, commentId) => holds(new Renamed(specimen, id, commentId))), { numRuns: 12 });
  const delivery = (endpoint: ConnectedEndpoint, over: Partial<OutboundDelivery>): OutboundDelivery =>
    ({ id: KEY, entityType: endpoint.entityTypes[0]!.name, messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'x' }, attachments: [], attempt: 1, ...over });

  it('comes in as it is written, of tickets and of comments', async () => {
    await always(async (renamed) => {
      for (const arrival of [specimen.inbound, ...(specimen.comment === null ? [] : [specimen.comment])]) {
        const messages = await received(specimen, renamed, arrival);
        expect(messages.map(({ ticketId }) => ticketId)).toEqual(messages.map(() => renamed.ticketId));
        expect(messages.length).toBeGreaterThan(0);
        for (const { attributes } of messages) if (attributes['ticket.id'] !== undefined) expect(attributes['ticket.id']).toBe(renamed.ticketId);
        // What a double would have made of it stands nowhere.
        for (const id of [renamed.id, renamed.commentId]) expect(JSON.stringify(messages)).not.toContain(`${String(Number(id)).slice(0, 17)}000`);
        for (const { attributes, eventId } of messages) expect(`${JSON.stringify(attributes)}${eventId ?? ''}`).not.toMatch(/\de\+\d/);
      }
    });
  });

  if (specimen.does === 'receive') return;

  it('goes out as it came', async () => {
    await always(async (renamed) => {
      const endpoint = connected(specimen, [], answer({ status: 200, body: renamed.text(specimen.changed ?? '{}') }));
      await kind.outbound.send(delivery(endpoint, { operation: 'UPDATE', ticketId: renamed.ticketId, attributes: { 'comment.text': 'hello', 'comment.visibility': 'public' } }), endpoint, client(), never);
      const sent = stand.target.seen.map(({ url, body }) => `${decodeURIComponent(url)} ${body.toString()} ${new URLSearchParams(body.toString()).get('json_data') ?? ''}`).join('\n');
      // What Icinga counts stands behind the name by which it knows the object.
      expect(sent).toContain(renamed.ticketId.replace(/@\d+$/, ''));
    });
  });

  if (specimen.does !== 'create') return;

  it('is read from the answer to a create and found by a look-up', async () => {
    await always(async (renamed) => {
      const created = [specimen.created, ...(specimen.followed === undefined ? [] : [specimen.followed])].map(({ status, body }) => answer({ status, body: renamed.text(body) }));
      const endpoint = connected(specimen, created);
      expect(await kind.outbound.send(delivery(endpoint, {}), endpoint, client(), never)).toMatchObject({ outcome: 'success', ticketId: renamed.ticketId });
      const searched = connected(specimen, [answer({ status: 200, body: specimen.lookup.list([renamed.ticketId], KEY) })]);
      expect(await kind.outbound.lookup!(KEY, searched.entityTypes[0]!.name, searched, client(), never)).toEqual({ found: renamed.ticketId });
    });
  });
});
