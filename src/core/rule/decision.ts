import type { KeptAttachment, Memory, MemoryChange } from '../conversation/conversation.js';
import type { Attachment, EntityRef, Operation } from '../message/message.js';
import type { Attributes } from '../message/value.js';

/** What became of a message, in the words of the message states. */
export type Outcome = 'ROUTED' | 'DELAYED' | 'DROPPED' | 'NO_ROUTE' | 'FAILED';

export interface RuleRef {
  readonly ruleId: string;
  readonly rule: string;
  readonly ruleVersion: number;
}

/** One message for one target, before it is a delivery: it has no id, no clock, no ticket id yet. */
export interface OutboundMessage extends RuleRef, EntityRef {
  readonly messageType: string;
  readonly operation: Operation;
  readonly attributes: Attributes;
  readonly attachments: readonly Attachment[];
}

export type WaitReason =
  | { readonly type: 'Time'; readonly dueAt: string }
  | { readonly type: 'ConversationAttribute'; readonly attribute: string; readonly operator: string; readonly values: readonly string[] }
  | ({ readonly type: 'TicketId' } & EntityRef)
  | { readonly type: 'Order' };

/** A matched execution that waits; it is stored as a row and released by the same core. Endpoint and entity type are empty without target. */
export interface DelayedExecution extends RuleRef, EntityRef {
  readonly operation: Operation | null;
  readonly dueAt: string | null;
  readonly waitingFor: readonly WaitReason[];
  /** When kinds other than `Time` stop waiting, and what happens then. */
  readonly timeoutAt: string | null;
  readonly onTimeout: 'ROUTE' | 'CANCEL' | 'FAIL' | null;
}

/** Why one execution had no effect: names rule, mapping and value. */
export interface ExecutionFailure extends RuleRef {
  readonly error: string;
}

/** Values for which a table had no row: its defaults were written, or nothing. */
export interface UnmappedNote {
  /** JSON pointer of the table in the rule: `/mappings/2`. */
  readonly mapping: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** One per source, as text, cut at 200 characters; at least one is not blank. */
  readonly values: readonly string[];
  readonly hasDefault: boolean;
}

/** What an execution that took effect could not translate. */
export interface Unmapped extends RuleRef, UnmappedNote {}

export type MissReason = 'message-kind' | 'condition' | 'attachment' | 'operation' | 'outcome';

/** A candidate that was not kept, with its first reason. */
export interface Miss extends RuleRef {
  readonly reason: MissReason;
  /** Which condition, as text; expected and actual value. */
  readonly detail: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

/** What is stored of an evaluation; the full trace is computed when someone asks. */
export interface Trace {
  /** Id of the rule set that was evaluated. */
  readonly ruleSet: string;
  readonly executed: readonly RuleRef[];
  readonly delayed: readonly RuleRef[];
  readonly failed: readonly ExecutionFailure[];
  readonly dropped: readonly RuleRef[];
  /** The five nearest misses: those that failed latest in the order of the steps come first. */
  readonly misses: readonly Miss[];
  readonly missCounts: { readonly [reason in MissReason]?: number };
}

/** A translation that the caller must fetch before the decision may be committed. */
export interface Need {
  readonly source: string;
  readonly target: string;
  readonly text: string;
}

/** Everything that evaluating one message decided; nothing has happened yet. */
export interface Decision {
  readonly outcome: Outcome;
  readonly outbound: readonly OutboundMessage[];
  readonly delayed: readonly DelayedExecution[];
  /** Memory after all executions; its attributes and counters are the same objects when nothing changed (no `changes`). */
  readonly memory: Memory;
  readonly changes: readonly MemoryChange[];
  /** The conversation's kept attachments afterwards; the same array when nothing changed. */
  readonly keptAttachments: readonly KeptAttachment[];
  readonly trace: Trace;
  readonly needs: readonly Need[];
  readonly unmapped: readonly Unmapped[];
}
