import type { OrganizationId } from '../organization.js';

/**
 * A claim token: the instance in the upper 32 bits, a counter of its claims in the lower. Unique per statement, so that
 * "claimed by this very statement" and "claimed by a dead instance" can both be read off one column.
 */
export type Claim = bigint;

export const claimOf = (instance: number, counter: number): Claim => (BigInt(instance) << 32n) | BigInt(counter >>> 0);

/** A conversation that this process may route: nobody else writes its memory, places or links until it is released. */
export interface RouteLane {
  readonly organization: OrganizationId;
  readonly conversation: string;
  readonly claim: Claim;
  /** True where this claim began the conversation: no memory, no links but the message's own ticket. */
  readonly fresh: boolean;
  readonly crashCount: number;
  /** The last place given when it was claimed. */
  readonly lastSeq: number;
  /** The messages that wait, oldest first, not all of them; none where only something delayed wants to be looked at. */
  readonly items: readonly RouteItem[];
}

/** What a message in a route lane is: from outside, an answer, or from outside but written by our own integration user. */
export const KIND = { normal: 0, response: 1, ours: 2 } as const;

/** A message in its place. */
export interface RouteItem {
  readonly id: string;
  readonly seq: number;
  /** One of `KIND`. */
  readonly kind: number;
  readonly endpoint: string;
  readonly entityType: string;
  /** Folded. */
  readonly entityKey: string;
  readonly messageType: string;
  readonly ticketId: string | null;
  readonly depth: number;
  readonly body: Uint8Array;
  /** Already read, where this process accepted it: then `body` need not be read again. */
  readonly read: unknown;
}

/** The lane of one target ticket, claimed with its next deliveries. */
export interface DeliveryLane {
  readonly organization: OrganizationId;
  readonly conversation: string;
  readonly endpoint: string;
  /** Folded. */
  readonly entityKey: string;
  readonly claim: Claim;
  readonly crashCount: number;
  /** The last place when it was claimed: all up to there are in `deliveries`, or need nothing more. */
  readonly lastSeq: number;
  readonly ticketId: string | null;
  readonly deliveries: readonly QueuedDelivery[];
}

export interface QueuedDelivery {
  readonly id: string;
  readonly seq: number;
  readonly messageId: string;
  /** Endpoint that its message came from; null where that is not kept any more. */
  readonly source: string | null;
  readonly entityType: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly depth: number;
  readonly body: Uint8Array;
  /** Attempts with a result so far. */
  readonly attempts: number;
  readonly createdMs: number;
  /** An attempt was begun and nobody knows how it ended. */
  readonly isUnknown: boolean;
  /** Nobody knows how the last attempt ended, and an operator says that it is to be sent again all the same. */
  readonly isOverruled: boolean;
}
