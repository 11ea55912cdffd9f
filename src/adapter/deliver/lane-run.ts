import { DEFAULT_LOOP_LIMITS } from '../../core/conversation/loop-guard.js';
import { nextStep, type NextStep } from '../../core/delivery/next-step.js';
import type { RuleSet } from '../../core/rule/rule-set.js';
import type { DeliveryResult } from '../../store/pipeline/delivery-result.js';
import type { DeliveryLane, QueuedDelivery } from '../../store/pipeline/lane.js';
import { newId } from '../../store/pipeline/uuid.js';
import type { CarriedAttachment, OutboundDelivery, OutboundHttp, SendResult, StepMemory } from '../contract.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { SentRequests, type SentRequest } from './sent-request.js';

/** Answers to answers go on until the loop guard stops them; one deeper than it allows is enough for that. */
const DEEPEST_RESPONSE = DEFAULT_LOOP_LIMITS.answers + 1;

/** How long a lane rests whose answer paused its endpoint: until then every other instance has learned of the pause, and does not call again. */
const PAUSE_IS_KNOWN_MS = 2_000;

/** What a delivery carries, as routing stored it. */
export interface DeliveryBody {
  readonly messageType: string;
  readonly attributes: OutboundDelivery['attributes'];
  readonly attachments: readonly { readonly id: string }[];
}

/** One attempt at one delivery and what follows from it; nothing is written yet. */
export interface AttemptMade {
  readonly send: SendResult;
  readonly step: NextStep;
  readonly durationMs: number;
  /** What was sent, of an attempt that did not succeed: of one that did, it follows from what the delivery carries. */
  readonly request?: SentRequest | null;
}

export interface AttemptContext {
  readonly endpoint: LiveEndpoint;
  /** On the database's clock. */
  readonly nowMs: number;
  readonly http: OutboundHttp;
  readonly signal: AbortSignal;
  readonly attachments: readonly CarriedAttachment[];
  /** What the endpoint's kind noted of the ticket. */
  readonly note?: OutboundDelivery['note'];
  /** What was done of it by earlier attempts, for kinds that do it in several steps. */
  readonly steps?: StepMemory | undefined;
  /** Told of what an adapter throws: a fault of ours. */
  readonly onFault: (error: unknown) => void;
}

/** Makes one attempt. What nobody knows the end of is looked up first where the target can be searched. */
export async function attempt(lane: DeliveryLane, delivery: QueuedDelivery, ticketId: string | null, context: AttemptContext): Promise<AttemptMade> {
  const { endpoint } = context;
  const startedAt = performance.now();
  const sent = new SentRequests(context.http, context.signal);
  const send = await callTarget(lane, delivery, ticketId, { ...context, http: sent.http }).catch((error: unknown): SendResult => {
    context.onFault(error);
    return { ...refused('Parley failed while it sent; its log says how'), outcome: 'unknown' };
  });
  const step = nextStep(send, {
    operation: delivery.operation, attempt: delivery.attempts + 1, ageMs: context.nowMs - delivery.createdMs, canLookUp: delivery.operation === 'CREATE' && endpoint.adapter.outbound.canLookUp(delivery.entityType, endpoint),
    onUnknown: endpoint.delivery.onUnknown, onDeadUpdate: endpoint.delivery.onDeadUpdate, backoff: endpoint.delivery.retry, random: Math.random(),
  });
  const durationMs = Math.round(performance.now() - startedAt);
  return { send, step, durationMs, request: send.outcome === 'success' ? null : keptRequest() };

  /** An attempt counts whether its request can be shown or not. */
  function keptRequest(): SentRequest | null {
    try {
      return sent.kept(outboundOf(delivery, ticketId, context), endpoint);
    } catch (error) {
      context.onFault(error);
      return null;
    }
  }
}

async function callTarget(lane: DeliveryLane, delivery: QueuedDelivery, known: string | null, { endpoint, http, signal, attachments, note = null, steps }: AttemptContext): Promise<SendResult> {
  const { outbound } = endpoint.adapter;
  let ticketId = known;
  if (delivery.operation === 'UPDATE' && ticketId === null) return refused('the target\'s ticket id is not known');
  // An operator's word sends what cannot be looked up; what can be is looked up for the operator, too.
  const isOverruled = delivery.isOverruled && !delivery.isUnknown;
  if ((delivery.isUnknown || isOverruled) && !outbound.isIdempotent(delivery.operation, delivery.entityType, endpoint)) {
    const found = delivery.operation === 'CREATE' ? await outbound.lookup?.(delivery.id, delivery.entityType, endpoint, http, signal) : null;
    if (found === null || found === undefined) {
      if (!isOverruled && endpoint.delivery.onUnknown === 'hold') return { ...refused('an earlier attempt was cut short'), outcome: 'unknown' };
    } else if ('failed' in found) {
      if (found.failed.outcome === 'credentials') return found.failed;
      if (!isOverruled || found.failed.outcome !== 'rejected') return { ...found.failed, outcome: 'unknown' };
    } else if (found.found !== null) {
      // What was to be done after the ticket is still to be done.
      if (steps === undefined) return { ...refused(null), outcome: 'success', ticketId: found.found };
      ticketId = found.found;
    }
  }
  return outbound.send(outboundOf(delivery, ticketId, { attachments, note, steps }), endpoint, http, signal);
}

