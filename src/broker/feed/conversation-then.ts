import type { Conversation, KeptAttachment } from '../../core/conversation/conversation.js';
import { fold, sameName } from '../../core/message/fold.js';
import type { EntityRef, TicketRef } from '../../core/message/message.js';
import type { Attributes, Value } from '../../core/message/value.js';
import type { DelayedRow, KeptAttachmentRow, MemoryChangeRow, MemoryRow } from '../../store/feed/conversation-feed.js';
import type { DeliveryRow } from '../../store/feed/delivery-feed.js';
import type { MessageRow } from '../../store/feed/message-feed.js';

/** What is stored of a conversation now. */
export interface StoredConversation {
  readonly id: string;
  readonly memory: MemoryRow;
  /** Newest first, back to the message at least. */
  readonly changes: readonly MemoryChangeRow[];
  readonly messages: readonly MessageRow[];
  readonly deliveries: readonly DeliveryRow[];
  readonly delayed: readonly DelayedRow[];
  readonly kept: readonly KeptAttachmentRow[];
  /** What the message's own ticket was last known as before it; null for its first message. */
  readonly previous: Attributes | null;
}

/**
 * The conversation as a message's rules saw it: today's, with everything undone that came with the message or later.
 * Files that were removed from the conversation since are gone.
 */
export function conversationThen(stored: StoredConversation, message: MessageRow): Conversation {
  const place = message.seq ?? 0;
  const { isLater, placeOf } = orderOf(stored, message);
  // Echoes and the like never had a place in the lane: their ids carry their time.
  const before = stored.messages.filter((one) => one.ticketId !== null && (one.seq === null ? one.id < message.id : one.seq <= place));
  const known = distinct(before.filter((one) => one.kind === 0).map(({ endpoint, entityType, ticketId }) => ({ endpoint, entityType, ticketId: ticketId! })));
  const sent = stored.deliveries.filter((one) => placeOf(one.messageId) < place && !isLater(one.messageId, one.createdAt));
  const creates = sent.filter((one) => one.operation === 'CREATE');
  const made = creates.filter((one) => one.ticketId !== null && one.finishedAt !== null && !isLater(null, one.finishedAt));
  const ticketIds = distinct([...known, ...made.map(({ endpoint, entityType, ticketId }) => ({ endpoint, entityType, ticketId: ticketId! }))]);
  return {
    id: stored.id, ...undo(stored, (change) => isLater(change.messageId, change.changedAt)), ticketIds,
    pendingCreates: creates.filter((one) => !made.includes(one) && !names(ticketIds, one)).map(({ endpoint, entityType }) => ({ endpoint, entityType })),
    delayed: stored.delayed.filter((one) => !isLater(one.messageId, one.createdAt) && (one.finishedAt === null || isLater(null, one.finishedAt))).reverse()
      .map((one) => ({ rule: one.ruleName, endpoint: one.endpoint, entityType: one.entityType, creates: one.operation === 'CREATE', dueAt: one.dueAt?.toISOString() ?? null })),
    attachments: keptThen(stored.kept.filter((one) => placeOf(one.messageId) < place), sent), previous: stored.previous,
  };
}

/** Tells what came with a message or after it. What was written at the same instant was written together: then places in the lane decide. */
function orderOf(stored: StoredConversation, message: MessageRow): { isLater: (messageId: string | null, at: Date) => boolean; placeOf: (messageId: string) => number } {
  const places = new Map(stored.messages.map((one) => [one.id, one.seq ?? 0]));
  const place = message.seq ?? 0;
  const endedMs = message.finishedAt?.getTime() ?? Date.now();
  const placeOf = (messageId: string): number => places.get(messageId) ?? 0;
  // What waited is taken up after all messages that are decided at that instant.
  const isReleased = (messageId: string, at: Date): boolean => stored.delayed.some((one) => one.messageId === messageId && one.createdAt < at && one.finishedAt?.getTime() === at.getTime());
  const isLater = (messageId: string | null, at: Date): boolean => {
    if (at.getTime() !== endedMs) return at.getTime() > endedMs;
    return messageId === null || placeOf(messageId) >= place || isReleased(messageId, at);
  };
  return { isLater, placeOf };
}

/** Newest change first: what it replaced comes back. */
function undo({ memory, changes }: StoredConversation, isUndone: (change: MemoryChangeRow) => boolean): { attributes: Attributes; counters: Record<string, number> } {
  const attributes = new Map(Object.entries(memory.attributes as Attributes));
  const counters = new Map<string, Value>(Object.entries(memory.counters));
  for (const change of changes) {
    if (!isUndone(change)) continue;
    const values: Map<string, Value> = change.kind === 'counter' ? counters : attributes;
    // Names compare folded; the row may carry another case than the memory.
    for (const name of [...values.keys()]) if (fold(name) === fold(change.name)) values.delete(name);
    if (change.before !== null && change.before !== undefined) values.set(change.name, change.before as Value);
  }
  return { attributes: Object.fromEntries(attributes), counters: Object.fromEntries(counters) as Record<string, number> };
}

/** A file counts as relayed to those targets that had been sent anything by then. */
function keptThen(kept: readonly KeptAttachmentRow[], sent: readonly DeliveryRow[]): KeptAttachment[] {
  return kept.map(({ id, name, contentType, size, relayedTo }) => ({ id, name, contentType, size, relayedTo: relayedTo.filter((target) => names(sent, target)) }));
}

const names = (among: readonly EntityRef[], target: EntityRef): boolean => among.some((one) => sameName(one.endpoint, target.endpoint) && sameName(one.entityType, target.entityType));

function distinct(tickets: readonly TicketRef[]): TicketRef[] {
  const byPlace = new Map<string, TicketRef>();
  for (const ticket of tickets) {
    const key = `${ticket.endpoint} ${fold(ticket.entityType)}`;
    if (!byPlace.has(key)) byPlace.set(key, ticket);
  }
  return [...byPlace.values()];
}
