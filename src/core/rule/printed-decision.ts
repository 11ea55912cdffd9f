import type { Attributes } from '../message/value.js';
import type { Decision, Need, Trace, WaitReason } from './decision.js';

/** A decision in the shape of a case's `expect`, plus its trace. */
export interface PrintedDecision {
  readonly outcome: string;
  /** All failures, one sentence each; only on failed messages. */
  readonly error?: string;
  readonly outbound: readonly {
    readonly rule: string;
    readonly endpoint: string;
    readonly entityType: string;
    readonly messageType: string;
    readonly operation: string;
    readonly attributes: Attributes;
    readonly attachments: readonly string[];
  }[];
  readonly delayed: readonly {
    readonly rule: string;
    readonly endpoint: string;
    readonly entityType: string;
    readonly dueAt: string | null;
    readonly waitingFor: readonly WaitReason[];
  }[];
  readonly conversation: {
    readonly attributes: Attributes;
    readonly counters: { readonly [name: string]: number };
    readonly attachments: readonly string[];
  };
  readonly needs: readonly Need[];
  readonly trace: Trace;
}

/** Prints a decision as people and case files read it: attachments by name, no ids. */
export function printDecision(decision: Decision): PrintedDecision {
  const { outcome, memory, trace, needs } = decision;
  const error = trace.failed.map((failed) => failed.error).join('; ');
  return {
    outcome,
    ...(error === '' ? {} : { error }),
    outbound: decision.outbound.map((sent) => ({
      rule: sent.rule,
      endpoint: sent.endpoint,
      entityType: sent.entityType,
      messageType: sent.messageType,
      operation: sent.operation,
      attributes: sent.attributes,
      attachments: sent.attachments.map((attachment) => attachment.name),
    })),
    delayed: decision.delayed.map(({ rule, endpoint, entityType, dueAt, waitingFor }) => ({
      rule, endpoint, entityType, dueAt, waitingFor,
    })),
    conversation: {
      attributes: memory.attributes,
      counters: memory.counters,
      attachments: decision.keptAttachments.map((attachment) => attachment.name),
    },
    needs,
    trace,
  };
}
