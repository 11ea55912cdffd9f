import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { failedTerm } from '../../core/conversation/inbound-filter.js';
import { indexAttributes } from '../../core/message/attribute-index.js';
import { fold, sameName } from '../../core/message/fold.js';
import { BatchRunner, failpoint, Instance, METRICS, StageHub, TRACES, TRAFFIC, type BatchStage } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { accuseReceiveLane } from '../../store/pipeline/blame.js';
import { KIND, type Claim } from '../../store/pipeline/lane.js';
import { claimReceiveLanes, commitNormalized, releaseReceiveLane, type EndedMessage, type NormalizedItem, type NormalizeResult, type ReceiveLane } from '../../store/pipeline/receive-lanes.js';
import { newId, uuidTimeMs } from '../../store/pipeline/uuid.js';
import { SuppressionLog } from '../address/suppression-log.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { referencesOf } from '../ingest/accepted.js';
import type { EntityType, NormalizedMessage } from '../contract.js';

type ReceivedItem = ReceiveLane['requests'][number];

/** What one request, or a whole lane, came to. */
interface Taken {
  readonly items: NormalizedItem[];
  readonly ended: EndedMessage[];
  /** Requests that wait until what they leave out was fetched. */
  readonly parked?: readonly string[];
}

/** What was taken apart beforehand, by request id; an `Error` where that failed. */
type OpenedRequests = ReadonlyMap<string, unknown>;

interface Decision {
  readonly lane: ReceiveLane;
  readonly result: NormalizeResult;
}

function traceItems({ organization, endpoint, items }: NormalizeResult, startMs: number): void {
  const endMs = Date.now();
  for (const { accepted } of items) {
    const attributes = { 'parley.organization': organization, 'parley.endpoint': endpoint, 'parley.entity_type': accepted.entityType };
    TRACES.record({ name: 'normalize', message: accepted.id, startMs, endMs, attributes, error: null, ...(accepted.rawId === null ? {} : { madeFrom: accepted.rawId }) });
  }
}

/** Turns requests of kinds with their own form into canonical messages, in the order in which they were accepted. */
@Injectable()
export class NormalizeStage implements BatchStage<ReceiveLane, OpenedRequests, Decision>, OnModuleInit {
  readonly name = 'normalize';
  private readonly log = new Logger('normalize');

  constructor(
    private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance, private readonly endpoints: Endpoints,
    private readonly suppressions: SuppressionLog,
  ) {}

  onModuleInit(): void {
    this.hub.register('normalize', new BatchRunner(this, this.instance, 1));
  }

  async claim(claim: Claim): Promise<{ lanes: readonly ReceiveLane[]; full: boolean }> {
    await failpoint('normalize.before-claim');
    const lanes = await claimReceiveLanes(this.database.worker, claim);
    await failpoint('normalize.after-claim');
    return { lanes, full: lanes.length >= 8 };
  }

  async read(lanes: readonly ReceiveLane[]): Promise<OpenedRequests> {
    const opened = new Map<string, unknown>();
    for (const lane of lanes) {
      // Another instance may have made it a moment before it took the request.
      for (const entityType of new Set(lane.requests.map((request) => request.entityType))) await this.endpoints.findWith(lane.organization, lane.endpoint, entityType);
      const endpoint = this.endpoints.find(lane.organization, lane.endpoint);
      if (endpoint?.adapter.inbound.open === undefined) continue;
      for (const request of lane.requests) {
        const made = endpoint.adapter.inbound.open(request, endpoint, uuidTimeMs(request.id));
        opened.set(request.id, await made.catch((error: unknown) => new Error('the request could not be taken apart', { cause: error })));
      }
    }
    return opened;
  }

  decide(lane: ReceiveLane, openedRequests: OpenedRequests): Decision {
    const endpoint = this.endpoints.find(lane.organization, lane.endpoint);
    const taken = lane.requests.map((request) => {
      try {
        return this.normalize(lane, request, endpoint, openedRequests.get(request.id));
      } catch (error) {
        // A fault of the adapter's: one request ends visibly, the lane goes on.
        this.log.error({ event: 'normalize.failed', request: request.id, endpoint: lane.endpoint, err: error, message: 'an adapter failed while it read a request' });
        return { items: [], ended: [failed(lane, request, 'Parley failed while it read this request; its log says how')] };
      }
    });
    const items = taken.flatMap((one) => one.items);
    const ended = taken.flatMap((one) => one.ended);
    return { lane, result: { organization: lane.organization, endpoint: lane.endpoint, claim: lane.claim, doneSeq: lane.requests.at(-1)?.seq ?? lane.lastSeq, items, ended, parked: taken.flatMap((one) => one.parked ?? []) } };
  }

  private normalize(lane: ReceiveLane, request: ReceivedItem, endpoint: LiveEndpoint | undefined, opened: unknown): Taken {
    if (opened instanceof Error) throw opened;
    const entityType = endpoint?.entityType(request.entityType);
    if (endpoint === undefined || entityType === undefined) return { items: [], ended: [failed(lane, request, `the endpoint has no entity type "${request.entityType}" any more`)] };
    if (endpoint.adapter.inbound.lacks?.(request, endpoint) === true) return { items: [], ended: [], parked: [request.id] };
    const messages = endpoint.adapter.inbound.normalize(request, endpoint, opened);
    if (!messages.ok) return { items: [], ended: [failed(lane, request, messages.error.message)] };
    const taken: Taken = { items: [], ended: [] };
    for (const message of messages.value) this.take(message, { lane, request, endpoint, entityType }, taken);
    return taken;
  }

