import { stillUnmappedAt } from '../core/rule/unmapped.js';
import type { EntityManager } from '../store/data-source.js';
import type { OrganizationId } from '../store/organization.js';
import { UnmappedStore } from '../store/rule/unmapped.store.js';

/** Forgets the values without a row that the version now in use has one for, or whose table is gone; of the others it notes where their table stands. Null: the rule is deleted. */
export async function settleUnmapped(organization: OrganizationId, manager: EntityManager, ruleId: string, version: { readonly version: number; readonly document: Readonly<Record<string, unknown>> } | null): Promise<void> {
  const store = new UnmappedStore(organization, manager);
  const rows = (await store.ofRule(ruleId)).map(({ id, held, ...row }) => ({ id, mapping: version === null ? null : stillUnmappedAt(version.document, { ...row, values: held }) }));
  await store.forget(rows.filter(({ mapping }) => mapping === null).map(({ id }) => id));
  await store.place(rows.flatMap(({ id, mapping }) => (mapping === null ? [] : [{ id, mapping }])), version?.version ?? 0);
}
