import { restText } from '../../core/delivery/rest.js';
import { sameName } from '../../core/message/fold.js';
import type { TicketRef } from '../../core/message/message.js';
import type { ConversationRow, DelayedRow, MemoryChangeRow, TicketLinkRow } from '../../store/feed/conversation-feed.js';
import type { ConversationEventRow } from '../../store/feed/conversation-event.store.js';
import type { DeliveryRow } from '../../store/feed/delivery-feed.js';
import type { ConversationEvent, DelayedExecution, Lane, MemoryChange, Ticket, TimelineEntry } from './conversation.dto.js';
import { restView, type Rests } from './endpoint-rest.js';
import type { DeliverySummary, MessageSummary } from './feed.dto.js';

/** Every ticket of a conversation: those that messages spoke of, and those that a lane goes to. Links carry folded entity types. */
export function ticketsOf(spoken: readonly TicketRef[], links: readonly TicketLinkRow[], deliveries: readonly DeliveryRow[]): Ticket[] {
  const isSpoken = (link: TicketLinkRow): boolean =>
    spoken.some((ticket) => ticket.endpoint === link.endpoint && sameName(ticket.entityType, link.entityType) && (link.ticketId === null || ticket.ticketId === link.ticketId));
  const others = links.filter((link) => !isSpoken(link) && (link.ticketId !== null || link.createDeliveryId !== null));
  return [
    ...spoken.map(({ endpoint, entityType, ticketId }) => ({ endpoint, entityType, ticketId })),
    ...others.map((link) => ({ endpoint: link.endpoint, entityType: writtenType(link, deliveries), ticketId: link.ticketId })),
  ];
}

/** `rests`: why endpoints are not sent to, by id. */
export function lanesOf(conversation: ConversationRow, links: readonly TicketLinkRow[], unfinished: readonly DeliveryRow[], rests: Rests): Lane[] {
  const route: Lane = {
    kind: 'route', endpoint: null, entityType: null, waiting: conversation.waiting, readyAt: conversation.readyAt?.toISOString() ?? null,
    blocked: conversation.blocked, reason: null, rest: null, headDeliveryId: null,
  };
  return [route, ...links.map((link): Lane => {
    const head = link.waiting === 0 && link.blocked === null ? undefined : unfinished.find((delivery) => isOf(delivery, link));
    const rest = rests.get(link.endpoint) ?? null;
    const trouble = head === undefined ? null : (head.troubleReason ?? head.error);
    return {
      kind: 'delivery', endpoint: link.endpoint, entityType: writtenType(link, unfinished), waiting: link.waiting, readyAt: link.readyAt?.toISOString() ?? null,
      blocked: link.blocked, reason: rest !== null && link.blocked === null && link.waiting > 0 ? restText(rest) : trouble,
      rest: rest === null ? null : restView(rest), headDeliveryId: head?.id ?? null,
    };
  })];
}

/** Messages and deliveries in the order in which they came about; their ids carry their time. */
export function timelineOf(messages: readonly MessageSummary[], deliveries: readonly DeliverySummary[]): TimelineEntry[] {
  const entries = [
    ...messages.map(({ id, receivedAt }) => ({ kind: 'message', id, at: receivedAt })),
    ...deliveries.map(({ id, createdAt }) => ({ kind: 'delivery', id, at: createdAt })),
  ];
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const memoryChangeOf = (row: MemoryChangeRow): MemoryChange => ({
  id: row.id, kind: row.kind, name: row.name, before: row.before ?? null, after: row.after ?? null, ruleId: row.ruleId, rule: row.rule, ruleVersion: row.ruleVersion,
  messageId: row.messageId, actor: row.actor, reason: row.reason, changedAt: row.changedAt.toISOString(),
});

export const delayedOf = (row: DelayedRow): DelayedExecution => ({
  id: row.id, ruleId: row.ruleId, rule: row.ruleName, ruleVersion: row.ruleVersion, endpoint: row.endpoint, entityType: row.entityType, operation: row.operation,
  state: row.state, reason: row.reason, dueAt: row.dueAt?.toISOString() ?? null, waitingFor: row.waitingFor as unknown[], createdAt: row.createdAt.toISOString(), messageId: row.messageId,
});

export const conversationEventOf = (row: ConversationEventRow): ConversationEvent => ({
  id: row.id, conversationId: row.conversation, kind: row.kind, otherId: row.other, messageId: row.messageId, details: { ...row.details }, actor: row.actor, count: row.count,
  happenedAt: row.happenedAt.toISOString(), lastAt: row.lastAt.toISOString(), attention: row.attention, settledAt: row.settledAt?.toISOString() ?? null, settledBy: row.settledBy,
});

const isOf = (delivery: DeliveryRow, link: TicketLinkRow): boolean => delivery.endpoint === link.endpoint && sameName(delivery.entityType, link.entityType);

/** The entity type in the case in which rules write it. */
const writtenType = (link: TicketLinkRow, deliveries: readonly DeliveryRow[]): string => deliveries.find((delivery) => isOf(delivery, link))?.entityType ?? link.entityType;
