import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { trialOf } from '../../core/delivery/blame.js';
import { GuardedHttp } from '../../net/index.js';
import { failpoint, GroupCommit, Instance, METRICS, StageHub, TRACES, TRAFFIC, type StageWorker } from '../../queue/index.js';
import { RuleSets } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { attachmentContents } from '../../store/pipeline/attachment.js';
import { accuseDeliveryLane, acquitDeliveryLane } from '../../store/pipeline/blame.js';
import type { DeliveryResult } from '../../store/pipeline/delivery-result.js';
import { doneSteps, keepStep } from '../../store/pipeline/delivery-steps.js';
import { claimDeliveryLanes } from '../../store/pipeline/delivery-lanes.js';
import type { DeliveryLane, QueuedDelivery } from '../../store/pipeline/lane.js';
import { readNote } from '../../store/pipeline/ticket-knowledge.js';
import type { CarriedAttachment, StepMemory } from '../contract.js';
import { EndpointPauses } from '../endpoint/endpoint-pauses.service.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { wayOut } from '../endpoint/way-out.js';
import { Bulkhead } from './bulkhead.js';
import { ResultWriter } from './result-writer.js';
import { SharedStates } from './shared-states.js';
import { Trials } from './trials.js';
import { attempt, condemned, givenBack, resultOf, type AttemptMade, type DeliveryBody } from './lane-run.js';

const COMMIT = { maxItems: 128, maxWaitMs: 4, inFlight: 2 };
/** Lanes of one endpoint in hand for each of its slots, at most. */
const IN_HAND_PER_SLOT = 32;
const LANES_PER_CLAIM = 64;
const DROPPED_DELAY_MS = 5_000;
const SHORT_WAIT_MS = 5_000;
/** Lanes whose endpoint takes none for longer than this are given back. */
const SHORT_START_MS = 1_000;

/** A lane's turn at its endpoint. */
interface LaneTurn {
  readonly bulkhead: Bulkhead;
  /** Its call tells whether the endpoint is back; false once that was told. */
  isProbe: boolean;
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

/** Sends: each endpoint behind its own bulkhead, each lane one delivery after the other, results committed together. */
@Injectable()
export class DeliverStage implements StageWorker<DeliveryLane>, OnModuleInit {
  private readonly log = new Logger('deliver');
  private readonly bulkheads = new Map<string, Bulkhead>();
  private readonly states: SharedStates;
  private readonly results: GroupCommit<DeliveryResult, undefined>;
  private readonly writer: ResultWriter;
  private readonly trials: Trials;
  private behind = false;
  private claiming = false;
  private draining = false;
  private inHand = 0;
  private calls = 0;
  private drained: () => void = () => undefined;
  private wakeTimer: NodeJS.Timeout | undefined;
  private wakeAt = 0;

  constructor(
    private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance, private readonly endpoints: Endpoints,
    private readonly ruleSets: RuleSets, private readonly http: GuardedHttp, private readonly pauses: EndpointPauses,
  ) {
    this.writer = new ResultWriter(database, hub, instance, () => { this.behind = true; });
    this.results = new GroupCommit((results) => this.writer.write(results), COMMIT);
    this.states = new SharedStates(database, instance, {
      find: (organization, endpoint) => this.endpoints.find(organization, endpoint), bulkhead: (organization, endpoint) => this.bulkhead(organization, endpoint),
      bulkheads: () => this.bulkheads.values(), answered: (bulkhead) => this.pump(bulkhead),
    });
    this.trials = new Trials({
      calls: () => this.calls, accuse: (lane) => accuseDeliveryLane(database.worker, lane), acquit: (lane) => acquitDeliveryLane(database.worker, lane),
      begin: (lane) => {
        const bulkhead = this.bulkhead(lane.organization, lane.endpoint);
        bulkhead.waiting.unshift(lane);
        this.pump(bulkhead);
      },
      goOn: () => this.pumpAll(),
    });
  }

