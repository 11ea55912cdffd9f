import type { OrganizationId } from '../organization.js';
import type { Claim } from './lane.js';

/** What is polled: a channel of an endpoint. */
export interface PollPlace {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly channel: string;
}

/** A channel that this process may poll: nobody else fetches from it or moves its cursor until it is released. */
export interface PollLane extends PollPlace {
  readonly claim: Claim;
  readonly cursor: unknown;
  readonly crashCount: number;
  readonly failuresInRow: number;
}
