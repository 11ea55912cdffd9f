import { Logger } from '@nestjs/common';
import { trialOf } from '../../core/delivery/blame.js';
import type { GuardedHttp } from '../../net/index.js';
import { ENDPOINT_METRICS, failpoint, METRICS, TRACES, TRAFFIC, type Instance, type StageHub } from '../../queue/index.js';
import type { RuleSets } from '../../rule/index.js';
import type { Database } from '../../store/database.js';
import { attachmentContents } from '../../store/pipeline/attachment.js';
import type { DeliveryResult } from '../../store/pipeline/delivery-result.js';
import { doneSteps, keepStep } from '../../store/pipeline/delivery-steps.js';
import type { DeliveryLane, QueuedDelivery } from '../../store/pipeline/lane.js';
import { readNote } from '../../store/pipeline/ticket-knowledge.js';
import type { CarriedAttachment, StepMemory } from '../contract.js';
import type { EndpointPauses } from '../endpoint/endpoint-pauses.service.js';
import type { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { wayOut } from '../endpoint/way-out.js';
import type { Bulkhead } from './bulkhead.js';
import { attempt, condemned, givenBack, outboundOf, resultOf, type AttemptMade, type DeliveryBody } from './lane-run.js';
import type { ResultWriter } from './result-writer.js';

const DROPPED_DELAY_MS = 5_000;

/** A lane's turn at its endpoint. */
export interface LaneTurn {
  readonly bulkhead: Bulkhead;
  /** Its call tells whether the endpoint is back; false once that was told. */
  isProbe: boolean;
  /** The call is over: another lane may begin. May be called again. */
  readonly freeSlot: () => void;
}

/** What the sender needs of the process. */
export interface SenderParts {
  readonly database: Database;
  readonly hub: StageHub;
  readonly instance: Instance;
  readonly endpoints: Endpoints;
  readonly ruleSets: RuleSets;
  readonly http: GuardedHttp;
  readonly pauses: EndpointPauses;
  readonly results: ResultWriter;
  /** Tells all instances at once what this one knows of an endpoint. */
  readonly tellStates: (bulkhead: Bulkhead) => void;
  /** Looks for lanes again after so long. */
  readonly wakeAfter: (ms: number) => void;
  /** How many endpoints fail as a whole. */
  readonly openCircuits: () => number;
}

/** Sends what is first in a lane, writes what became of it, and tells what that says of the endpoint. */
export class LaneSender {
  private readonly log = new Logger('deliver');

  constructor(private readonly parts: SenderParts) {}

  /** Sends the first delivery of a lane; answers the lane with what is left to send, or null where this process is done with it. Never fails. */
  async run(lane: DeliveryLane, turn: LaneTurn): Promise<DeliveryLane | null> {
    const { results, instance, endpoints, pauses } = this.parts;
    let isCalled = false;
    try {
      const [delivery, next = null] = lane.deliveries;
      if (delivery === undefined || trialOf(lane.crashCount) === 'guilty') {
        await results.add(delivery === undefined ? givenBack(lane, delivery) : condemned(lane, delivery, 'the process ended each time that this was tried alone'));
        return null;
      }
      // Claims protect the store, not the target: the last look before every call.
      const current = endpoints.find(lane.organization, lane.endpoint);
      if (!instance.holds(lane.claim) || current === undefined || !pauses.mayCall(current, instance.nowMs())) {
        await results.add(givenBack(lane, delivery));
        return null;
      }
      const attachments = await this.attachmentsOf(lane, delivery);
      const note = current.adapter.outbound.usesNotes === true ? await readNote(this.parts.database.worker, lane, lane.conversation) : null;
      const steps = await this.stepsOf(lane, delivery, current);
      const waitMs = (await current.adapter.outbound.turn?.(outboundOf(delivery, lane.ticketId, { attachments, note, steps }), current)) ?? 0;
      if (waitMs > 0) {
        await results.add({ ...givenBack(lane, delivery), delayMs: waitMs });
        this.parts.wakeAfter(waitMs);
        return null;
      }
      await failpoint('deliver.before-call', lane.endpoint);
      isCalled = true;
      const made = await attempt(lane, delivery, lane.ticketId, {
        endpoint: current, nowMs: instance.nowMs(), http: wayOut(this.parts.http, current, () => instance.holds(lane.claim)), signal: instance.signal, attachments, note, steps,
        onFault: (error) => this.log.error({ event: 'deliver.adapter-failed', delivery: delivery.id, endpoint: lane.endpoint, err: error, message: 'an adapter failed while it sent' }),
      });
      await failpoint('deliver.after-call');
      await this.follow(made, current, turn);
      const result = resultOf(lane, { delivery, next }, made, this.parts.ruleSets.current(lane.organization));
      // The call is over: another may begin while its result is written, as long as few results wait for that.
      if (results.hasRoom) turn.freeSlot();
      await results.add(result);
      this.count(result, made, current, turn.bulkhead);
      if (result.delivery?.final === true) TRAFFIC.ended({ organization: lane.organization, source: delivery.source, target: lane.endpoint, createdMs: delivery.createdMs, isSent: result.delivery.state === 'SENT' });
      if (TRACES.isOn) traceAttempt(lane, delivery, made);
      if (result.delayMs !== null) this.parts.wakeAfter(result.delayMs);
      if (results.wasRefused(result)) {
        // It may have been written by a commit whose answer was lost: then the lane is still ours, and must not stay so.
        if (next !== null && !result.release) await results.add(givenBack(lane, next));
        return null;
      }
      if (result.release) return null;
      return { ...lane, ticketId: result.ticketId ?? lane.ticketId, deliveries: lane.deliveries.slice(1) };
    } catch (error) {
      this.dropped(lane, error, isCalled);
      return null;
    } finally {
      if (turn.isProbe) this.dropProbe(turn);
    }
  }

  /** Gives a lane back unworked. Never fails. */
  async giveBack(lane: DeliveryLane): Promise<void> {
    await this.parts.results.add(givenBack(lane, lane.deliveries[0])).catch((error: unknown) => this.dropped(lane, error, false));
  }

  /** No call was made, or nobody knows how it ended: another lane may find out whether the endpoint is back. */
  private dropProbe(turn: LaneTurn): void {
    turn.isProbe = false;
    turn.bulkhead.dropProbe();
    this.parts.tellStates(turn.bulkhead);
  }

  private count(result: DeliveryResult, made: AttemptMade, { organization, id, adapter }: LiveEndpoint, bulkhead: Bulkhead): void {
    ENDPOINT_METRICS.attempted(organization, id, made.send.outcome);
    METRICS.attempts.inc({ adapter: adapter.manifest.kind, outcome: made.send.outcome });
    METRICS.callSeconds.observe({ adapter: adapter.manifest.kind }, made.durationMs / 1_000);
    if (result.delivery !== null) METRICS.deliveries.inc({ state: result.delivery.state });
    if (result.delivery?.final !== true) return;
    bulkhead.noteEnd();
    this.parts.hub.finished(1);
  }

  /** What an attempt says of the endpoint as a whole. */
  private async follow(made: AttemptMade, endpoint: LiveEndpoint, turn: LaneTurn): Promise<void> {
    const { bulkhead } = turn;
    const { send } = made;
    const retryAfterMs = made.step.kind === 'retry' && send.retryAfterMs !== null && send.isOfTicket !== true ? made.step.afterMs : null;
    const { told, isUrgent } = bulkhead.record(endpoint, { failed: send.endpointFault, isProbe: turn.isProbe, retryAfterMs }, this.parts.instance.nowMs());
    turn.isProbe = false;
    if (isUrgent) this.parts.tellStates(bulkhead);
    this.parts.pauses.health.note({ organization: endpoint.organization, endpoint: endpoint.id, failed: send.endpointFault, error: send.error });
    if (made.step.kind === 'pause') await this.parts.pauses.pause(endpoint, made.step.reason);
    if (told === null) return;
    METRICS.circuits.set(this.parts.openCircuits());
    const line = { event: `endpoint.${told}`, endpoint: endpoint.id, status: send.httpStatus, error: send.error };
    if (told === 'recovered') this.log.log({ ...line, message: 'the endpoint works again' });
    else this.log.warn({ ...line, message: told === 'opened' ? 'the endpoint fails as a whole; its lanes wait, one call at a time finds out when it is back' : 'a call to the endpoint failed' });
  }

  /** Only what was tried before has anything to remember. */
  private async stepsOf({ organization }: DeliveryLane, { id, operation, entityType, attempts, isUnknown }: QueuedDelivery, endpoint: LiveEndpoint): Promise<StepMemory | undefined> {
    if (endpoint.adapter.outbound.keepsSteps?.(operation, entityType, endpoint) !== true) return undefined;
    const done = attempts > 0 || isUnknown ? await doneSteps(this.parts.database.worker, organization, id) : {};
    return { read: () => done, keep: (name, what) => keepStep(this.parts.database.worker, organization, id, { name, done: what }) };
  }

  private async attachmentsOf(lane: DeliveryLane, delivery: QueuedDelivery): Promise<readonly CarriedAttachment[]> {
    // Nearly all deliveries carry no file: the bytes tell without parsing.
    if (!Buffer.from(delivery.body.buffer, delivery.body.byteOffset, delivery.body.byteLength).includes('"attachments":[{')) return [];
    const { attachments } = JSON.parse(Buffer.from(delivery.body).toString()) as DeliveryBody;
    return attachmentContents(this.parts.database.worker, lane.organization, attachments.map((one) => one.id));
  }

  /** A fault of ours: the lane goes back; where a call was made, its attempt without a result says that nobody knows how it ended. */
  private dropped(lane: DeliveryLane, error: unknown, isCalled: boolean): void {
    this.log.error({ event: 'deliver.lane-dropped', conversation: lane.conversation, endpoint: lane.endpoint, err: error, message: 'a lane was dropped; it is taken up again' });
    if (!this.parts.instance.mayWork()) return; // its claims are gone: others take it over
    const back = givenBack(lane, lane.deliveries[0]);
    this.parts.results.add({ ...back, attempt: isCalled ? null : back.attempt, delayMs: DROPPED_DELAY_MS })
      .catch((again: unknown) => this.log.error({ event: 'deliver.lane-stuck', conversation: lane.conversation, err: again, message: 'a dropped lane could not be given back' }));
  }
}

function traceAttempt({ organization, conversation, endpoint }: DeliveryLane, { id, messageId, operation, attempts, ruleId }: QueuedDelivery, { send, durationMs }: AttemptMade): void {
  const endMs = Date.now();
  const status = send.httpStatus === null ? {} : { 'http.response.status_code': send.httpStatus };
  const attributes = {
    'parley.organization': organization, 'parley.conversation': conversation, 'parley.endpoint': endpoint, 'parley.delivery': id, 'parley.operation': operation,
    'parley.rule': ruleId, 'parley.attempt': attempts + 1, 'parley.outcome': send.outcome, ...status,
  };
  TRACES.record({ name: 'deliver', message: messageId, startMs: endMs - durationMs, endMs, attributes, error: send.error });
}