/** A delivery as its adapter sees it. */
export function outboundOf({ id, entityType, operation, attempts, body }: QueuedDelivery, ticketId: string | null, { attachments, note = null, steps }: Pick<AttemptContext, 'attachments' | 'note' | 'steps'>): OutboundDelivery {
  const { messageType, attributes } = JSON.parse(Buffer.from(body).toString()) as DeliveryBody;
  return { id, entityType, messageType, operation, ticketId, attributes, attachments, attempt: attempts + 1, note, ...(steps === undefined ? {} : { steps }) };
}

const refused = (error: string | null): SendResult =>
  ({ outcome: 'rejected', httpStatus: null, ticketId: null, answer: {}, error, retryAfterMs: null, endpointFault: false, body: null });

/** A delivery of a lane in hand, and the one that comes after it. */
export interface LanePlace {
  readonly delivery: QueuedDelivery;
  readonly next: QueuedDelivery | null;
}

/** What is written of an attempt: the delivery's state, the lane's way on, the answer where rules listen to it. */
export function resultOf(lane: DeliveryLane, { delivery, next }: LanePlace, made: AttemptMade, rules: RuleSet): DeliveryResult {
  const { send, step } = made;
  const number = delivery.attempts + 1;
  const goesOn = next !== null && (step.kind === 'sent' || (step.kind === 'dead' && step.blocked === null));
  const reason = step.kind === 'sent' ? (send.warning ?? null) : step.reason;
  return {
    ...laneOf(lane),
    doneSeq: step.kind === 'sent' || (step.kind === 'dead' && step.blocked === null) ? delivery.seq : delivery.seq - 1,
    release: !goesOn,
    delayMs: step.kind === 'retry' ? step.afterMs : step.kind === 'pause' ? PAUSE_IS_KNOWN_MS : null,
    blocked: step.kind === 'dead' || step.kind === 'hold' ? step.blocked : null,
    ticketId: step.kind === 'sent' && delivery.operation === 'CREATE' ? send.ticketId : null,
    delivery: { id: delivery.id, seq: delivery.seq, state: STATES[step.kind], attempts: number, httpStatus: send.httpStatus, error: storable(reason), final: step.kind === 'sent' || step.kind === 'dead' },
    attempt: { deliveryId: delivery.id, number, outcome: send.outcome, httpStatus: send.httpStatus, error: storable(send.error), durationMs: made.durationMs, answer: send.body, request: made.request == null ? null : JSON.stringify(made.request) },
    next: goesOn ? { deliveryId: next.id, number: next.attempts + 1 } : null,
    response: step.kind === 'sent' || step.kind === 'dead' ? responseOf(lane, delivery, made, rules) : null,
  };
}

/**
 * A lane that is given back unworked: its head's attempt was begun, but no call was made. Where an earlier one was cut short, that one
 * stays as it is: still nobody knows how it ended.
 */
export function givenBack(lane: DeliveryLane, head: QueuedDelivery | undefined): DeliveryResult {
  return {
    ...laneOf(lane), doneSeq: head === undefined ? lane.lastSeq : head.seq - 1, release: true, delayMs: null, blocked: null, ticketId: null, delivery: null, next: null, response: null,
    attempt: head === undefined || head.isUnknown ? null : { deliveryId: head.id, number: head.attempts + 1, outcome: 'NOT_SENT', httpStatus: null, error: null, durationMs: 0, answer: null },
  };
}

/** A lane that seems to end whoever takes it: its head is held for an operator, since nobody knows whether it was sent. */
export function condemned(lane: DeliveryLane, head: QueuedDelivery, error: string): DeliveryResult {
  const number = head.attempts + 1;
  return {
    ...laneOf(lane), doneSeq: head.seq - 1, release: true, delayMs: null, blocked: 'UNKNOWN_OUTCOME', ticketId: null, next: null, response: null,
    delivery: { id: head.id, seq: head.seq, state: 'HELD', attempts: number, httpStatus: null, error, final: false },
    attempt: { deliveryId: head.id, number, outcome: 'unknown', httpStatus: null, error, durationMs: 0, answer: null },
  };
}

const STATES = { sent: 'SENT', retry: 'RETRYING', dead: 'DEAD', hold: 'HELD', pause: 'RETRYING' } as const;

const laneOf = ({ organization, conversation, endpoint, entityKey, claim }: DeliveryLane): Pick<DeliveryResult, 'organization' | 'conversation' | 'endpoint' | 'entityKey' | 'claim'> =>
  ({ organization, conversation, endpoint, entityKey, claim });

/** Text of a target as a column can hold it. */
const storable = (text: string | null): string | null => (text === null ? null : text.replaceAll('\0', '').slice(0, 2_000).toWellFormed());

function responseOf(lane: DeliveryLane, delivery: QueuedDelivery, { send, step }: AttemptMade, rules: RuleSet): DeliveryResult['response'] {
  const status = step.kind === 'sent' ? 'SUCCESS' : 'ERROR';
  if (delivery.depth >= DEEPEST_RESPONSE || !rules.listensToAnswers(lane.endpoint, delivery.entityType, delivery.operation, status)) return null;
  const ticketId = send.ticketId ?? lane.ticketId;
  const response = { operation: delivery.operation, status, httpStatus: send.httpStatus, error: step.kind === 'sent' ? null : step.reason, ticketId };
  return {
    id: newId(), organization: lane.organization, endpoint: lane.endpoint, entityType: delivery.entityType, entityKey: lane.entityKey, messageType: '', ticketId, proposed: lane.conversation,
    known: lane.conversation, kind: 1, deliveryId: delivery.id, depth: delivery.depth + 1, rawId: null, body: Buffer.from(JSON.stringify({ attributes: send.answer, response })), references: [],
  };
}
