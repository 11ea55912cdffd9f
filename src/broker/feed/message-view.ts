import type { Message } from '../../core/message/message.js';
import type { Trace } from '../../core/rule/decision.js';
import type { DeliveryRow } from '../../store/feed/delivery-feed.js';
import type { AttachmentRow, MessageDetailRow, MessageRow } from '../../store/feed/message-feed.js';
import { readStoredMessage } from '../route/stored-message.js';
import { deliverySummary } from './delivery-view.js';
import type { Rests } from './endpoint-rest.js';
import type { MessageSummary, RuleRef } from './feed.dto.js';
import type { MessageDetail, RawRequest } from './message-detail.dto.js';
import { redactHeaders, redactQuery, showBody } from '../../web/index.js';

/** A stored trace; messages that no rule ever saw have none. */
export const traceOf = (row: Pick<MessageRow, 'trace'>): Trace | null => (row.trace ?? null) as Trace | null;

const kindOf = (row: Pick<MessageRow, 'kind'>): string => (row.kind === 1 ? 'response' : 'normal');

function rulesOf(row: MessageRow): RuleRef[] {
  const trace = traceOf(row);
  if (trace === null) return [];
  return [...trace.executed, ...trace.delayed, ...trace.dropped, ...trace.failed].map(({ ruleId, rule, ruleVersion }) => ({ ruleId, rule, ruleVersion }));
}

export function messageSummary(row: MessageRow, deliveries: readonly DeliveryRow[], rests: Rests): MessageSummary {
  return {
    id: row.id, endpoint: row.endpoint, entityType: row.entityType, ticketId: row.ticketId, kind: kindOf(row), state: row.state, reason: row.reason,
    conversationId: row.conversationId, receivedAt: row.receivedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null,
    conflicts: [...(row.conflicts ?? [])], rules: rulesOf(row), deliveries: deliveries.filter((delivery) => delivery.messageId === row.id).map((delivery) => deliverySummary(delivery, rests)),
  };
}

/** The canonical message of a row; null where what was received could not be read. */
export function canonicalOf(row: MessageDetailRow, attachments: readonly AttachmentRow[]): Message | null {
  const body = row.body ?? row.rawBody;
  if (body === null) return null;
  const read = readStoredMessage(
    { id: row.id, seq: row.seq ?? 0, kind: row.kind, endpoint: row.endpoint, entityType: row.entityType, entityKey: '', messageType: row.messageType, ticketId: row.ticketId, depth: row.depth, body, read: undefined },
    attachments.map((attachment) => ({ ...attachment, messageId: row.id })));
  return read.ok ? read.value : null;
}

export function messageDetail(row: MessageDetailRow, attachments: readonly AttachmentRow[]): Omit<MessageDetail, 'deliveries'> {
  const message = canonicalOf(row, attachments);
  return {
    id: row.id, endpoint: row.endpoint, entityType: row.entityType, messageType: row.messageType, ticketId: row.ticketId, kind: kindOf(row),
    state: row.state, reason: row.reason, conversationId: row.conversationId, receivedAt: row.receivedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null,
    conflicts: [...(row.conflicts ?? [])], deliveryId: row.deliveryId, sender: message?.sender ?? null, attributes: { ...message?.attributes }, attachments: attachments.map(({ id, name, contentType, size }) => ({ id, name, contentType, size })),
    raw: rawOf(row), response: message?.response ?? null, trace: traceOf(row) as MessageDetail['trace'],
  };
}

function rawOf(row: MessageDetailRow): RawRequest | null {
  if (row.rawBody === null) return null;
  return {
    contentType: row.rawContentType ?? '', headers: redactHeaders(row.rawHeaders ?? {}), query: row.rawQuery === null ? null : redactQuery(row.rawQuery),
    ...showBody(row.rawBody), size: row.rawBody.byteLength,
  };
}
