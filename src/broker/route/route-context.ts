import { DEFAULT_LOOP_LIMITS } from '../../core/conversation/loop-guard.js';
import type { AbsentRule } from '../../core/rule/release.js';
import type { Database } from '../../store/database.js';
import { attachmentsOf } from '../../store/pipeline/attachment.js';
import { readWaiting, type WaitingRow } from '../../store/pipeline/delayed.js';
import { readAbsentRules } from '../../store/rule/absent-rule.js';
import { KIND, type RouteItem, type RouteLane } from '../../store/pipeline/lane.js';
import { readConversations, type ConversationState } from '../../store/pipeline/route-lanes.js';
import { readLoopHistories, readRecentDeliveries, readTicketHistories, ticketText, type LoopHistory, type RecentDelivery, type TicketHistory, type TicketKey } from '../../store/pipeline/ticket-history.js';
import type { StoredAttachment } from './stored-message.js';

/** Conversations with fewer deliveries in all cannot have had too many in a minute, those of the batch in hand included. */
const LOOP_SUSPECT = DEFAULT_LOOP_LIMITS.deliveries / 2;

/** Everything that deciding a batch of lanes reads from the store, read for all of them together. */
export interface RouteContext {
  readonly states: ReadonlyMap<string, ConversationState>;
  readonly attachments: ReadonlyMap<string, readonly StoredAttachment[]>;
  readonly waiting: ReadonlyMap<string, readonly WaitingRow[]>;
  /** Of rules that something waits for and that take no part now: why, by organization and rule. */
  readonly absent: ReadonlyMap<string, AbsentRule>;
  readonly histories: ReadonlyMap<string, TicketHistory>;
  /** By conversation, endpoint and folded entity type. */
  readonly recent: ReadonlyMap<string, readonly RecentDelivery[]>;
  /** Of conversations that may loop. */
  readonly loops: ReadonlyMap<string, LoopHistory>;
  readonly nowMs: number;
}

export const targetText = (conversation: string, endpoint: string, entityKey: string): string => `${conversation} ${endpoint} ${entityKey}`;

/** What the rules of a lane's organization say about what must be read. */
export interface RulesAsked {
  /** Whether a rule asks what has changed in messages of that place. */
  readonly readsPrevious: (lane: RouteLane, item: RouteItem) => boolean;
  readonly hasRule: (lane: RouteLane, ruleId: string) => boolean;
}

/** Reads it. A conversation that has just begun needs nothing. */
export async function readContext(database: Database, lanes: readonly RouteLane[], rules: RulesAsked, nowMs: () => number): Promise<RouteContext> {
  const on = database.worker;
  const unread = lanes.flatMap((lane) => lane.items.filter((item) => item.read === undefined && item.kind !== KIND.response).map((item) => item.id));
  const known = lanes.filter((lane) => !lane.fresh);
  const states = await readConversations(on, known.map((lane) => lane.conversation));
  const waitingIn = known.filter((lane) => (states.get(lane.conversation)?.delayed.length ?? 0) > 0).map((lane) => lane.conversation);
  const tickets = new Map<string, TicketKey>();
  const targets = new Map<string, Omit<TicketKey, 'ticketId'>>();
  for (const lane of known) {
    for (const item of lane.items) {
      if (item.kind === KIND.response || item.ticketId === null) continue;
      const mayEcho = mayComeBack(item, states.get(lane.conversation));
      const place = { conversation: lane.conversation, endpoint: item.endpoint, entityKey: item.entityKey };
      if (mayEcho) targets.set(targetText(lane.conversation, item.endpoint, item.entityKey), place);
      if (mayEcho || rules.readsPrevious(lane, item)) tickets.set(ticketText({ ...place, ticketId: item.ticketId }), { ...place, ticketId: item.ticketId });
    }
  }
  const isSuspect = (lane: RouteLane): boolean => deliveriesOf(states.get(lane.conversation)) > LOOP_SUSPECT || lane.items.some((item) => item.depth > DEFAULT_LOOP_LIMITS.answers);
  const suspects = known.filter(isSuspect).map((lane) => lane.conversation);
  const attachments = unread.length === 0 ? [] : await attachmentsOf(on, unread);
  const waiting = await readWaiting(on, waitingIn);
  const byConversation = Map.groupBy(waiting, (one) => one.conversation);
  const absent = await readAbsentRules(on, known.flatMap((lane) => (byConversation.get(lane.conversation) ?? []).filter((one) => !rules.hasRule(lane, one.ruleId)).map(({ ruleId }) => ({ organization: lane.organization, ruleId }))));
  const histories = await readTicketHistories(on, [...tickets.values()]);
  const recent = await readRecentDeliveries(on, [...targets.values()]);
  return {
    states, nowMs: nowMs(),
    attachments: Map.groupBy(attachments, (one) => one.messageId),
    waiting: byConversation, absent,
    histories: new Map(histories.map((history) => [ticketText(history), history])),
    recent: Map.groupBy(recent, (one) => targetText(one.conversation, one.endpoint, one.entityKey)),
    loops: await readLoopHistories(on, suspects),
  };
}

function mayComeBack(item: RouteItem, state: ConversationState | undefined): boolean {
  return item.kind === KIND.ours || state?.links.some((link) => link.endpoint === item.endpoint && link.entityKey === item.entityKey && link.lastSeq > 0) === true;
}

function deliveriesOf(state: ConversationState | undefined): number {
  let count = 0;
  for (const link of state?.links ?? []) count += link.lastSeq;
  return count;
}