  onModuleInit(): void {
    this.hub.register('deliver', this);
    if (this.hub.runs('deliver')) this.states.start();
    this.hub.roomBy((organization, endpoint) => this.hasRoom(organization, endpoint));
    this.instance.whenLost(() => {
      for (const bulkhead of this.bulkheads.values()) this.inHand -= bulkhead.forget().length;
      this.inHand -= this.trials.forget().length;
    });
    this.pauses.onResume((organization, endpoint) => {
      const bulkhead = this.bulkhead(organization, endpoint);
      bulkhead.forgive();
      this.states.ask(bulkhead);
      this.hub.left('deliver');
    });
  }

  get depth(): number {
    return this.inHand;
  }

  /** What waits for a target is not what this process is behind with; what waits to be written is. */
  get pressing(): number {
    const nowMs = performance.now();
    let waiting = 0;
    let pressing = 0;
    for (const bulkhead of this.bulkheads.values()) {
      waiting += bulkhead.inHand;
      pressing += bulkhead.pressing(nowMs);
    }
    return this.inHand - waiting + pressing;
  }

  hand(lanes: readonly DeliveryLane[]): void {
    const touched = new Set<Bulkhead>();
    for (const lane of lanes) {
      this.inHand++;
      if (trialOf(lane.crashCount) === 'alone') {
        this.trials.add({ ...lane, deliveries: lane.deliveries.slice(0, 1) });
        continue;
      }
      const bulkhead = this.bulkhead(lane.organization, lane.endpoint);
      bulkhead.waiting.push(lane);
      touched.add(bulkhead);
    }
    for (const bulkhead of touched) this.pump(bulkhead);
  }

