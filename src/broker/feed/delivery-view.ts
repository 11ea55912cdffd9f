import type { AttemptRow, DeliveryDetailRow, DeliveryRow, EditRow } from '../../store/feed/delivery-feed.js';
import { restView, type Rests } from './endpoint-rest.js';
import type { Attachment, Attempt, DeliveryDetail, DeliveryEditDto, DeliverySummary, SentRequestDto } from './feed.dto.js';
import { showBody } from '../../web/index.js';

/** `rests`: why endpoints are not sent to. */
export function deliverySummary(row: DeliveryRow, rests: Rests): DeliverySummary {
  const rest = waits(row) ? rests.get(row.endpoint) : undefined;
  return {
    id: row.id, conversationId: row.conversationId, messageId: row.messageId, endpoint: row.endpoint, entityType: row.entityType, operation: row.operation,
    ruleId: row.ruleId, rule: row.rule, ruleVersion: row.ruleVersion, state: row.state, attempts: row.attempts, httpStatus: row.httpStatus,
    error: row.error ?? row.troubleReason, rest: rest === undefined ? null : restView(rest), ticketId: row.ticketId,
    createdAt: row.createdAt.toISOString(), nextAt: row.nextAt?.toISOString() ?? null, finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** Whether it goes on once its endpoint does not rest any more. */
export const waits = ({ state }: Pick<DeliveryRow, 'state'>): boolean => state === 'QUEUED' || state === 'RETRYING';

/** A delivery with what it carries and every attempt. */
export function deliveryDetail(row: DeliveryDetailRow, attempts: readonly AttemptRow[], rests: Rests): DeliveryDetail {
  const carried = carriedBy(row.body);
  return { ...deliverySummary(row, rests), ...carried, attemptList: attempts.filter((attempt) => attempt.deliveryId === row.id).map(attemptOf) };
}

export function editOf(row: EditRow): DeliveryEditDto {
  const { messageType, attributes } = carriedBy(row.bodyBefore);
  return { number: row.number, editedBy: row.editedBy, editedAt: row.editedAt.toISOString(), reason: row.reason, messageType, attributes };
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    number: row.number, startedAt: row.startedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null, durationMs: row.durationMs,
    outcome: row.outcome, httpStatus: row.httpStatus, error: row.error, answer: row.answer === null ? null : showBody(row.answer).body, request: row.request === null ? null : JSON.parse(row.request) as SentRequestDto,
  };
}

/** What a delivery carries; nothing once its body is no longer kept. */
function carriedBy(body: Buffer | null): Pick<DeliveryDetail, 'messageType' | 'attributes' | 'attachments'> {
  if (body === null) return { messageType: '', attributes: {}, attachments: [] };
  const { messageType = '', attributes = {}, attachments = [] } = JSON.parse(body.toString('utf8')) as Partial<{ messageType: string; attributes: Record<string, unknown>; attachments: Attachment[] }>;
  return { messageType, attributes, attachments: attachments.map(({ id, name, contentType, size }) => ({ id, name, contentType, size })) };
}
