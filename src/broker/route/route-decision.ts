import type { Message } from '../../core/message/message.js';
import type { Decision, DelayedExecution, Need, OutboundMessage } from '../../core/rule/decision.js';
import type { Release } from '../../core/rule/release.js';
import type { Echo } from '../../core/conversation/echo.js';
import type { SnapshotWrite } from '../../store/pipeline/ticket-history.js';
import { newId } from '../../store/pipeline/uuid.js';
import type { RouteItem, RouteLane } from '../../store/pipeline/lane.js';
import type { DelayedEnd, DelayedRow, WaitingRow } from '../../store/pipeline/delayed.js';
import type { NewDelivery, RouteResult } from '../../store/pipeline/route-commit.js';
import type { UnmappedOf } from '../unmapped/unmapped-counts.js';
import type { ConversationInHand } from './conversation-in-hand.js';

/** What the messages of one lane came to, collected while they are routed. */
export class RouteDecision {
  readonly messages: RouteResult['messages'][number][] = [];
  readonly deliveries: NewDelivery[] = [];
  readonly delayed: DelayedRow[] = [];
  readonly ended: DelayedEnd[] = [];
  readonly missing: Need[] = [];
  readonly snapshots: SnapshotWrite[] = [];
  readonly unmapped: UnmappedOf[] = [];
  private keptBy: string | null = null;
  private blockedAt: RouteItem | null = null;
  private blockReason: string | null = null;

  constructor(readonly lane: RouteLane, readonly conversation: ConversationInHand) {}

  /** Takes over a decision: deliveries get ids and places, the conversation moves on. */
  take(item: RouteItem, message: Message, decision: Decision): void {
    this.send(decision.outbound, { messageId: item.id, source: item.endpoint, depth: item.depth });
    for (const execution of decision.delayed) this.postpone(delayedRow(execution, message, item.depth), execution);
    if (this.conversation.take(decision, item.id)) this.keptBy = item.id;
    if (decision.unmapped.length > 0) this.unmapped.push({ messageId: item.id, values: decision.unmapped });
    const failed = decision.trace.failed[0];
    this.messages.push({ id: item.id, state: decision.outcome, reason: failed?.error ?? null, trace: JSON.stringify(decision.trace), receipt: null });
  }

  /** Something that must be fetched before anything of this lane may be committed. */
  lack(needs: readonly Need[]): void {
    this.missing.push(...needs);
  }

  /** A message that is only our own delivery coming back. */
  echo(item: RouteItem, found: Echo): void {
    this.messages.push({ id: item.id, state: 'ECHO', reason: found.by === 'sender' ? 'sent by our integration user' : 'brings back what a delivery of ours had set', trace: null, receipt: found.delivery });
  }

  /** Stops the conversation before a message: the message and what comes after it wait for an operator. */
  block(item: RouteItem, reason: string): void {
    this.blockedAt = item;
    this.blockReason = reason;
  }

  get isBlocked(): boolean {
    return this.blockedAt !== null;
  }

  /** Takes over what releasing a waiting execution came to. */
  takeRelease(row: WaitingRow, release: Exclude<Release, { kind: 'WAITING' }>, source: string | null = null): void {
    const end = (state: DelayedEnd['state'], reason: string | null): void => { this.ended.push({ id: row.id, messageId: row.messageId, state, reason }); };
    this.conversation.waitNoMore(row.id);
    switch (release.kind) {
      case 'CANCELLED': end('CANCELLED', release.reason); return;
      case 'FAILED': end('FAILED', release.error); return;
      case 'EXECUTED':
        this.send(release.outbound, { messageId: row.messageId, source, depth: row.depth });
        if (this.conversation.take(release, row.messageId)) this.keptBy = row.messageId;
        if (release.unmapped.length > 0) this.unmapped.push({ messageId: row.messageId, values: release.unmapped });
        end('RELEASED', row.ordered === null ? null : `released by ${row.orderedBy ?? 'an operator'}`);
    }
  }

  private send(outbounds: readonly OutboundMessage[], cause: Pick<NewDelivery, 'messageId' | 'source' | 'depth'>): void {
    for (const outbound of outbounds) {
      this.deliveries.push(this.conversation.place(outbound, {
        ...cause, id: newId(), ruleId: outbound.ruleId, ruleVersion: outbound.ruleVersion,
        body: Buffer.from(JSON.stringify({ messageType: outbound.messageType, attributes: outbound.attributes, attachments: outbound.attachments })),
      }));
    }
  }

  private postpone(row: DelayedRow, execution: DelayedExecution): void {
    this.delayed.push(row);
    this.conversation.wait({ id: row.id, rule: execution.rule, endpoint: execution.endpoint, entityType: execution.entityType, creates: execution.operation === 'CREATE', dueAt: execution.dueAt });
  }

  /** A message that could not be read or decided ends visibly; its lane goes on. */
  fail(item: RouteItem, reason: string): void {
    this.messages.push({ id: item.id, state: 'FAILED', reason, trace: null, receipt: null });
  }

  /** What is to be written. `mayTake`: whether this process would go on with an endpoint's lanes at once. */
  result(mayTake: (endpoint: string) => boolean): RouteResult {
    const { lane, conversation } = this;
    return {
      organization: lane.organization, conversation: lane.conversation, claim: lane.claim, doneSeq: this.blockedAt === null ? (lane.items.at(-1)?.seq ?? lane.lastSeq) : this.blockedAt.seq - 1,
      messages: this.messages, links: conversation.linkWrites(mayTake), deliveries: this.deliveries, delayed: this.delayed, ended: this.ended, snapshots: this.snapshots, blocked: this.blockReason,
      memory: conversation.changes.length === 0 ? null : {
        attributes: JSON.stringify(conversation.memoryNow.attributes), counters: JSON.stringify(conversation.memoryNow.counters), changes: conversation.changes,
      },
      kept: this.keptBy === null ? null : { messageId: this.keptBy, attachments: conversation.keptNow, before: conversation.keptBefore },
    };
  }
}

function delayedRow(execution: DelayedExecution, message: Message, depth: number): DelayedRow {
  const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text));
  return {
    id: newId(), messageId: message.id, ruleId: execution.ruleId, ruleVersion: execution.ruleVersion, ruleName: execution.rule,
    endpoint: execution.endpoint, entityType: execution.entityType, operation: execution.operation,
    dueMs: instant(execution.dueAt), waitingFor: JSON.stringify(execution.waitingFor), timeoutMs: instant(execution.timeoutAt), onTimeout: execution.onTimeout, depth,
    message: Buffer.from(JSON.stringify(message)),
  };
}
