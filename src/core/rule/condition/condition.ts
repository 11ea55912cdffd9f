import { asText } from '../../message/as-text.js';
import { fold } from '../../message/fold.js';
import { describeFound, type Place } from '../../shape/place.js';
import { filledText, listOf, objectOf, optional, type ReadOf, type Shape, text } from '../../shape/shape.js';
import { compileExpression, CONVERSATION_PREFIX } from '../expression.js';
import { allOrNull } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { parseTemplate, renderText } from '../template.js';
import type { IndexHint } from './index-hint.js';
import type { ConditionTest, OperatorDefinition, Subject } from './operator.js';
import { findOperator, OPERATORS } from './operators.js';

/** Where a condition stands decides what its attribute name means. */
export type ConditionList = 'entity' | 'conversation';

/** A name from the list of operators. */
export const operatorName: Shape<string> = {
  schema: { type: 'string', enum: OPERATORS.map((entry) => entry.operator), description: 'How the values compare' },
  read: (raw, place) => {
    if (typeof raw === 'string' && findOperator(raw) !== undefined) return raw;
    place.refuse(`one of ${OPERATORS.map((entry) => entry.operator).join(', ')}`, describeFound(raw));
    return '';
  },
};

export const CONDITION_KEYS = {
  attribute: filledText('The attribute that is looked at'),
  operator: operatorName,
  values: optional(listOf(text('A value; may contain ${…}', 'template'), 'Any of them'), []),
};

/** One condition of a rule document. */
export type ConditionDocument = ReadOf<typeof CONDITION_KEYS>;

export const conditionShape = objectOf(CONDITION_KEYS, 'A condition');

/** A condition that can be tested and put into words. */
export interface CompiledCondition extends Subject {
  /** The same for conditions that ask the same. */
  readonly key: string;
  readonly holds: ConditionTest;
  /** As it is written: `priority EQUALS 1, 2`. */
  readonly inWords: string;
  /** The wanted values as they are now. */
  readonly expected: (scope: Scope) => string;
  /** The attribute's value as it is now; null is absent. */
  readonly actual: (scope: Scope) => string | null;
  /** What a rule index can make of it; null for nothing. */
  readonly hint: IndexHint | null;
}

/** Compiles a condition; notes what is wrong with its values and returns null then. */
export function compileCondition(
  condition: ConditionDocument,
  list: ConditionList,
  place: Place,
): CompiledCondition | null {
  const written = condition.attribute.trim();
  const name = list === 'conversation' && !fold(written).startsWith('sf:') ? CONVERSATION_PREFIX + written : written;
  const subject = { foldedName: fold(name), read: compileExpression(name).read };
  const operator = findOperator(condition.operator);
  if (operator === undefined) return null;
  const holds = operator.compile(subject, condition.values, place.at('values'));
  if (holds === null) return null;
  return {
    ...subject,
    key: JSON.stringify([subject.foldedName, condition.operator, ...condition.values]),
    holds,
    inWords: [written, condition.operator, condition.values.join(', ')].filter((word) => word !== '').join(' '),
    expected: operator.takesValues ? valuesInWords(condition.values) : () => operator.meaning,
    actual: (scope) => {
      const value = subject.read(scope);
      return value === undefined ? null : asText(value);
    },
    hint: indexHint(operator, condition.values),
  };
}

function indexHint(operator: OperatorDefinition, values: readonly string[]): IndexHint | null {
  if (operator.hint === undefined) return null;
  const texts = allOrNull(values.map(fixedText));
  return texts === null ? null : operator.hint(texts);
}

/** The text of a value without expressions. */
function fixedText(value: string): string | null {
  const template = parseTemplate(value);
  return template.ok ? template.value.fixedText : null;
}

function valuesInWords(values: readonly string[]): (scope: Scope) => string {
  const templates = values.map((value) => parseTemplate(value)).filter((read) => read.ok);
  if (templates.every((read) => read.value.fixedText !== null)) {
    const words = templates.map((read) => read.value.fixedText).join(', ');
    return () => words;
  }
  return (scope) => templates.map((read) => renderText(read.value, scope)).join(', ');
}
