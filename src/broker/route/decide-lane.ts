import { findEcho, type Echo } from '../../core/conversation/echo.js';
import { loopReason } from '../../core/conversation/loop-guard.js';
import type { Message } from '../../core/message/message.js';
import type { Need } from '../../core/rule/decision.js';
import { evaluate } from '../../core/rule/evaluate.js';
import { release } from '../../core/rule/release.js';
import type { RuleSet } from '../../core/rule/rule-set.js';
import { translationKey, type Known } from '../../core/rule/scope.js';
import type { WaitingRow } from '../../store/pipeline/delayed.js';
import { KIND, type RouteItem, type RouteLane } from '../../store/pipeline/lane.js';
import type { ConversationState } from '../../store/pipeline/route-lanes.js';
import { ticketText } from '../../store/pipeline/ticket-history.js';
import { ruleText } from '../../store/rule/absent-rule.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { ConversationInHand } from './conversation-in-hand.js';
import { RouteDecision } from './route-decision.js';
import { targetText, type RouteContext } from './route-context.js';
import { readStoredMessage } from './stored-message.js';
import { TicketValues } from './ticket-values.js';

/** What deciding needs besides the store: the rules as they are now, and whether an endpoint's echoes are told by value. */
export interface RouteRules {
  readonly rules: RuleSet;
  readonly byValue: (endpoint: string) => boolean;
  /** Translations that are there already, or that cannot be had. */
  readonly known: (needs: readonly Need[]) => Known;
}

/** Decides the messages of one conversation in their order, then what waited for them. Pure: everything was read before. */
export function decideLane(lane: RouteLane, context: RouteContext, given: RouteRules): RouteDecision {
  const { rules, byValue } = given;
  const decision = new RouteDecision(lane, new ConversationInHand(lane.conversation, context.states.get(lane.conversation) ?? begun(lane)));
  const tickets = new Tickets(lane, context);
  for (const item of lane.items) {
    const message = readStoredMessage(item, context.attachments.get(item.id) ?? []);
    if (!message.ok) {
      decision.fail(item, message.error);
      continue;
    }
    const values = item.kind === KIND.response || item.ticketId === null ? null : tickets.of(item, rules, decision.conversation);
    values?.catchUp(item.id);
    const echo = item.kind === KIND.response ? null : echoOf(lane, item, message.value, { values, context, byValue: byValue(item.endpoint) });
    const looping = echo === null ? loopReason(loopFacts(item, decision, context)) : null;
    if (looping !== null) {
      decision.block(item, looping);
      break;
    }
    if (echo !== null) decision.echo(item, echo);
    else {
      const conversation = decision.conversation.asSeenByRules(values?.known ?? null);
      const decided = withTranslations(given, (known) => evaluate(rules, message.value, conversation, context.nowMs, known));
      if (decided.needs.length > 0) {
        // Nothing of this lane is committed: it is decided again, from its beginning, when the translations are there.
        decision.lack(decided.needs);
        return decision;
      }
      decision.take(item, message.value, decided);
    }
    values?.learn(message.value.attributes, uuidTimeMs(item.id), item.id);
    tickets.passed(item);
  }
  decision.snapshots.push(...tickets.snapshots());
  if (!decision.isBlocked) releaseWaiting(decision, context, given);
  return decision;
}

/** A conversation that its first message has just begun: nothing but that message's ticket. */
export function begun(lane: RouteLane): Omit<ConversationState, 'conversation'> {
  const first = lane.items[0];
  const links = first?.ticketId == null ? [] : [{ endpoint: first.endpoint, entityKey: first.entityKey, ticketId: first.ticketId, createDeliveryId: null, lastSeq: 0 }];
  return { attributes: {}, counters: {}, links, delayed: [], kept: [] };
}

/** The tickets of a lane whose values somebody asks for. */
class Tickets {
  private readonly values = new Map<string, { readonly item: RouteItem; readonly values: TicketValues }>();
  private passedSeq = 0;

  constructor(private readonly lane: RouteLane, private readonly context: RouteContext) {}

  /** The values of a message's ticket; null where neither a rule nor an echo asks for them. */
  of(item: RouteItem, rules: RuleSet, conversation: ConversationInHand): TicketValues | null {
    const key = ticketText({ conversation: this.lane.conversation, endpoint: item.endpoint, entityKey: item.entityKey, ticketId: item.ticketId ?? '' });
    const known = this.values.get(key);
    if (known !== undefined) return known.values;
    const isAsked = this.context.histories.has(key) || rules.readsPrevious(item.endpoint, item.entityType) || item.kind === KIND.ours || conversation.hasSentTo(item.endpoint, item.entityKey);
    if (!isAsked) return null;
    const values = new TicketValues(this.context.histories.get(key));
    this.values.set(key, { item, values });
    return values;
  }

  passed(item: RouteItem): void {
    this.passedSeq = item.seq;
  }

