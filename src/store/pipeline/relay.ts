import { sameName } from '../../core/message/fold.js';
import type { EntityRef } from '../../core/message/message.js';
import type { OrganizationId } from '../organization.js';

/** Runs a statement of the transaction that ends deliveries; rows as objects. */
export type Ask = <T>(sql: string, values: unknown[]) => Promise<T[]>;

interface Carrier {
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly entityKey: string;
  readonly body: Buffer;
}

const CARRIERS = `SELECT d.conversation_id AS conversation, d.endpoint, d.entity_type AS "entityType", d.entity_key AS "entityKey", b.body
FROM delivery d JOIN delivery_body b ON b.id = d.id AND b.organization_id = d.organization_id
WHERE d.organization_id = $1 AND d.id = ANY ($2::uuid[]) AND EXISTS (SELECT FROM kept_attachment k WHERE k.conversation_id = d.conversation_id)`;

/** Whether anything of a lane still counts as having brought a file. */
const COUNTING = `SELECT b.body FROM delivery d JOIN delivery_body b ON b.id = d.id AND b.organization_id = d.organization_id
WHERE d.organization_id = $1 AND d.conversation_id = $2 AND d.endpoint = $3 AND d.entity_key = $4 AND d.state NOT IN ('DEAD', 'CANCELLED', 'SKIPPED')`;

const KEPT = `SELECT id, relayed_to AS "relayedTo" FROM kept_attachment WHERE organization_id = $1 AND conversation_id = $2 AND id = ANY ($3::uuid[]) ORDER BY id FOR UPDATE`;
const WRITE = `UPDATE kept_attachment SET relayed_to = $3::jsonb WHERE organization_id = $1 AND id = $2`;

/**
 * Counts anew which kept files a target has had, after deliveries ended without having brought them, or are sent again after all.
 * A file counts while any delivery of the lane carries it that has not ended as DEAD, CANCELLED or SKIPPED.
 */
export async function recountRelays(ask: Ask, organization: OrganizationId, deliveries: readonly string[]): Promise<void> {
  if (deliveries.length === 0) return;
  const carriers = await ask<Carrier>(CARRIERS, [organization, deliveries]);
  const lanes = Map.groupBy(carriers, (one) => `${one.conversation} ${one.endpoint} ${one.entityKey}`);
  for (const [lead, ...more] of lanes.values()) {
    const touched = new Set([lead!, ...more].flatMap((one) => filesOf(one.body)));
    if (touched.size > 0) await recountLane(ask, organization, lead!, [...touched]);
  }
}

async function recountLane(ask: Ask, organization: OrganizationId, { conversation, endpoint, entityType, entityKey }: Carrier, files: readonly string[]): Promise<void> {
  const kept = await ask<{ id: string; relayedTo: EntityRef[] }>(KEPT, [organization, conversation, files]);
  if (kept.length === 0) return;
  const counting = await ask<{ body: Buffer }>(COUNTING, [organization, conversation, endpoint, entityKey]);
  const had = new Set(counting.flatMap(({ body }) => filesOf(body)));
  for (const { id, relayedTo } of kept) {
    const others = relayedTo.filter((one) => !(sameName(one.endpoint, endpoint) && sameName(one.entityType, entityType)));
    const after = had.has(id) ? [...others, { endpoint, entityType }] : others;
    if (after.length !== relayedTo.length) await ask(WRITE, [organization, id, JSON.stringify(after)]);
  }
}

/** Ids of the files that a delivery carries. */
function filesOf(body: Buffer): string[] {
  const { attachments = [] } = JSON.parse(body.toString()) as { readonly attachments?: readonly { readonly id: string }[] };
  return attachments.map(({ id }) => id);
}
