import type { Conversation } from '../../core/conversation/conversation.js';
import { sameName } from '../../core/message/fold.js';
import type { Message } from '../../core/message/message.js';
import type { Attributes } from '../../core/message/value.js';
import type { AttachmentRow, MessageDetailRow, MessageRow } from '../../store/feed/message-feed.js';
import { TicketValues } from '../route/ticket-values.js';
import { conversationThen } from './conversation-then.js';
import type { Feeds } from './feeds.js';
import { canonicalOf } from './message-view.js';

/** How far back a conversation is read to find out what rules saw. */
const MOST = 5_000;

/** A message with everything that its rules saw: what `evaluate` takes. */
export interface PastMessage {
  readonly message: Message;
  readonly conversation: Conversation;
  /** When rules decided about it, in ISO 8601. */
  readonly now: string;
}

/** Reads it; null where what was received could not be understood. A message that never came to a conversation begins one. */
export async function readPastMessage(feeds: Omit<Feeds, 'events'>, row: MessageDetailRow, attachments: readonly AttachmentRow[]): Promise<PastMessage | null> {
  const message = canonicalOf(row, attachments);
  if (message === null) return null;
  if (row.conversationId === null) return { message, conversation: begunBy(message), now: (row.finishedAt ?? row.receivedAt).toISOString() };
  const { messages, deliveries, conversations } = feeds;
  const id = row.conversationId;
  // What was moved since was decided with the memory and among the messages of where it was then.
  const home = row.homeId ?? id;
  const among = [...new Set([home, id])];
  const decidedAt = row.finishedAt ?? row.receivedAt;
  const isAmong = (one: MessageRow): boolean => (one.homeId ?? one.conversationId) === home || (one.movedAt !== null && one.movedAt <= decidedAt && one.conversationId === home);
  const rows = (await Promise.all(among.map((one) => messages.ofConversation(one, MOST)))).flat().filter(isAmong);
  const ids = new Set(rows.map((one) => one.id));
  const sent = (await Promise.all(among.map((one) => deliveries.ofConversation(one, MOST)))).flat().filter((one) => ids.has(one.messageId));
  const conversation = conversationThen({
    id: home, delayed: (await conversations.delayed(id, MOST)).filter((one) => ids.has(one.messageId)), memory: await conversations.memory(home), changes: await conversations.memoryChanges(home, MOST), messages: rows,
    deliveries: sent, kept: (await conversations.kept(id)).filter((one) => ids.has(one.messageId)), previous: await previousOf(feeds, id, row),
  }, row);
  return { message, conversation, now: (row.finishedAt ?? row.receivedAt).toISOString() };
}

/** What the message's own ticket was last known as, from its earlier messages whatever became of them. */
async function previousOf({ messages }: Pick<Feeds, 'messages'>, conversation: string, { id, kind, endpoint, entityType, ticketId, seq }: MessageDetailRow): Promise<Attributes | null> {
  if (kind === 1 || ticketId === null || seq === null) return null;
  const earlier = (await messages.bodiesBefore(conversation, { endpoint, ticketId, seq, id }, MOST)).filter((one) => sameName(one.entityType, entityType));
  const since = earlier.flatMap(({ id: earlierId, body, receivedAt }) => (body === null ? [] : [{ id: earlierId, body, receivedMs: receivedAt.getTime() }]));
  return new TicketValues({ attributes: null, lastReceivedMs: null, since, filtered: [] }).known;
}

function begunBy({ endpoint, entityType, ticketId }: Message): Conversation {
  const ticketIds = ticketId === null ? [] : [{ endpoint, entityType, ticketId }];
  return { id: 'conversation', attributes: {}, counters: {}, ticketIds, pendingCreates: [], delayed: [], attachments: [], previous: null };
}