  snapshots(): RouteDecision['snapshots'] {
    return [...this.values.values()].flatMap(({ item, values }) => (values.isNewer && values.known !== null ? [{
      organization: this.lane.organization, conversation: this.lane.conversation, endpoint: item.endpoint, entityKey: item.entityKey, ticketId: item.ticketId ?? '',
      uptoSeq: this.passedSeq, uptoId: values.uptoId, receivedMs: values.lastReceivedMs ?? 0, attributes: values.known,
    }] : []));
  }
}

function echoOf(lane: RouteLane, item: RouteItem, message: Message, { values, context, byValue }: { values: TicketValues | null; context: RouteContext; byValue: boolean }): Echo | null {
  if (values === null) return null;
  const recent = context.recent.get(targetText(lane.conversation, item.endpoint, item.entityKey)) ?? [];
  const deliveries = recent.map(({ id, operation, beganMs, body }) => {
    const sent = JSON.parse(body.toString()) as Pick<Message, 'attributes' | 'attachments'>;
    return { id, operation, beganMs, attributes: sent.attributes, attachments: sent.attachments };
  });
  const ours = item.kind === KIND.ours && message.sender !== null ? [message.sender.id] : [];
  return findEcho({ message, receivedMs: uuidTimeMs(item.id), previous: values.known, lastReceivedMs: values.lastReceivedMs, deliveries }, { integrationUsers: ours, byValue });
}

function loopFacts(item: RouteItem, decision: RouteDecision, context: RouteContext): Parameters<typeof loopReason>[0] {
  const loop = context.loops.get(decision.lane.conversation);
  // What an operator has seen and released goes on, however long the chain that led to it.
  const chain = loop?.releasedMs != null && uuidTimeMs(item.id) <= loop.releasedMs ? 0 : item.depth;
  return { recentDeliveries: (loop?.recentDeliveries ?? 0) + decision.deliveries.length, chain, answers: item.kind === KIND.response ? chain : 0 };
}

/** Rounds in which one translation may ask for the next. */
const MOST_ROUNDS = 3;

/** Decides with the translations that are there; what must be fetched stands in `needs`. */
function withTranslations<T extends { readonly needs: readonly Need[] }>({ known: find }: RouteRules, decide: (known: Known) => T): T {
  let known: Known = {};
  let decided = decide(known);
  for (let round = 1; decided.needs.length > 0; round++) {
    const found = round > MOST_ROUNDS ? refused(decided.needs, `it is asked for more than ${MOST_ROUNDS} times in a row`) : find(decided.needs);
    known = { ...known, ...found };
    if (decided.needs.some((need) => !Object.hasOwn(known, translationKey(need)))) break;
    decided = decide(known);
  }
  return decided;
}

const refused = (needs: readonly Need[], problem: string): Known => Object.fromEntries(needs.map((need) => [translationKey(need), { problem }]));

/**
 * Takes up what waits, in the order in which it was routed, until nothing moves any more: one release may be what another waits for.
 */
function releaseWaiting(decision: RouteDecision, context: RouteContext, given: RouteRules): void {
  let left = context.waiting.get(decision.lane.conversation) ?? [];
  for (let moved = true; moved && decision.missing.length === 0;) {
    const still = left.filter((row) => !releaseOne(decision, row, given, context));
    moved = still.length < left.length;
    left = still;
  }
}

function releaseOne(decision: RouteDecision, row: WaitingRow, given: RouteRules, context: RouteContext): boolean {
  if (row.ordered === 'CANCEL') {
    decision.takeRelease(row, { kind: 'CANCELLED', reason: `cancelled by ${row.orderedBy ?? 'an operator'}` });
    return true;
  }
  const execution = {
    ruleId: row.ruleId, rule: row.ruleName, ruleVersion: row.ruleVersion, endpoint: row.endpoint, entityType: row.entityType, operation: row.operation,
    dueAt: row.dueAt, waitingFor: [], timeoutAt: row.timeoutAt, onTimeout: row.onTimeout,
  };
  const message = JSON.parse(row.message.toString()) as Message;
  const conversation = decision.conversation.asSeenByRelease(row.id);
  const nowMs = Math.max(context.nowMs, row.nowMs);
  const rule = given.rules.ruleOf(row.ruleId) ?? context.absent.get(ruleText(decision.lane.organization, row.ruleId)) ?? null;
  const outcome = withTranslations(given, (known) => {
    const released = release(execution, rule, message, conversation, nowMs, known, row.ordered === 'RELEASE');
    return { released, needs: 'needs' in released ? released.needs : [] };
  });
  if (outcome.needs.length > 0) {
    decision.lack(outcome.needs);
    return false;
  }
  if (outcome.released.kind === 'WAITING') return false;
  decision.takeRelease(row, outcome.released, message.endpoint);
  return true;
}
