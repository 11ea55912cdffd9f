import type { EntityManager } from '../../store/data-source.js';
import { BulkItemStore } from '../../store/bulk/bulk-item.store.js';
import { BulkOperationStore, type BulkRow } from '../../store/bulk/bulk-operation.store.js';
import { BulkSelectionStore } from '../../store/bulk/bulk-selection.js';
import type { OrganizationId } from '../../store/organization.js';
import { MOST_ITEMS, type BulkAction } from './bulk-action.js';

/** Reads the next part of what the plan's filter finds, under the plan's lock; answers whether the plan is finished. */
export async function planFurther(organization: OrganizationId, manager: EntityManager, action: BulkAction, row: BulkRow): Promise<boolean> {
  const operations = new BulkOperationStore(organization, manager);
  const step = await action.search({ organization, manager, store: new BulkSelectionStore(organization, manager, row.id) }, row.selection.filter ?? {}, row.plannedTo, MOST_ITEMS - row.total);
  const total = row.total + step.found;
  const isFull = total >= MOST_ITEMS;
  await operations.notePlanned(row.id, { total, plannedTo: step.next, isCut: isFull });
  if (step.next !== null && !isFull) return false;
  await operations.planned(row.id, await new BulkItemStore(organization, manager, row.id).groups());
  return true;
}
