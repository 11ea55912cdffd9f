import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Need } from '../../core/rule/decision.js';
import { translationKey, type Known } from '../../core/rule/scope.js';
import { BatchRunner, failpoint, Instance, METRICS, StageHub, TRACES, WakeUps, type BatchStage } from '../../queue/index.js';
import { RuleSets, Translations } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { accuseRouteLane } from '../../store/pipeline/blame.js';
import type { Claim, DeliveryLane, RouteLane } from '../../store/pipeline/lane.js';
import { claimRouteLanes, releaseRouteLane } from '../../store/pipeline/route-lanes.js';
import { commitRoutes, laneKey, type RouteResult } from '../../store/pipeline/route-commit.js';
import { UNMAPPED } from '../unmapped/unmapped-counts.js';
import { ConversationInHand } from './conversation-in-hand.js';
import { begun, decideLane } from './decide-lane.js';
import { EchoPolicy } from './echo-policy.service.js';
import { RouteDecision } from './route-decision.js';
import { readContext, type RouteContext } from './route-context.js';

/** Route batches that may be under way at once: one decides while the other is being written. */
const IN_FLIGHT = 2;

/** What a lane was given that is decided again with the same `now`. */
interface LaneSupply {
  readonly claim: Claim;
  readonly nowMs: number;
  readonly known: Known;
}

function fetchedOf(needs: readonly Need[], supply: LaneSupply | null): Known {
  const fetched = supply?.known ?? {};
  return Object.fromEntries(needs.map(translationKey).flatMap((key) => (fetched[key] === undefined ? [] : [[key, fetched[key]] as const])));
}

function traceRoutes(results: readonly RouteResult[], startMs: number): void {
  const endMs = Date.now();
  for (const { organization, conversation, messages } of results) {
    for (const { id, state, reason } of messages) {
      const attributes = { 'parley.organization': organization, 'parley.conversation': conversation, 'parley.state': state };
      TRACES.record({ name: 'route', message: id, startMs, endMs, attributes, error: state === 'FAILED' ? reason ?? state : null });
    }
  }
}

/** Decides what becomes of messages: rules, conversation and clock in, deliveries and memory out. */
@Injectable()
export class RouteStage implements BatchStage<RouteLane, RouteContext, RouteDecision>, OnModuleInit {
  readonly name = 'route';
  private readonly log = new Logger('route');
  /** By conversation: what was fetched for a lane that is being decided again. */
  private readonly supplies = new Map<string, LaneSupply>();

  constructor(
    private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance, private readonly ruleSets: RuleSets,
    private readonly wakeUps: WakeUps, private readonly echoes: EchoPolicy,
    private readonly translations: Translations,
  ) {}

  onModuleInit(): void {
    this.hub.register('route', new BatchRunner(this, this.instance, IN_FLIGHT));
    this.instance.whenLost(() => this.supplies.clear());
  }

  async claim(claim: Claim): Promise<{ lanes: readonly RouteLane[]; full: boolean }> {
    await failpoint('route.before-claim');
    const lanes = await claimRouteLanes(this.database.worker, claim);
    await failpoint('route.after-claim');
    return { lanes, full: lanes.length >= 64 };
  }

  async read(lanes: readonly RouteLane[]): Promise<RouteContext> {
    const context = await readContext(this.database, lanes, {
      readsPrevious: (lane, item) => this.ruleSets.current(lane.organization).readsPrevious(item.endpoint, item.entityType),
      hasRule: (lane, ruleId) => this.ruleSets.current(lane.organization).ruleOf(ruleId) !== null,
    }, () => this.instance.nowMs());
    await failpoint('route.after-read');
    return context;
  }

  decide(lane: RouteLane, context: RouteContext): RouteDecision {
    const supply = this.supplyOf(lane);
    const decision = decideLane(lane, supply === null ? context : { ...context, nowMs: supply.nowMs }, {
      rules: this.ruleSets.current(lane.organization),
      byValue: (endpoint) => this.echoes.byValue(lane.organization, endpoint),
      known: (needs) => ({ ...this.translations.known(lane.organization, needs), ...fetchedOf(needs, supply) }),
    });
    if (decision.missing.length === 0) this.supplies.delete(lane.conversation);
    else if (supply === null) this.supplies.set(lane.conversation, { claim: lane.claim, nowMs: context.nowMs, known: {} });
    return decision;
  }

