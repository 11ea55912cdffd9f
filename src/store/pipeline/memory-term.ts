import { hash } from 'node:crypto';
import { elementAsText } from '../../core/message/as-text.js';
import { elementsOf } from '../../core/message/elements-of.js';
import { fold } from '../../core/message/fold.js';
import type { Value } from '../../core/message/value.js';

/** Longer values are nothing that a conversation is found by. */
export const MOST_TERM_LENGTH = 200;
/** Elements of one multi-value by which a conversation is found. */
const MOST_ELEMENTS = 50;

/** A change of one attribute or counter. */
interface Change {
  readonly kind: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a conversation is found by that remembers this value under this name, compared as names and values are: folded, and hashed, so that it is short. */
export function memoryTerm(name: string, text: string): bigint {
  return hash('sha256', `${fold(name)}\0${fold(text)}`, 'buffer').readBigInt64BE(0);
}

/** By which terms a conversation is found no more, and by which it is from now on, after changes of its memory in their order. Counters are none. */
export function changedTerms(changes: readonly Change[]): { readonly gone: readonly bigint[]; readonly found: readonly bigint[] } {
  const isFound = new Map<bigint, boolean>();
  for (const { kind, name, before, after } of changes) {
    if (kind !== 'attribute') continue;
    for (const term of termsOf(name, before)) isFound.set(term, false);
    for (const term of termsOf(name, after)) isFound.set(term, true);
  }
  const of = (wanted: boolean): bigint[] => [...isFound].filter(([, found]) => found === wanted).map(([term]) => term);
  return { gone: of(false), found: of(true) };
}

function termsOf(name: string, value: unknown): bigint[] {
  const texts = elementsOf(value as Value | undefined).slice(0, MOST_ELEMENTS).map(elementAsText);
  return texts.filter((text) => text.trim() !== '' && text.length <= MOST_TERM_LENGTH).map((text) => memoryTerm(name, text));
}
