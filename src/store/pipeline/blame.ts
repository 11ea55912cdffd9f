import type pg from 'pg';
import { ACCUSED } from '../../core/delivery/blame.js';
import type { DeliveryLane, RouteLane } from './lane.js';
import type { ReceiveLane } from './receive-lanes.js';
import { run } from './statement.js';

const DELIVERY = `UPDATE ticket_link t SET crash_count = $5::int2 WHERE t.conversation_id = $1::uuid AND t.endpoint = $2 AND t.entity_type = $3 AND t.claim = $4::int8`;
const ROUTE = `UPDATE conversation v SET crash_count = $3::int2 WHERE v.id = $1::uuid AND v.claim = $2::int8`;
const RECEIVE = `UPDATE receive_lane t SET crash_count = $4::int2 WHERE t.organization_id = $1::uuid AND t.endpoint = $2 AND t.claim = $3::int8`;

/** Notes that a suspected lane is about to be tried alone: should the process end now, it is to blame. Its result clears that. */
export async function accuseDeliveryLane(on: pg.Pool, lane: DeliveryLane): Promise<void> {
  await run(on, 'accuse-delivery', DELIVERY, [lane.conversation, lane.endpoint, lane.entityKey, lane.claim.toString(), lane.crashCount + ACCUSED]);
}

/** Takes that back: others work beside it again. */
export async function acquitDeliveryLane(on: pg.Pool, lane: DeliveryLane): Promise<void> {
  await run(on, 'accuse-delivery', DELIVERY, [lane.conversation, lane.endpoint, lane.entityKey, lane.claim.toString(), lane.crashCount]);
}

export async function accuseRouteLane(on: pg.Pool, lane: RouteLane): Promise<void> {
  await run(on, 'accuse-route', ROUTE, [lane.conversation, lane.claim.toString(), lane.crashCount + ACCUSED]);
}

export async function accuseReceiveLane(on: pg.Pool, lane: ReceiveLane): Promise<void> {
  await run(on, 'accuse-receive', RECEIVE, [lane.organization, lane.endpoint, lane.claim.toString(), lane.crashCount + ACCUSED]);
}
