import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { checkSettings } from '../../../src/adapter/setting/check-settings.js';
import type { Adapter, CarriedAttachment, ConnectedEndpoint, InboundRequest, NormalizedMessage, OutboundDelivery, SendResult } from '../../../src/adapter/contract.js';
import { checkEntityTypes, readEntityTypes } from '../../../src/adapter/endpoint/entity-types.js';
import type { Preset } from '../../../src/adapter/preset/preset.js';
import { adapterOf } from '../../../src/adapter/registry.js';
import { EgressPolicy } from '../../../src/net/egress-policy.js';
import { GuardedHttp } from '../../../src/net/guarded-http.js';
import { FakeTarget } from '../fake-target.js';

/** The broker's clock while it polls. */
const NOW_MS = Date.parse('2026-01-31T10:00:00Z');

/** An endpoint made from a preset, connected to a fake; as a broker would use it, without one. */
export class PresetDesk {
  readonly http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
  private made: ConnectedEndpoint | undefined;
  /** Of the preset's kind. */
  private readonly kind: Adapter;
  target!: FakeTarget;

  constructor(readonly preset: Preset, private readonly over: Readonly<Record<string, unknown>> = {}, private readonly basePath = '', private readonly isPolled = false) {
    this.kind = adapterOf(preset.endpoint.adapter)!;
  }

  /** The endpoint: the preset, its blanks filled. */
  get endpoint(): ConnectedEndpoint {
    return (this.made ??= this.make());
  }

  private make(): ConnectedEndpoint {
    const { endpoint, polling } = this.preset;
    const settings = { ...endpoint.settings, [endpoint.adapter === 'soap' ? 'address' : 'baseUrl']: this.target.url + this.basePath, timeouts: { connectMs: 10_000, headersMs: 10_000, totalMs: 20_000 }, ...this.over };
    const entityTypes = endpoint.entityTypes.map((one) => (this.isPolled ? { ...one, poll: polling?.[one['name'] as string] ?? one['poll'] } : one));
    expect([...checkSettings(this.kind.settings, settings), ...checkEntityTypes(this.kind.entityTypeSettings, entityTypes)]).toEqual([]);
    return { organization: 'o', id: this.preset.id, name: endpoint.name, settings, entityTypes: readEntityTypes(entityTypes) };
  }

  private delivery(over: Partial<OutboundDelivery>): OutboundDelivery {
    const kept: Record<string, unknown> = {};
    return {
      id: '019a0000-0000-7000-8000-000000000001', entityType: this.endpoint.entityTypes[0]!.name, messageType: '', operation: 'CREATE', ticketId: null, attributes: {}, attachments: [], attempt: 1,
      steps: { read: () => kept, keep: (name, done) => { kept[name] = JSON.parse(JSON.stringify(done)); return Promise.resolve(); } }, ...over,
    };
  }

  create(attributes: OutboundDelivery['attributes'], over: Partial<OutboundDelivery> = {}): Promise<SendResult> {
    return this.send(this.delivery({ attributes, ...over }));
  }

  update(ticketId: string, attributes: OutboundDelivery['attributes'], over: Partial<OutboundDelivery> = {}): Promise<SendResult> {
    return this.send(this.delivery({ operation: 'UPDATE', ticketId, attributes, ...over }));
  }

  private send(delivery: OutboundDelivery): Promise<SendResult> {
    return this.kind.outbound.send(delivery, this.endpoint, this.http.client('t', { slots: 4 }), new AbortController().signal);
  }

  lookUp(deliveryId = '019a0000-0000-7000-8000-000000000001') {
    return this.kind.outbound.lookup!(deliveryId, this.endpoint.entityTypes[0]!.name, this.endpoint, this.http.client('t', { slots: 4 }), new AbortController().signal);
  }

  /** The connection test, its steps as words. */
  async check(): Promise<string[]> {
    return (await this.kind.check(this.endpoint, this.http.client('t', { slots: 1 }), new AbortController().signal)).map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`);
  }

  /** What the system says that it has. */
  async discover() {
    const found = await this.kind.discover!(this.endpoint, this.endpoint.entityTypes[0]!.name, { http: this.http.client('t', { slots: 1 }), signal: new AbortController().signal, nowMs: NOW_MS });
    if (!found.ok) throw new Error(found.error.message);
    return found.value.attributes;
  }

  /** What a call to the inbound address comes to; throws where it is refused. */
  receive(body: unknown, headers: Readonly<Record<string, string>> = {}): readonly NormalizedMessage[] {
    const contentType = headers['content-type'] ?? (typeof body === 'string' && body.startsWith('<') ? 'text/xml; charset=utf-8' : 'application/json');
    const request: InboundRequest = { entityType: this.endpoint.entityTypes[0]!.name, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType, headers, query: '' };
    const verified = this.kind.inbound.verify(request, this.endpoint);
    if (!verified.ok) throw new Error(verified.error.message);
    return this.normalized(request);
  }

  /** What a call comes to after what it leaves out was fetched, as the broker does. */
  async receiveWhole(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<readonly NormalizedMessage[]> {
    const request: InboundRequest = { entityType: this.endpoint.entityTypes[0]!.name, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType: 'application/json', headers, query: '' };
    const verified = this.kind.inbound.verify(request, this.endpoint);
    if (!verified.ok) throw new Error(verified.error.message);
    return this.normalized(await this.completed(request));
  }

  private async completed(request: InboundRequest): Promise<InboundRequest> {
    if (this.kind.inbound.lacks?.(request, this.endpoint) !== true) return request;
    const done = await this.kind.inbound.complete!(request, this.endpoint, { http: this.http.client('t', { slots: 2 }), signal: new AbortController().signal, nowMs: NOW_MS });
    if (done.kind === 'failed') throw new Error(done.error);
    return { ...request, completion: done.completion };
  }

  private normalized(request: InboundRequest): readonly NormalizedMessage[] {
    const read = this.kind.inbound.normalize(request, this.endpoint);
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  }

  /** Polls until there is no more. */
  async poll(cursor: unknown = null): Promise<{ readonly messages: NormalizedMessage[]; readonly keys: string[]; readonly cursor: unknown }> {
    const messages: NormalizedMessage[] = [];
    const keys: string[] = [];
    for (let at = cursor; ;) {
      const last = await this.kind.source!.poll(this.endpoint, this.endpoint.entityTypes[0]!.name, at, { http: this.http.client('t', { slots: 2 }), signal: new AbortController().signal, nowMs: NOW_MS });
      if (last.kind !== 'fetched') throw new Error(last.error);
      for (const item of last.items) {
        keys.push(item.repeatKey);
        messages.push(...this.normalized(await this.completed({ headers: {}, query: '', ...item })));
      }
      at = JSON.parse(JSON.stringify(last.cursor)) as unknown;
      if (!last.more) return { messages, keys, cursor: at };
    }
  }
}

/** Starts a desk before the tests of a file and stops it behind them; `behave` makes its target answer, before each. */
export function useDesk(desk: PresetDesk, behave: (target: FakeTarget) => void): PresetDesk {
  beforeAll(async () => { desk.target = await FakeTarget.start(); });
  beforeEach(() => { desk.target.reset(); behave(desk.target); });
  afterAll(async () => { await desk.http.close(); await desk.target.stop(); });
  return desk;
}

export const file = (name: string, text: string, contentType = 'text/plain'): CarriedAttachment => ({ id: `id-${name}`, name, contentType, size: text.length, content: Buffer.from(text) });
export const lines = (target: FakeTarget): string[] => target.seen.map(({ method, url }) => `${method} ${decodeURIComponent(url.replaceAll('+', ' '))}`);
