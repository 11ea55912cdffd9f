import { type LaneActStore, type LockedDelivery, type LockedLane } from '../../store/lane/lane-act.store.js';
import { Problem } from '../../web/index.js';

/** Why a lane stands still that an operator stopped. */
export const HELD_BY_OPERATOR = 'HELD_BY_OPERATOR';

export const WAITING: ReadonlySet<string> = new Set(['QUEUED', 'RETRYING', 'HELD']);

/** A delivery in an operator's hand, under its lane's lock. */
export interface DeliveryInHand {
  readonly store: LaneActStore;
  readonly delivery: LockedDelivery;
  /** Whether its lane has not gone past it. */
  readonly isAhead: boolean;
}

/** What is done to a delivery; a Problem where its state or its lane does not allow it. Answers false where it was so already. */
export type DeliveryAct = (inHand: DeliveryInHand) => Promise<boolean>;

/** Acts that need nothing but the delivery; by the last word of their address, and the same one by one and in bulk. */
export const DELIVERY_ACTS = {
  retry: retryNow,
  skip: (inHand) => endUnsent(inHand, 'SKIPPED'),
  cancel: (inHand) => endUnsent(inHand, 'CANCELLED'),
  hold: holdBefore,
} as const satisfies Record<string, DeliveryAct>;

export type DeliveryActName = keyof typeof DELIVERY_ACTS;

/** Takes a delivery and its lane in hand; a Problem where there is none, or where somebody sends from the lane. */
export async function takeInHand(store: LaneActStore, id: string): Promise<DeliveryInHand> {
  const delivery = await store.lock(id);
  if (delivery === null) throw Problem.missing(`delivery ${id}`);
  if (delivery.isClaimed) throw beingSent();
  return { store, delivery, isAhead: delivery.seq > delivery.doneSeq };
}

export const beingSent = (): Problem => Problem.conflict('being-sent', 'This lane is being sent from at this moment; try again.');

/** Stops an idle or a waiting lane; false where an operator has stopped it already. */
export async function holdLane(store: LaneActStore, lane: LockedLane): Promise<boolean> {
  if (lane.blocked === HELD_BY_OPERATOR) return false;
  if (lane.blocked !== null) throw Problem.conflict('lane-stopped', `This lane stands still already (${lane.blocked}).`);
  await store.block(lane, HELD_BY_OPERATOR);
  return true;
}

async function retryNow({ store, delivery, isAhead }: DeliveryInHand): Promise<boolean> {
  if (delivery.state !== 'DEAD' && !WAITING.has(delivery.state)) throw Problem.conflict('not-retryable', `A delivery that is ${delivery.state} is not sent again.`);
  // Only where the lane waits for this very word: a create of unknown outcome that can be looked up is looked up first, whoever is in a hurry.
  if (delivery.state === 'HELD' && delivery.blocked === 'UNKNOWN_OUTCOME') await store.overruleAttempts(delivery.id);
  if (!isAhead) await store.requeueAtEnd(delivery);
  await store.setState(delivery.id, 'QUEUED');
  // What stands behind a blocked head stays behind it; retried itself, the head takes the block away.
  if (delivery.blocked === null || (isAhead && (await store.isNext(delivery)))) await store.unblock(delivery);
  return true;
}

async function endUnsent({ store, delivery, isAhead }: DeliveryInHand, state: 'SKIPPED' | 'CANCELLED'): Promise<boolean> {
  if (delivery.state === state) return false;
  if (!WAITING.has(delivery.state) && delivery.state !== 'DEAD') throw Problem.conflict('not-waiting', `A delivery that is ${delivery.state} waits for nothing.`);
  if (delivery.state === 'DEAD' && !isAhead) {
    await store.setState(delivery.id, state); // its lane has gone on: it only leaves the work list
    return true;
  }
  const wasHead = isAhead && (await store.isNext(delivery));
  await store.setState(delivery.id, state);
  if (delivery.operation === 'CREATE') {
    await store.forgetCreate(delivery);
    return true;
  }
  await store.passDone(delivery);
  // Ending one that stood behind a blocked head does not free the head.
  if (wasHead || delivery.blocked === null) await store.unblock(delivery);
  return true;
}

async function holdBefore({ store, delivery, isAhead }: DeliveryInHand): Promise<boolean> {
  if (!isAhead || !WAITING.has(delivery.state) || !(await store.isNext(delivery))) throw Problem.conflict('not-the-head', 'Only the delivery that is next in its lane can be held.');
  if (delivery.blocked === HELD_BY_OPERATOR) return false;
  await store.block(delivery, HELD_BY_OPERATOR);
  return true;
}
