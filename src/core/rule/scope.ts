import type { Conversation } from '../conversation/conversation.js';
import type { MemoryReader } from '../conversation/memory-draft.js';
import { type AttributeIndex, indexAttributes } from '../message/attribute-index.js';
import type { Message } from '../message/message.js';
import type { FlatObject, Scalar, Value } from '../message/value.js';
import type { Need, UnmappedNote } from './decision.js';

/** A translation that cannot be had, and why: the executions that ask for it fail. */
export interface Untranslated {
  readonly problem: string;
}

/** Translations that were fetched, by `translationKey`. */
export type Known = { readonly [translationKey: string]: string | Untranslated };

/** Everything that a condition, template, table or formatter may read while one message is evaluated. */
export interface Scope {
  readonly message: Message;
  readonly attributes: AttributeIndex;
  readonly conversation: Conversation;
  readonly memory: MemoryReader;
  /** Last known values of the message's own ticket; null for its first message. */
  readonly previous: AttributeIndex | null;
  /** ISO instant of this evaluation, with milliseconds. */
  readonly now: string;
  /** Virtual attributes by folded name; null before the first one is made. */
  readonly virtual: Map<string, Value> | null;
  /** The element in hand while a rule iterates by value. */
  readonly item: Scalar | FlatObject | undefined;
  /** The fields of the element in hand while a multi-value is joined. */
  readonly element: AttributeIndex<Scalar> | null;
  readonly known: Known;
  /** Collects what a formatter needs and `known` lacks. */
  readonly needs: Need[];
  /** Collects what tables have no row for. */
  readonly unmapped: UnmappedNote[];
}

/** The scope of a message before any rule is executed: what conditions read. */
export function scopeOf(given: Pick<Scope, 'message' | 'conversation' | 'memory' | 'now' | 'known'>): Scope {
  const { message, conversation, memory, now, known } = given;
  return {
    message,
    attributes: indexAttributes(message.attributes),
    conversation,
    memory,
    previous: conversation.previous === null ? null : indexAttributes(conversation.previous),
    now,
    virtual: null,
    item: undefined,
    element: null,
    known,
    needs: [],
    unmapped: [],
  };
}

/** The key under which a translation is known. */
export function translationKey(need: Need): string {
  return JSON.stringify([need.source, need.target, need.text]);
}
