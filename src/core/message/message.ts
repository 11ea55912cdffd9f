import type { Attributes } from './value.js';

/** Names one kind of record at one endpoint; endpoint ids and entity types compare by `fold`. */
export interface EntityRef {
  readonly endpoint: string;
  readonly entityType: string;
}

/** Names one ticket; the ticket id compares exactly, as text. */
export interface TicketRef extends EntityRef {
  readonly ticketId: string;
}

/** What a message says of a file; the bytes stay in the store. Identity is `id`, not `name`. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

export interface Sender {
  readonly id: string;
  readonly name?: string;
}

export type Operation = 'CREATE' | 'UPDATE';
export type ResponseStatus = 'SUCCESS' | 'ERROR';

/** The final answer of a target to one delivery, as response rules see it. */
export interface Answer {
  readonly operation: Operation;
  readonly status: ResponseStatus;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly ticketId: string | null;
}

/** The canonical form of one thing received: a normal message, or a response message where `response` is set. */
export interface Message extends EntityRef {
  readonly id: string;
  readonly messageType: string;
  /** Null only on response messages whose target never told an id. */
  readonly ticketId: string | null;
  readonly attributes: Attributes;
  readonly attachments: readonly Attachment[];
  readonly sender: Sender | null;
  /** ISO 8601, UTC, with milliseconds. */
  readonly receivedAt: string;
  readonly response: Answer | null;
}
