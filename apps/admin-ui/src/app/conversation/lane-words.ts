import type { Lane } from '../api/models';
import { restWords } from '../system/rest-words';

export interface LaneWords {
  readonly state: 'READY' | 'WAITING' | 'BLOCKED';
  /** A state word that gives the chip its colour. */
  readonly chip: string;
  readonly label: string;
  readonly sentence: string;
}

const REASONS: Readonly<Record<string, string>> = {
  AWAITING_CREATE: 'waits for the answer to a create that is on its way',
  LOOP: 'stopped by the loop guard: too many deliveries in a minute',
  DEAD_CREATE: 'the create before it is dead; nothing may pass it',
  UNKNOWN_OUTCOME: 'nobody can say whether the target did it; someone must look',
  HELD_BY_OPERATOR: 'held by an operator',
};

/** What a lane is doing, in words. `now` in ms. */
export function laneWords(lane: Lane, now: number): LaneWords {
  if (lane.blocked !== null && lane.blocked !== '') {
    return { state: 'BLOCKED', chip: 'HELD', label: 'Blocked', sentence: REASONS[lane.blocked] ?? lane.reason ?? lane.blocked };
  }
  if (lane.waiting === 0) return { state: 'READY', chip: 'SKIPPED', label: 'Idle', sentence: 'nothing waits' };
  const count = lane.waiting === 1 ? '1 waits' : `${String(lane.waiting)} wait`;
  if (lane.rest !== null) return { state: 'WAITING', chip: 'SUSPENDED', label: 'Rests', sentence: `${count}: ${restWords(lane.rest, now)}` };
  const because = lane.reason === null ? '' : `: ${lane.reason}`;
  const later = lane.readyAt !== null && Date.parse(lane.readyAt) > now + 1_000;
  return later ? { state: 'WAITING', chip: 'RETRYING', label: 'Waits', sentence: `${count}${because}; goes on` } : { state: 'WAITING', chip: 'QUEUED', label: 'Ready', sentence: `${count}${because}` };
}
