import type { AcceptedMessage } from './accept.js';
import type { Claim } from './lane.js';
import type { OrganizationId } from '../organization.js';

/** What became of one attempt, and of the lane after it. Durations and delays in milliseconds. */
export interface DeliveryResult {
  readonly organization: OrganizationId;
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly claim: Claim;
  /** The place of the last delivery that needs nothing more. */
  readonly doneSeq: number;
  /** Gives the lane back; otherwise its holder goes on with the next delivery. */
  readonly release: boolean;
  /** A released lane is ready again after this; null: at once if it has more, else idle. */
  readonly delayMs: number | null;
  /** Why the lane stops until an operator acts; null: it does not. */
  readonly blocked: string | null;
  /** The ticket id that a create brought. */
  readonly ticketId: string | null;
  readonly delivery: {
    readonly id: string;
    readonly seq: number;
    readonly state: 'SENT' | 'RETRYING' | 'DEAD' | 'HELD';
    readonly attempts: number;
    readonly httpStatus: number | null;
    readonly error: string | null;
    readonly final: boolean;
  } | null;
  /** The attempt that ended; outcome `NOT_SENT` where it was begun and no call was made. */
  readonly attempt: {
    readonly deliveryId: string;
    readonly number: number;
    readonly outcome: string;
    readonly httpStatus: number | null;
    readonly error: string | null;
    readonly durationMs: number;
    readonly answer: Uint8Array | null;
    /** The request as JSON, without secrets, where it is kept. */
    readonly request?: string | null;
  } | null;
  /** The attempt that is about to be begun under the same claim. */
  readonly next: { readonly deliveryId: string; readonly number: number } | null;
  /** The answer, where a rule listens to it. */
  readonly response: AcceptedMessage | null;
}
