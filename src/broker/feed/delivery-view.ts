import type { AttemptRow, DeliveryDetailRow, DeliveryRow, EditRow } from '../../store/feed/delivery-feed.js';
import type { Attachment, Attempt, DeliveryDetail, DeliveryEditDto, DeliverySummary } from './feed.dto.js';
import { showBody } from './redact.js';

export function deliverySummary(row: DeliveryRow): DeliverySummary {
  return {
    id: row.id, conversationId: row.conversationId, messageId: row.messageId, endpoint: row.endpoint, entityType: row.entityType, operation: row.operation,
    ruleId: row.ruleId, rule: row.rule, ruleVersion: row.ruleVersion, state: row.state, attempts: row.attempts, httpStatus: row.httpStatus,
    error: row.error ?? row.troubleReason, ticketId: row.ticketId,
    createdAt: row.createdAt.toISOString(), nextAt: row.nextAt?.toISOString() ?? null, finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** A delivery with what it carries and every attempt. */
export function deliveryDetail(row: DeliveryDetailRow, attempts: readonly AttemptRow[]): DeliveryDetail {
  const carried = carriedBy(row.body);
  return { ...deliverySummary(row), ...carried, attemptList: attempts.filter((attempt) => attempt.deliveryId === row.id).map(attemptOf) };
}

export function editOf(row: EditRow): DeliveryEditDto {
  const { messageType, attributes } = carriedBy(row.bodyBefore);
  return { number: row.number, editedBy: row.editedBy, editedAt: row.editedAt.toISOString(), reason: row.reason, messageType, attributes };
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    number: row.number, startedAt: row.startedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null, durationMs: row.durationMs,
    outcome: row.outcome, httpStatus: row.httpStatus, error: row.error, answer: row.answer === null ? null : showBody(row.answer).body,
  };
}

/** What a delivery carries; nothing once its body is no longer kept. */
function carriedBy(body: Buffer | null): Pick<DeliveryDetail, 'messageType' | 'attributes' | 'attachments'> {
  if (body === null) return { messageType: '', attributes: {}, attachments: [] };
  const { messageType = '', attributes = {}, attachments = [] } = JSON.parse(body.toString('utf8')) as Partial<{ messageType: string; attributes: Record<string, unknown>; attachments: Attachment[] }>;
  return { messageType, attributes, attachments: attachments.map(({ id, name, contentType, size }) => ({ id, name, contentType, size })) };
}