  async commit(decisions: readonly Decision[]): Promise<void> {
    for (const { result } of decisions) {
      const startMs = Date.now();
      await failpoint('normalize.before-commit');
      const committed = await this.instance.claiming(async (claim) => {
        const done = await commitNormalized(this.database, result, claim);
        await failpoint('normalize.after-commit');
        return done;
      });
      if (TRACES.isOn) traceItems(result, startMs);
      await this.suppressions.suppressed(committed.suppressed);
      await this.suppressions.lifted(result.organization, result.endpoint, committed.lifted);
      if (committed.contradicted > 0) METRICS.conflicts.inc(committed.contradicted);
      for (let count = result.items.length + result.ended.length; count > 0; count--) TRAFFIC.received(result.organization, result.endpoint);
      if (committed.more) this.hub.left('normalize');
      this.hub.hand('route', committed.lanes);
    }
  }

  condemn(lane: ReceiveLane, reason: string): Decision {
    const head = lane.requests[0];
    return {
      lane,
      result: { organization: lane.organization, endpoint: lane.endpoint, claim: lane.claim, doneSeq: head?.seq ?? lane.lastSeq, items: [], ended: head === undefined ? [] : [failed(lane, head, reason)] },
    };
  }

  size(lane: ReceiveLane): number {
    return lane.requests.length;
  }

  first(lane: ReceiveLane, count: number): ReceiveLane {
    return { ...lane, requests: lane.requests.slice(0, count) };
  }

  release(lane: ReceiveLane): Promise<void> {
    return releaseReceiveLane(this.database.worker, lane);
  }

  crashCount(lane: ReceiveLane): number {
    return lane.crashCount;
  }

  accuse(lane: ReceiveLane): Promise<void> {
    return accuseReceiveLane(this.database.worker, lane);
  }

  ownerOf(lane: ReceiveLane): string {
    return lane.organization;
  }

  private take(message: NormalizedMessage, from: { lane: ReceiveLane; request: ReceivedItem; endpoint: LiveEndpoint; entityType: EntityType }, { items, ended }: Taken): void {
    const { lane, request, endpoint } = from;
    if (!isStorable(message.ticketId) || !isStorable(message.messageType)) {
      ended.push(failed(lane, request, 'the ticket id holds characters that cannot be stored'));
      return;
    }
    const entityType = endpoint.entityType(message.entityType) ?? from.entityType;
    const id = newId();
    const body = canonicalBytes(message);
    const entityKey = fold(entityType.name);
    const sender = message.sender?.id;
    const undone = message.undoneDelivery === undefined ? {} : { undoneDelivery: message.undoneDelivery };
    const common = { id, organization: lane.organization, endpoint: lane.endpoint, entityType: entityType.name, entityKey, ticketId: message.ticketId === '' ? null : message.ticketId, rawId: request.id, body, deliveryId: null };
    const unmet = filteredBy(message, request, endpoint);
    if (message.filtered !== undefined || unmet !== null) {
      ended.push({ ...common, ...undone, conversation: null, state: 'FILTERED', reason: message.filtered ?? `does not pass the inbound filter: ${unmet}`, ...(message.isHeldBack === true ? { isHeldBack: true } : {}) });
      return;
    }
    const isOurs = sender !== undefined && endpoint.integrationUsers.some((user) => sameName(user, sender));
    items.push({
      accepted: { ...common, messageType: message.messageType, proposed: newId(), known: null, kind: isOurs ? KIND.ours : KIND.normal, depth: 0, references: referencesOf(message.attributes, message.references, entityType) },
      eventKey: message.eventId === null ? null : `event:${message.eventId}`,
      ...undone, aliases: (message.aliases ?? []).filter(isStorable), ...(message.note === undefined ? {} : { note: message.note }), ...(message.failedDelivery === undefined ? {} : { failedDelivery: message.failedDelivery }), ...(message.addressNews === undefined ? {} : { addressNews: message.addressNews }),
      attachments: message.attachments.map((one) => ({ organization: lane.organization, id: newId(), messageId: id, name: one.name, contentType: one.contentType, content: one.content })),
    });
  }
}

/** The condition of the endpoint's inbound filter that a message fails; null where it passes. */
function filteredBy(message: NormalizedMessage, request: ReceivedItem, endpoint: LiveEndpoint): string | null {
  if (endpoint.inboundFilter.length === 0) return null;
  const params = Object.fromEntries(new URLSearchParams(request.query));
  return failedTerm(endpoint.inboundFilter, { attributes: indexAttributes(message.attributes), params, username: endpoint.integrationUsers[0] ?? '' });
}

/** Text as PostgreSQL holds it: no NUL, no half characters. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** What the store keeps of a normalized message: the canonical body, so that it is read like any other. */
function canonicalBytes(message: NormalizedMessage): Buffer {
  const { ticketId, messageType, attributes, sender, occurredAt, references } = message;
  return Buffer.from(JSON.stringify({ ticketId, messageType, attributes, sender, occurredAt, references }));
}

const failed = (lane: ReceiveLane, request: ReceivedItem, reason: string): EndedMessage => ({
  id: newId(), organization: lane.organization, endpoint: lane.endpoint, entityType: request.entityType, entityKey: fold(request.entityType), ticketId: null, conversation: null,
  state: 'FAILED', reason, deliveryId: null, rawId: request.id, body: null,
});
