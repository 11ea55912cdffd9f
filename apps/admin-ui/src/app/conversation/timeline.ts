import type { ConversationDetail, DelayedExecution, DeliveryDetail, MemoryChange, MessageSummary } from '../api/models';

/** One system of a conversation: its messages and the deliveries to it stand below each other. */
export interface TimelineColumn {
  readonly key: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly ticketId: string | null;
}

export type Direction = 'right' | 'left' | 'same';

export interface TimelineDelivery {
  readonly delivery: DeliveryDetail;
  readonly column: number;
  /** Which way its arrow points from the message's column. */
  readonly direction: Direction;
}

export interface TimelineDelayed {
  readonly execution: DelayedExecution;
  readonly column: number;
  readonly direction: Direction;
}

/** One moment: a message, what was sent because of it, what waits because of it, what was remembered because of it. */
export interface TimelineEvent {
  readonly key: string;
  readonly at: string;
  /** Null where the message is older than what is shown. */
  readonly message: MessageSummary | null;
  readonly column: number;
  readonly deliveries: readonly TimelineDelivery[];
  readonly delayed: readonly TimelineDelayed[];
  readonly memory: readonly MemoryChange[];
  /** Whether it is the first of its day in the viewer's zone. */
  readonly startsDay: boolean;
}

export interface Timeline {
  readonly columns: readonly TimelineColumn[];
  readonly events: readonly TimelineEvent[];
}

/** Lays out a conversation: one column per system in order of first appearance, events downwards in time. */
export function timelineOf(conversation: ConversationDetail): Timeline {
  const columns = columnsOf(conversation);
  const placeOf = (endpoint: string, entityType: string): number => Math.max(0, columns.findIndex((column) => column.key === keyOf(endpoint, entityType)));
  const messages = new Map(conversation.messages.map((message) => [message.id, message]));
  const deliveries = Map.groupBy(conversation.deliveries, (delivery) => delivery.messageId);
  const delayed = Map.groupBy(conversation.delayed, (execution) => execution.messageId);
  const memory = Map.groupBy(conversation.memoryChanges, (change) => change.messageId ?? '');
  const ids = [...new Set([...messages.keys(), ...deliveries.keys(), ...delayed.keys()])];

  const drafts = ids.map((id) => {
    const message = messages.get(id) ?? null;
    const sent = (deliveries.get(id) ?? []).toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
    const waits = delayed.get(id) ?? [];
    const at = message?.receivedAt ?? sent[0]?.createdAt ?? waits[0]?.createdAt ?? '';
    const column = message === null ? -1 : placeOf(message.endpoint, message.entityType);
    return {
      key: id, at, message, column,
      deliveries: sent.map((delivery) => placed({ delivery }, placeOf(delivery.endpoint, delivery.entityType), column)),
      delayed: waits.filter((execution) => execution.state === 'WAITING' || execution.state === 'CANCELLED' || execution.state === 'FAILED')
        .map((execution) => placed({ execution }, execution.endpoint === '' ? Math.max(0, column) : placeOf(execution.endpoint, execution.entityType), column)),
      memory: (memory.get(id) ?? []).toSorted((one, other) => one.changedAt.localeCompare(other.changedAt)),
    };
  });
  drafts.sort((one, other) => one.at.localeCompare(other.at) || one.key.localeCompare(other.key));
  return { columns, events: drafts.map((draft, index) => ({ ...draft, startsDay: index === 0 || dayOf(draft.at) !== dayOf(drafts[index - 1]?.at ?? '') })) };
}

function columnsOf(conversation: ConversationDetail): TimelineColumn[] {
  const columns = new Map<string, TimelineColumn>();
  const seen = (endpoint: string, entityType: string, ticketId: string | null): void => {
    if (endpoint === '') return;
    const key = keyOf(endpoint, entityType);
    const known = columns.get(key);
    if (known === undefined) columns.set(key, { key, endpoint, entityType, ticketId });
    else if (known.ticketId === null && ticketId !== null) columns.set(key, { ...known, ticketId });
  };
  for (const message of conversation.messages.toSorted((one, other) => one.receivedAt.localeCompare(other.receivedAt))) seen(message.endpoint, message.entityType, message.ticketId);
  for (const delivery of conversation.deliveries.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt))) seen(delivery.endpoint, delivery.entityType, delivery.ticketId);
  for (const ticket of conversation.tickets) seen(ticket.endpoint, ticket.entityType, ticket.ticketId);
  for (const execution of conversation.delayed) seen(execution.endpoint, execution.entityType, null);
  return [...columns.values()];
}

function placed<T extends object>(what: T, column: number, from: number): T & { column: number; direction: Direction } {
  return { ...what, column, direction: from === -1 || from === column ? 'same' : column > from ? 'right' : 'left' };
}

/** Entity types compare whatever their case: lanes keep them folded. */
const keyOf = (endpoint: string, entityType: string): string => `${endpoint.toLowerCase()}\u0000${entityType.toLowerCase()}`;
const dayOf = (iso: string): string => new Date(iso).toDateString();
