import type { BulkItemRow } from '../../store/bulk/bulk-item.store.js';
import type { BulkRow } from '../../store/bulk/bulk-operation.store.js';
import { bulkAction, confirmationOf } from './bulk-action.js';
import type { BulkDetail, BulkItemDto, BulkSummary } from './bulk.dto.js';

export function bulkSummary(row: BulkRow): BulkSummary {
  return {
    id: row.id, action: row.action, state: row.state, total: row.total, done: row.done, failed: row.failed, skipped: row.skipped,
    createdBy: row.createdBy.name, startedBy: row.startedBy?.name ?? null, cancelledBy: row.cancelledBy?.name ?? null,
    createdAt: row.createdAt.toISOString(), startedAt: row.startedAt?.toISOString() ?? null, finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function bulkDetail(row: BulkRow, sample: readonly BulkItemRow[]): BulkDetail {
  const action = bulkAction(row.action);
  return {
    ...bulkSummary(row), selection: { ...row.selection } as BulkDetail['selection'], digest: row.digest.toString('hex'), isCut: row.isCut, groups: [...row.groups],
    sample: sample.map(bulkItem), confirmation: action === undefined ? null : confirmationOf(action, row.total),
  };
}

export const bulkItem = (row: BulkItemRow): BulkItemDto => ({
  id: row.subject, endpoint: row.endpoint, stateThen: row.stateThen, reasonThen: row.reasonThen, outcome: row.outcome, reason: row.reason, finishedAt: row.finishedAt?.toISOString() ?? null,
});