  wake(): void {
    this.behind = true;
    this.pumpAll();
    void this.claim();
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.draining = true;
    for (const lane of this.trials.forget()) this.giveLaneBack(lane);
    this.pumpAll();
    if (this.inHand > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    await this.states.stop();
  }

  /** Lanes that wait in the store go first: an endpoint that has such takes none as they get work. */
  private hasRoom(organization: string, id: string): boolean {
    const endpoint = this.endpoints.find(organization, id);
    if (endpoint === undefined || !this.mayClaim(endpoint)) return false;
    const bulkhead = this.bulkhead(organization, id);
    return !bulkhead.isBehind && bulkhead.inHand < endpoint.delivery.slots * IN_HAND_PER_SLOT;
  }

  private mayClaim(endpoint: LiveEndpoint): boolean {
    const nowMs = this.instance.nowMs();
    return !this.draining && this.pauses.mayCall(endpoint, nowMs) && this.bulkhead(endpoint.organization, endpoint.id).mayClaim(endpoint, nowMs);
  }

  private bulkhead(organization: string, endpoint: string): Bulkhead {
    const key = `${organization} ${endpoint}`;
    let bulkhead = this.bulkheads.get(key);
    if (bulkhead === undefined) this.bulkheads.set(key, (bulkhead = new Bulkhead(organization, endpoint)));
    return bulkhead;
  }

  /** Takes ready lanes of every endpoint that could send them now, oldest first, until there are none. */
  private async claim(): Promise<void> {
    if (this.claiming) return;
    this.claiming = true;
    try {
      while (this.behind && !this.draining && this.instance.mayWork()) {
        this.behind = false;
        await this.pauses.refresh((organization, id) => this.endpoints.find(organization, id));
        const hungry = this.hungry();
        if (hungry.length === 0) return;
        const lanes = await this.instance.claiming(async (claim) => {
          await failpoint('deliver.before-claim');
          const claimed = await claimDeliveryLanes(this.database.worker, hungry.map(({ organization, endpoint }) => ({ organization, endpoint })), claim);
          await failpoint('deliver.after-claim');
          return claimed;
        });
        const counts = Map.groupBy(lanes, (lane) => this.bulkhead(lane.organization, lane.endpoint));
        // An endpoint that gave as many as were asked for may have more.
        for (const bulkhead of hungry) bulkhead.isBehind = (counts.get(bulkhead)?.length ?? 0) >= LANES_PER_CLAIM;
        if (hungry.some((bulkhead) => bulkhead.isBehind)) this.behind = true;
        this.hand(lanes);
        if (this.behind) await new Promise((resolve) => { setImmediate(resolve); });
      }
    } catch (error) {
      this.log.warn({ event: 'deliver.claim-failed', err: error, message: 'ready lanes could not be claimed; the next sweep tries again' });
    } finally {
      this.claiming = false;
    }
  }

  /** The endpoints that could take a claim's worth of lanes now; what waits for the others in the store goes before what comes new. */
  private hungry(): Bulkhead[] {
    return this.endpoints.everywhere().filter((endpoint) => this.mayClaim(endpoint)).flatMap((endpoint) => {
      const bulkhead = this.bulkhead(endpoint.organization, endpoint.id);
      if (bulkhead.waiting.length < Math.max(endpoint.delivery.slots * IN_HAND_PER_SLOT - LANES_PER_CLAIM, 1)) return [bulkhead];
      bulkhead.isBehind = true;
      return [];
    });
  }

  /** Starts waiting lanes while the endpoint lets them; gives them back where it will not for long. */
  private pump(bulkhead: Bulkhead): void {
    const endpoint = this.endpoints.find(bulkhead.organization, bulkhead.endpoint);
    while (bulkhead.waiting.length > 0) {
      if (endpoint === undefined || this.draining || !this.instance.mayWork() || !this.pauses.mayCall(endpoint, this.instance.nowMs())) {
        this.giveBack(bulkhead);
        return;
      }
      if (!this.trials.permits(bulkhead.waiting[0]!)) return; // the trial's end pumps again
      const start = bulkhead.start(endpoint, this.instance.nowMs());
      if (start.kind === 'ask') return this.states.ask(bulkhead); // its answer pumps again
      if (start.kind === 'wait') {
        if (start.ms === Number.POSITIVE_INFINITY) return; // a lane that ends will pump again
        if (start.ms > SHORT_START_MS) this.giveBack(bulkhead);
        else this.pumpLater(bulkhead, start.ms);
        return;
      }
      const lane = bulkhead.waiting.shift()!;
      const freeSlot = this.takeSlot(bulkhead);
      void this.run(lane, { bulkhead, isProbe: start.isProbe }, freeSlot).then((rest) => {
        // A lane that has more waits its turn again: no lane keeps a slot while its result is written.
        this.trials.ended(lane);
        if (rest === null) this.left();
        else bulkhead.waiting.push(rest);
        freeSlot();
        if (rest !== null) this.pump(bulkhead);
        if (this.behind || (bulkhead.isBehind && bulkhead.waiting.length < endpoint.delivery.slots)) this.wake();
      });
    }
  }

  /** Takes a slot; what is returned gives it back, once, and lets the next lane start. */
  private takeSlot(bulkhead: Bulkhead): () => void {
    let isTaken = true;
    bulkhead.running++;
    this.calls++;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      bulkhead.running--;
      this.calls--;
      this.trials.slotFreed();
      this.pump(bulkhead);
    };
  }

  private pumpLater(bulkhead: Bulkhead, ms: number): void {
    clearTimeout(bulkhead.timer);
    bulkhead.timer = setTimeout(() => this.pump(bulkhead), ms).unref();
  }

  /** A lane that waits shortly is not left to the sweeper; one timer for the earliest. */
  private wakeAfter(ms: number): void {
    const at = performance.now() + ms;
    if (ms > SHORT_WAIT_MS || (this.wakeTimer !== undefined && this.wakeAt <= at)) return;
    clearTimeout(this.wakeTimer);
    this.wakeAt = at;
    this.wakeTimer = setTimeout(() => {
      this.wakeTimer = undefined;
      this.wake();
    }, ms + 5).unref();
  }

