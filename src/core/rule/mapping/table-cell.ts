import { elementAsText } from '../../message/as-text.js';
import { elementsOf } from '../../message/elements-of.js';
import { fold } from '../../message/fold.js';
import { isBlank } from '../../message/is-blank.js';
import type { Value } from '../../message/value.js';
import { describeFound, Place } from '../../shape/place.js';
import { isObject, type Shape } from '../../shape/shape.js';
import { templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { renderText } from '../template.js';

/** The special matchers of a table's `when` cells. */
export const MATCHERS = ['ANY', 'NOT_BLANK', 'NO_VALUE'] as const;
type Matcher = (typeof MATCHERS)[number];

/** A `when` cell as it is written: text, or a special matcher. */
export type WhenCell = string | { readonly match: Matcher };

/** A compiled `when` cell. */
export interface CellTest {
  /** Whether the cell fits a source's value. */
  readonly fits: (value: Value | undefined, scope: Scope) => boolean;
  /** The folded text of a cell that is always the same text. */
  readonly fixed: string | null;
}

export const whenCellShape: Shape<WhenCell> = {
  schema: {
    anyOf: [
      { type: 'string', description: 'Text; may contain ${…}', format: 'template' },
      { type: 'object', properties: { match: { type: 'string', enum: MATCHERS } }, required: ['match'] },
    ],
  },
  read: (raw, place) => {
    if (typeof raw === 'string') return raw;
    if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
    const match = isObject(raw) ? MATCHERS.find((word) => word === raw['match']) : undefined;
    if (match !== undefined) return { match };
    const found = isObject(raw) ? `an object with match ${describeFound(raw['match'])}` : describeFound(raw);
    place.refuse(`text or {"match": ${MATCHERS.join(' | ')}}`, found);
    return '';
  },
};

/** A `then` cell: a template, or null to leave the target untouched. */
export const thenCellShape: Shape<string | null> = {
  schema: { type: ['string', 'null'], description: 'A template; null leaves the attribute untouched', format: 'template' },
  read: (raw, place) => {
    if (raw === null || typeof raw === 'string') return raw;
    if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
    place.refuse('text or null', describeFound(raw));
    return null;
  },
};

/** Compiles a `when` cell; notes a problem and returns null for a bad template. */
export function compileCell(cell: WhenCell, place: Place): CellTest | null {
  if (typeof cell !== 'string') return { fits: matcherTest(cell.match), fixed: null };
  const template = templateAt(cell, place);
  if (template === null) return null;
  if (template.fixedText !== null) {
    const wanted = fold(template.fixedText);
    return { fits: (value) => hasText(value, wanted), fixed: wanted };
  }
  return { fits: (value, scope) => hasText(value, fold(renderText(template, scope))), fixed: null };
}

/** Whether a cell fits a text whatever else the message holds: one with `${…}` never does. */
export function fitsText(cell: WhenCell, text: string): boolean {
  if (typeof cell !== 'string') return matcherTest(cell.match)(text);
  const fixed = compileCell(cell, Place.root())?.fixed ?? null;
  return fixed !== null && hasText(text, fixed);
}

function matcherTest(match: Matcher): (value: Value | undefined) => boolean {
  switch (match) {
    case 'ANY':
      return () => true;
    case 'NOT_BLANK':
      return (value) => !isBlank(value);
    case 'NO_VALUE':
      return isBlank;
  }
}

/** As `EQUALS`: any element of a multi-value; absent is the empty text. */
function hasText(value: Value | undefined, wanted: string): boolean {
  const elements = elementsOf(value);
  if (elements.length === 0) return wanted === '';
  return elements.some((element) => fold(elementAsText(element)) === wanted);
}
