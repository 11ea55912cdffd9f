import type { Conversation, KeptAttachment, MemoryChange, WaitingExecution } from '../../core/conversation/conversation.js';
import { fold } from '../../core/message/fold.js';
import type { EntityRef } from '../../core/message/message.js';
import type { Attributes } from '../../core/message/value.js';
import type { Decision, OutboundMessage } from '../../core/rule/decision.js';
import type { ConversationState, LinkState } from '../../store/pipeline/route-lanes.js';
import type { LinkWrite, NewDelivery } from '../../store/pipeline/route-commit.js';

interface RunningLink extends EntityRef {
  readonly entityKey: string;
  readonly ticketId: string | null;
  createDeliveryId: string | null;
  readonly readSeq: number;
  lastSeq: number;
  firstDelivery: string | null;
  newCreate: string | null;
}

const linkKey = (endpoint: string, entityKey: string): string => `${endpoint} ${entityKey}`;

/** A conversation whose route lane this process holds, while its messages are routed one after the other. */
export class ConversationInHand {
  private memory: Pick<Conversation, 'attributes' | 'counters'>;
  private delayed: (WaitingExecution & { readonly id: string })[];
  private kept: readonly KeptAttachment[];
  /** As it was read. */
  readonly keptBefore: readonly KeptAttachment[];
  private readonly links = new Map<string, RunningLink>();
  readonly changes: (MemoryChange & { readonly messageId: string })[] = [];

  constructor(private readonly id: string, state: Omit<ConversationState, 'conversation'>) {
    this.memory = { attributes: state.attributes, counters: state.counters };
    this.delayed = [...state.delayed];
    this.kept = state.kept;
    this.keptBefore = state.kept;
    for (const link of state.links) this.links.set(linkKey(link.endpoint, link.entityKey), running(link));
  }

  /** The conversation as rules see it before the next message. */
  asSeenByRules(previous: Attributes | null): Conversation {
    const links = [...this.links.values()];
    return {
      id: this.id, ...this.memory, delayed: this.delayed, attachments: this.kept, previous,
      ticketIds: links.flatMap(({ endpoint, entityType, ticketId }) => (ticketId === null ? [] : [{ endpoint, entityType, ticketId }])),
      pendingCreates: links.filter((link) => link.ticketId === null && link.createDeliveryId !== null),
    };
  }

  /** Takes over what executions changed; returns whether the kept attachments did. */
  take(effects: Pick<Decision, 'memory' | 'changes' | 'keptAttachments'>, messageId: string): boolean {
    this.memory = effects.memory;
    for (const change of effects.changes) this.changes.push({ ...change, messageId });
    const changed = effects.keptAttachments !== this.kept;
    this.kept = effects.keptAttachments;
    return changed;
  }

  /** From now on an execution waits. */
  wait(execution: WaitingExecution & { readonly id: string }): void {
    this.delayed.push(execution);
  }

  /** An execution waits no more. */
  waitNoMore(id: string): void {
    this.delayed = this.delayed.filter((one) => one.id !== id);
  }

  /** The conversation as the execution `id` sees it when it is released: only those that were routed before it stand before it. */
  asSeenByRelease(id: string): Conversation {
    const at = this.delayed.findIndex((one) => one.id === id);
    return { ...this.asSeenByRules(null), delayed: this.delayed.slice(0, Math.max(0, at)) };
  }

  /** Gives an outbound message its place in its target's lane. */
  place(outbound: OutboundMessage, delivery: Omit<NewDelivery, 'seq' | 'entityKey' | 'endpoint' | 'entityType' | 'operation'>): NewDelivery {
    const entityKey = fold(outbound.entityType);
    const key = linkKey(outbound.endpoint, entityKey);
    let link = this.links.get(key);
    if (link === undefined) {
      link = running({ endpoint: outbound.endpoint, entityKey, ticketId: null, createDeliveryId: null, lastSeq: 0 });
      this.links.set(key, link);
    }
    link.lastSeq++;
    link.firstDelivery ??= delivery.id;
    if (outbound.operation === 'CREATE') {
      link.createDeliveryId = delivery.id;
      link.newCreate = delivery.id;
    }
    return { ...delivery, endpoint: outbound.endpoint, entityType: outbound.entityType, entityKey, seq: link.lastSeq, operation: outbound.operation };
  }

  /** The links that got deliveries; `mayTake` says whether this process would go on with an endpoint's lane at once. */
  linkWrites(mayTake: (endpoint: string) => boolean): LinkWrite[] {
    return [...this.links.values()].flatMap((link) => (link.firstDelivery === null ? [] : [{
      endpoint: link.endpoint, entityKey: link.entityKey, createDeliveryId: link.newCreate,
      previousSeq: link.readSeq, lastSeq: link.lastSeq, take: mayTake(link.endpoint), firstDelivery: link.firstDelivery,
    }]));
  }

  /** Whether we have sent anything to this place: only then may something come back. */
  hasSentTo(endpoint: string, entityKey: string): boolean {
    return (this.links.get(linkKey(endpoint, entityKey))?.lastSeq ?? 0) > 0;
  }

  /** Deliveries of the conversation so far, over all targets. */
  get deliveryCount(): number {
    let count = 0;
    for (const link of this.links.values()) count += link.lastSeq;
    return count;
  }

  get memoryNow(): Pick<Conversation, 'attributes' | 'counters'> {
    return this.memory;
  }

  get keptNow(): readonly KeptAttachment[] {
    return this.kept;
  }
}

/** Links carry folded entity types: rules compare them folded anyway. */
function running(link: LinkState): RunningLink {
  return { endpoint: link.endpoint, entityType: link.entityKey, entityKey: link.entityKey, ticketId: link.ticketId, createDeliveryId: link.createDeliveryId, readSeq: link.lastSeq, lastSeq: link.lastSeq, firstDelivery: null, newCreate: null };
}
