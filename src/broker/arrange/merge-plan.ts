import type { LaneMove, LockedConversation, LockedLink } from '../../store/lane/arrange.store.js';

/** Why conversations cannot be merged or split as they are. */
export interface ArrangeProblem {
  readonly code: string;
  readonly detail: string;
}

export interface MergePlan {
  readonly lanes: readonly LaneMove[];
  readonly problems: readonly ArrangeProblem[];
  /** Somebody works on one of them at this moment; a moment later it may be free. */
  readonly isBusy: boolean;
  /** What waits is on its way, as a rule: a moment later it may be sent. */
  readonly maySettle: boolean;
}

const placeOf = (link: LockedLink): string => `${link.endpoint} ${link.entityKey}`;

/** Decides what becomes of the lanes of a conversation that is merged into another one, and whether it may be. */
export function planMerge(from: LockedConversation, into: LockedConversation, links: readonly LockedLink[]): MergePlan {
  const problems: ArrangeProblem[] = [];
  for (const { id, blocked } of [from, into]) {
    if (blocked === 'AWAITING_CREATE') problems.push({ code: 'awaits-create', detail: `The conversation ${id} waits for the answer that may name its ticket; it is settled within seconds, try again then.` });
  }
  const there = new Map(links.filter((link) => link.conversation === into.id).map((link) => [placeOf(link), link]));
  const lanes: LaneMove[] = [];
  let maySettle = false;
  let isBusy = from.isClaimed || into.isClaimed;
  for (const link of links.filter((one) => one.conversation === from.id)) {
    const other = there.get(placeOf(link));
    isBusy ||= link.isClaimed || other?.isClaimed === true;
    const move = other === undefined ? 'MOVES' : joining(link, other);
    if (typeof move === 'string') lanes.push({ ...link, move });
    else {
      problems.push(move);
      maySettle ||= !link.isBlocked && other?.isBlocked !== true;
    }
  }
  return { lanes, problems, isBusy, maySettle };
}

/** What waits for one ticket is never sent to another: such lanes must be empty. */
function joining(link: LockedLink, other: LockedLink): 'JOINS' | 'ENDS' | ArrangeProblem {
  const place = `${link.endpoint} ${link.entityKey}`;
  const isUnused = other.ticketId === null && other.createDeliveryId === null;
  if (isUnused || (link.ticketId !== null && link.ticketId === other.ticketId)) return 'JOINS';
  if (other.ticketId === null && link.ticketId !== null) return { code: 'create-under-way', detail: `A create for ${place} is on its way in one conversation, and the other one has the ticket ${link.ticketId} there: skip the create, or wait for it.` };
  if (link.waiting > 0) return { code: 'lane-not-empty', detail: `${link.waiting} deliveries for ${place} wait for the ticket ${link.ticketId ?? 'that their create makes'}, which is not the one of the other conversation: send or skip them first.` };
  return 'ENDS';
}