  supply(decision: RouteDecision): Promise<void> | null {
    const { lane, missing } = decision;
    if (missing.length === 0) return null;
    return this.translations.fetch(lane.organization, missing, this.instance.signal).then((fetched) => {
      const supply = this.supplyOf(lane);
      if (supply !== null) this.supplies.set(lane.conversation, { ...supply, known: { ...supply.known, ...fetched } });
    });
  }

  /** What was fetched for the lane under this claim; of an earlier one it is forgotten. */
  private supplyOf(lane: RouteLane): LaneSupply | null {
    const supply = this.supplies.get(lane.conversation);
    return supply?.claim === lane.claim ? supply : null;
  }

  async commit(decisions: readonly RouteDecision[]): Promise<void> {
    const mayDeliver = this.hub.runs('deliver');
    const startMs = Date.now();
    const results = decisions.map((decision) => decision.result((endpoint) => mayDeliver && this.hub.hasRoom(decision.lane.organization, endpoint)));
    await failpoint('route.before-commit');
    const { committed, claim } = await this.instance.claiming(async (claim) => {
      const committed = await commitRoutes(this.database, results, claim);
      await failpoint('route.after-commit');
      return { committed, claim };
    });
    for (const { lane, unmapped } of decisions) for (const one of unmapped) UNMAPPED.note(lane.organization, one);
    for (const result of results) for (const message of result.messages) METRICS.messages.inc({ state: message.state });
    if (TRACES.isOn) traceRoutes(results, startMs);
    for (const result of results) if (result.blocked !== null) this.log.error({ event: 'conversation.loop', organization: result.organization, conversation: result.conversation, reason: result.blocked, message: 'the loop guard stopped a conversation; an operator releases it' });
    if (committed.more) this.hub.left('route');
    if (committed.left) this.hub.left('deliver');
    for (const decision of decisions) for (const { dueMs, timeoutMs } of decision.delayed) if ((dueMs ?? timeoutMs) !== null) this.wakeUps.ringAt((dueMs ?? timeoutMs)!);
    const lanes: DeliveryLane[] = [];
    decisions.forEach((decision, i) => {
      const byLane = Map.groupBy(decision.deliveries, (delivery) => laneKey(decision.lane.conversation, delivery.endpoint, delivery.entityKey));
      for (const link of results[i]!.links) {
        const key = laneKey(decision.lane.conversation, link.endpoint, link.entityKey);
        const ticketId = committed.taken.get(key);
        if (ticketId === undefined) continue;
        lanes.push({
          organization: decision.lane.organization, conversation: decision.lane.conversation, endpoint: link.endpoint, entityKey: link.entityKey, claim, crashCount: 1,
          lastSeq: link.lastSeq, ticketId,
          deliveries: (byLane.get(key) ?? []).map((delivery) => ({ ...delivery, attempts: 0, createdMs: this.instance.nowMs(), isUnknown: false, isOverruled: false })),
        });
      }
    });
    this.hub.hand('deliver', lanes);
  }

  condemn(lane: RouteLane, reason: string): RouteDecision {
    const head = lane.items[0];
    const alone = { ...lane, items: head === undefined ? [] : [head] };
    const decision = new RouteDecision(alone, new ConversationInHand(lane.conversation, begun(lane)));
    if (head !== undefined) decision.fail(head, reason);
    return decision;
  }

  size(lane: RouteLane): number {
    return lane.items.length;
  }

  first(lane: RouteLane, count: number): RouteLane {
    return { ...lane, items: lane.items.slice(0, count) };
  }

  release(lane: RouteLane): Promise<void> {
    return releaseRouteLane(this.database.worker, lane);
  }

  crashCount(lane: RouteLane): number {
    return lane.crashCount;
  }

  accuse(lane: RouteLane): Promise<void> {
    return accuseRouteLane(this.database.worker, lane);
  }

  ownerOf(lane: RouteLane): string {
    return lane.organization;
  }
}
