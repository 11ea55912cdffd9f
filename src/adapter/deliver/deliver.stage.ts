import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { trialOf } from '../../core/delivery/blame.js';
import { GuardedHttp } from '../../net/index.js';
import { ENDPOINT_METRICS, failpoint, Instance, StageHub, type EndpointNow, type StageWorker } from '../../queue/index.js';
import { RuleSets } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { accuseDeliveryLane, acquitDeliveryLane } from '../../store/pipeline/blame.js';
import { claimDeliveryLanes } from '../../store/pipeline/delivery-lanes.js';
import type { DeliveryLane } from '../../store/pipeline/lane.js';
import { EndpointPauses } from '../endpoint/endpoint-pauses.service.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { Bulkhead } from './bulkhead.js';
import { LaneSender } from './lane-sender.js';
import { ResultWriter } from './result-writer.js';
import { SharedStates } from './shared-states.js';
import { Trials } from './trials.js';

/** Lanes of one endpoint in hand for each of its slots, at most. */
const IN_HAND_PER_SLOT = 32;
const LANES_PER_CLAIM = 64;
const SHORT_WAIT_MS = 5_000;
/** Lanes whose endpoint takes none for longer than this are given back. */
const SHORT_START_MS = 1_000;

/** Takes lanes and starts them: each endpoint behind its own bulkhead, each lane one delivery after the other. */
@Injectable()
export class DeliverStage implements StageWorker<DeliveryLane>, OnModuleInit {
  private readonly log = new Logger('deliver');
  private readonly bulkheads = new Map<string, Bulkhead>();
  private readonly states: SharedStates;
  private readonly sender: LaneSender;
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
    ruleSets: RuleSets, http: GuardedHttp, private readonly pauses: EndpointPauses,
  ) {
    this.states = new SharedStates(database, instance, {
      find: (organization, endpoint) => this.endpoints.find(organization, endpoint), bulkhead: (organization, endpoint) => this.bulkhead(organization, endpoint),
      bulkheads: () => this.bulkheads.values(), answered: (bulkhead) => this.pump(bulkhead),
    });
    this.sender = new LaneSender({
      database, hub, instance, endpoints, ruleSets, http, pauses, results: new ResultWriter(database, hub, instance, () => { this.behind = true; }),
      tellStates: (bulkhead) => this.states.ask(bulkhead), wakeAfter: (ms) => this.wakeAfter(ms),
      openCircuits: () => [...this.bulkheads.values()].filter((one) => one.circuitState !== 'closed').length,
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
    ENDPOINT_METRICS.readFrom((organization) => this.nowOf(organization));
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

  /** What is under way at an organization's endpoints. */
  private nowOf(organization: string): EndpointNow[] {
    return this.endpoints.everywhere().filter((endpoint) => endpoint.organization === organization).map(({ id, delivery }) => {
      const bulkhead = this.bulkhead(organization, id);
      return { endpoint: id, circuit: bulkhead.circuitState, slots: delivery.slots, callsUnderWay: bulkhead.running, lanesInHand: bulkhead.inHand };
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
      void this.sender.run(lane, { bulkhead, isProbe: start.isProbe, freeSlot }).then((rest) => {
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
    void this.sender.giveBack(lane).then(() => this.left());
  }

  private pumpAll(): void {
    for (const bulkhead of this.bulkheads.values()) if (bulkhead.waiting.length > 0) this.pump(bulkhead);
  }

  private left(): void {
    this.inHand--;
    if (this.inHand === 0) this.drained();
  }
}
