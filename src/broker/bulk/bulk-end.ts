import type { AuditLog } from '../../identity/index.js';
import type { BulkRow } from '../../store/bulk/bulk-operation.store.js';
import type { BulkHand } from './bulk-action.js';

/** Writes the one line that the audit log holds of a bulk operation, in the transaction that ends it: who started it, what it was about, what came of it. */
export async function endOfBulk(audit: AuditLog, { organization, manager }: Pick<BulkHand, 'organization' | 'manager'>, row: BulkRow, cancelledBy?: string): Promise<void> {
  const { total, done, failed, skipped, selection, startedBy } = row;
  if (startedBy === null) return; // a plan that nobody started has done nothing
  await audit.record(manager, organization, startedBy, `bulk.${row.action}`, row.id, {
    total, done, failed, skipped, digest: row.digest.toString('hex'), ...(selection.ids === undefined ? { filter: selection.filter } : { ids: selection.ids.length }), ...(cancelledBy === undefined ? {} : { cancelledBy }),
  });
}
