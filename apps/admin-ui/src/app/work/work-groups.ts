import type { DeliverySummary, ListedDelayedExecution, MessageSummary } from '../api/models';
import { delayWords } from './delay-words';

export type WorkKind = 'dead' | 'held' | 'failed' | 'delayed';

/** One thing on a work list, whatever it is. */
export interface WorkItem {
  readonly id: string;
  readonly at: string;
  /** The system that it goes to, or came from where it is a message. */
  readonly endpoint: string;
  readonly entityType: string;
  readonly ticketId: string | null;
  readonly httpStatus: number | null;
  readonly reason: string | null;
  /** The reason as it is for many: what they are grouped by. */
  readonly alike: string;
  readonly messageId: string;
  readonly conversationId: string | null;
  /** What it is, where it is no message. */
  readonly delivery: DeliverySummary | null;
  readonly execution: ListedDelayedExecution | null;
}

export interface WorkGroup {
  /** Names the group in the address. */
  readonly key: string;
  readonly endpoint: string;
  readonly httpStatus: number | null;
  /** The reason of its newest item, in full where it has one item only. */
  readonly reason: string | null;
  readonly items: readonly WorkItem[];
  readonly oldestAt: string;
}

export const itemOfDelivery = (delivery: DeliverySummary): WorkItem => ({
  id: delivery.id, at: delivery.createdAt, endpoint: delivery.endpoint, entityType: delivery.entityType, ticketId: delivery.ticketId,
  httpStatus: delivery.httpStatus, reason: delivery.error, alike: withoutIds(delivery.error ?? ''), messageId: delivery.messageId, conversationId: delivery.conversationId, delivery, execution: null,
});

export const itemOfMessage = (message: MessageSummary): WorkItem => ({
  id: message.id, at: message.receivedAt, endpoint: message.endpoint, entityType: message.entityType, ticketId: message.ticketId,
  httpStatus: null, reason: message.reason, alike: withoutIds(message.reason ?? ''), messageId: message.id, conversationId: message.conversationId, delivery: null, execution: null,
});

export function itemOfExecution(execution: ListedDelayedExecution): WorkItem {
  const { id, createdAt: at, endpoint, entityType, ticketId, messageId, conversationId } = execution;
  const reason = delayWords(execution);
  return { id, at, endpoint, entityType, ticketId, httpStatus: null, reason, alike: reason, messageId, conversationId, delivery: null, execution };
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
/** `INC0010023`, `ISSUE-42`, `8341`; not `503`, which says something. */
const ID = /\b[A-Za-z]{1,12}[-_]?\d{2,}\b|\b\d{4,}\b/g;

/** A reason without the ids in it: what is alike for many. */
export const withoutIds = (reason: string): string => reason.replace(UUID, '…').replace(ID, '…');

/** Items of one system with one reason together, the largest group first; within it the newest first. */
export function workGroups(items: readonly WorkItem[]): readonly WorkGroup[] {
  const groups = new Map<string, WorkItem[]>();
  for (const item of items) {
    const key = [item.endpoint, item.httpStatus ?? '', item.alike].join('|');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].map(([key, members]) => groupOf(key, members)).sort((one, other) => other.items.length - one.items.length || one.key.localeCompare(other.key));
}

function groupOf(key: string, members: readonly WorkItem[]): WorkGroup {
  const items = members.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const [newest] = items as [WorkItem, ...WorkItem[]];
  const reason = newest.reason === null || newest.reason === '' ? null : items.length === 1 ? newest.reason : newest.alike;
  return { key, endpoint: newest.endpoint, httpStatus: newest.httpStatus, reason, items, oldestAt: (items.at(-1) ?? newest).at };
}