  private giveBack(bulkhead: Bulkhead): void {
    for (const lane of bulkhead.waiting.splice(0)) {
      this.giveLaneBack(lane);
      this.trials.ended(lane);
    }
  }

  private giveLaneBack(lane: DeliveryLane): void {
    this.results.add(givenBack(lane, lane.deliveries[0])).catch((error: unknown) => this.dropped(lane, error)).finally(() => this.left());
  }

  private pumpAll(): void {
    for (const bulkhead of this.bulkheads.values()) if (bulkhead.waiting.length > 0) this.pump(bulkhead);
  }

  private left(): void {
    this.inHand--;
    if (this.inHand === 0) this.drained();
  }

  /** Sends the first delivery of a lane; answers the lane with what is left to send, or null where this process is done with it. */
  private async run(lane: DeliveryLane, turn: LaneTurn, freeSlot: () => void): Promise<DeliveryLane | null> {
    try {
      const [delivery, next = null] = lane.deliveries;
      if (delivery === undefined || trialOf(lane.crashCount) === 'guilty') {
        await this.results.add(delivery === undefined ? givenBack(lane, delivery) : condemned(lane, delivery, 'the process ended each time that this was tried alone'));
        return null;
      }
      // Claims protect the store, not the target: the last look before every call.
      const current = this.endpoints.find(lane.organization, lane.endpoint);
      if (!this.instance.holds(lane.claim) || current === undefined || !this.pauses.mayCall(current, this.instance.nowMs())) {
        await this.results.add(givenBack(lane, delivery));
        return null;
      }
      await failpoint('deliver.before-call', lane.endpoint);
      const made = await attempt(lane, delivery, lane.ticketId, {
        endpoint: current, http: wayOut(this.http, current), signal: this.instance.signal, attachments: await this.attachmentsOf(lane, delivery),
        note: current.adapter.outbound.usesNotes === true ? await readNote(this.database.worker, lane, lane.conversation) : null,
        steps: await this.stepsOf(lane, delivery, current),
        onFault: (error) => this.log.error({ event: 'deliver.adapter-failed', delivery: delivery.id, endpoint: lane.endpoint, err: error, message: 'an adapter failed while it sent' }),
      });
      await failpoint('deliver.after-call');
      await this.follow(made, current, turn);
      const result = resultOf(lane, { delivery, next }, made, this.ruleSets.current(lane.organization));
      // The call is over: another may begin while its result is written, as long as few results wait for that.
      if (this.results.depth < COMMIT.maxItems) freeSlot();
      await this.results.add(result);
      this.count(result, made, current, turn.bulkhead);
      if (result.delivery?.final === true) TRAFFIC.ended({ organization: lane.organization, source: delivery.source, target: lane.endpoint, createdMs: delivery.createdMs, isSent: result.delivery.state === 'SENT' });
      if (TRACES.isOn) traceAttempt(lane, delivery, made);
      if (result.delayMs !== null) this.wakeAfter(result.delayMs);
      if (this.writer.wasRefused(result)) {
        // It may have been written by a commit whose answer was lost: then the lane is still ours, and must not stay so.
        if (next !== null && !result.release) await this.results.add(givenBack(lane, next));
        return null;
      }
      if (result.release) return null;
      return { ...lane, ticketId: result.ticketId ?? lane.ticketId, deliveries: lane.deliveries.slice(1) };
    } catch (error) {
      this.dropped(lane, error);
      return null;
    } finally {
      if (turn.isProbe) this.dropProbe(turn);
    }
  }

  /** No call was made, or nobody knows how it ended: another lane may find out whether the endpoint is back. */
  private dropProbe(turn: LaneTurn): void {
    turn.isProbe = false;
    turn.bulkhead.dropProbe();
    this.states.ask(turn.bulkhead);
  }

