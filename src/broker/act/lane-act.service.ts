import { Injectable } from '@nestjs/common';
import { fold } from '../../core/message/fold.js';
import { AuditLog, type Principal } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { LaneActStore, type LockedLane } from '../../store/lane/lane-act.store.js';
import { Problem } from '../../web/index.js';
import { beingSent, DELIVERY_ACTS, HELD_BY_OPERATOR, holdLane, takeInHand } from './delivery-act.js';

/** Where a delivery lane is: the way from a conversation to one kind of record of a target. */
export interface LanePlace {
  readonly conversation: string;
  readonly endpoint: string;
  /** As the endpoint names it, in any spelling. */
  readonly entityType: string;
}

export type LaneActName = 'retry' | 'skip' | 'hold';

/** What operators do with delivery lanes: with the delivery at their head, or with the lane where nothing stands in it. */
@Injectable()
export class LaneActs {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  async do(by: Principal, { conversation, endpoint, entityType }: LanePlace, act: LaneActName): Promise<void> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const store = new LaneActStore(by.organization, manager);
      const lane = await store.lockLane(conversation, endpoint, fold(entityType));
      if (lane === null) throw Problem.missing(`lane to ${endpoint} (${entityType}) in conversation ${conversation}`);
      if (lane.isClaimed) throw beingSent();
      if (!(await actOn(store, lane, act))) return;
      await this.audit.record(manager, by.organization, by, `lane.${act}`, conversation, { endpoint, entityType, delivery: lane.head, blocked: lane.blocked });
    });
    this.hub.left('deliver');
  }
}

async function actOn(store: LaneActStore, lane: LockedLane, act: LaneActName): Promise<boolean> {
  if (act === 'hold') return holdLane(store, lane);
  if (lane.head !== null) return DELIVERY_ACTS[act](await takeInHand(store, lane.head));
  if (act === 'skip') throw Problem.conflict('lane-empty', 'Nothing waits in this lane.');
  if (lane.blocked === null) return false;
  if (lane.blocked !== HELD_BY_OPERATOR) throw Problem.conflict('lane-empty', `Nothing waits in this lane, which stands still for another reason (${lane.blocked}).`);
  await store.unblock(lane);
  return true;
}
