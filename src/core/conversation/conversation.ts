import type { Attachment, EntityRef, TicketRef } from '../message/message.js';
import type { Attributes, Value } from '../message/value.js';

/** The memory of a conversation: attributes without their prefix, counters that are 0 until first incremented. */
export interface Memory {
  readonly attributes: Attributes;
  readonly counters: { readonly [name: string]: number };
}

/** A file kept in the conversation and the targets that have had it (or are about to). */
export interface KeptAttachment extends Attachment {
  readonly relayedTo: readonly EntityRef[];
}

/** An execution that waits; enough of it to keep order behind it. */
export interface WaitingExecution extends EntityRef {
  readonly rule: string;
  /** Whether it would create its target's ticket (counts as a create on its way). */
  readonly creates: boolean;
  readonly dueAt: string | null;
}

/** A conversation as rules see it: a value, read before a message is evaluated. */
export interface Conversation extends Memory {
  readonly id: string;
  readonly ticketIds: readonly TicketRef[];
  /** Creates that are on their way: queued, sending, dead or of unknown outcome. */
  readonly pendingCreates: readonly EntityRef[];
  readonly delayed: readonly WaitingExecution[];
  readonly attachments: readonly KeptAttachment[];
  /** Last known values of the message's own ticket; null for the first message of a ticket. */
  readonly previous: Attributes | null;
}

/** One entry of the memory log: what a rule (or an operator) changed. */
export interface MemoryChange {
  readonly kind: 'attribute' | 'counter';
  readonly name: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  /** Id and version of the rule that changed it. */
  readonly ruleId: string;
  readonly ruleVersion: number;
}