  private count(result: DeliveryResult, made: AttemptMade, { adapter }: LiveEndpoint, bulkhead: Bulkhead): void {
    METRICS.attempts.inc({ adapter: adapter.manifest.kind, outcome: made.send.outcome });
    METRICS.callSeconds.observe({ adapter: adapter.manifest.kind }, made.durationMs / 1_000);
    if (result.delivery !== null) METRICS.deliveries.inc({ state: result.delivery.state });
    if (result.delivery?.final !== true) return;
    bulkhead.noteEnd();
    this.hub.finished(1);
  }

  /** What an attempt says of the endpoint as a whole. */
  private async follow(made: AttemptMade, endpoint: LiveEndpoint, turn: LaneTurn): Promise<void> {
    const { bulkhead } = turn;
    const { send } = made;
    const retryAfterMs = made.step.kind === 'retry' && send.retryAfterMs !== null ? made.step.afterMs : null;
    const { told, isUrgent } = bulkhead.record(endpoint, { failed: send.endpointFault, isProbe: turn.isProbe, retryAfterMs }, this.instance.nowMs());
    turn.isProbe = false;
    if (isUrgent) this.states.ask(bulkhead);
    this.pauses.health.note({ organization: endpoint.organization, endpoint: endpoint.id, failed: send.endpointFault, error: send.error });
    if (made.step.kind === 'pause') await this.pauses.pause(endpoint, made.step.reason);
    if (told === null) return;
    METRICS.circuits.set([...this.bulkheads.values()].filter((one) => one.circuitState !== 'closed').length);
    const line = { event: `endpoint.${told}`, endpoint: endpoint.id, status: send.httpStatus, error: send.error };
    if (told === 'recovered') this.log.log({ ...line, message: 'the endpoint works again' });
    else this.log.warn({ ...line, message: told === 'opened' ? 'the endpoint fails as a whole; its lanes wait, one call at a time finds out when it is back' : 'a call to the endpoint failed' });
  }

  /** Only what was tried before has anything to remember. */
  private async stepsOf({ organization }: DeliveryLane, { id, operation, entityType, attempts, isUnknown }: QueuedDelivery, endpoint: LiveEndpoint): Promise<StepMemory | undefined> {
    if (endpoint.adapter.outbound.keepsSteps?.(operation, entityType, endpoint) !== true) return undefined;
    const done = attempts > 0 || isUnknown ? await doneSteps(this.database.worker, organization, id) : {};
    return { read: () => done, keep: (name, what) => keepStep(this.database.worker, organization, id, { name, done: what }) };
  }

  private async attachmentsOf(lane: DeliveryLane, delivery: QueuedDelivery): Promise<readonly CarriedAttachment[]> {
    // Nearly all deliveries carry no file: the bytes tell without parsing.
    if (!Buffer.from(delivery.body.buffer, delivery.body.byteOffset, delivery.body.byteLength).includes('"attachments":[{')) return [];
    const { attachments } = JSON.parse(Buffer.from(delivery.body).toString()) as DeliveryBody;
    return attachmentContents(this.database.worker, lane.organization, attachments.map((one) => one.id));
  }

  /** A fault of ours: the lane goes back, and its attempt without a result says that nobody knows how it ended. */
  private dropped(lane: DeliveryLane, error: unknown): void {
    this.log.error({ event: 'deliver.lane-dropped', conversation: lane.conversation, endpoint: lane.endpoint, err: error, message: 'a lane was dropped; it is taken up again' });
    if (!this.instance.mayWork()) return; // its claims are gone: others take it over
    this.results.add({ ...givenBack(lane, lane.deliveries[0]), attempt: null, delayMs: DROPPED_DELAY_MS })
      .catch((again: unknown) => this.log.error({ event: 'deliver.lane-stuck', conversation: lane.conversation, err: again, message: 'a dropped lane could not be given back' }));
  }
}
