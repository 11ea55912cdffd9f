import { fold } from '../../message/fold.js';
import { isBlank } from '../../message/is-blank.js';
import { changed, notChanged } from './changing.js';
import { comparing } from './comparing.js';
import { hintOf, type IndexedTest } from './index-hint.js';
import { matches } from './matching.js';
import { negated, type OperatorDefinition } from './operator.js';
import { orderOf } from './order-of.js';

/** The same operator for rule indexes too: its folded values are what the test looks for. */
function indexedBy(fits: IndexedTest, operator: OperatorDefinition): OperatorDefinition {
  return { ...operator, hint: (fixedTexts) => hintOf(fits, fixedTexts.map(fold)) };
}

const equals = indexedBy('equals', comparing('EQUALS', 'is one of the values', (e, v) => e === v, 'is empty text'));
const contains = indexedBy('contains', comparing('CONTAINS', 'contains one of the values', (e, v) => e.includes(v), 'fits nothing'));

const exists: OperatorDefinition = {
  operator: 'EXISTS',
  meaning: 'is present at all, blank or not',
  takesValues: false,
  compile: (subject) => (scope) => subject.read(scope) !== undefined,
  hint: () => hintOf('present', []),
};

/** The whole value counts: a list is blank if all its elements are. */
const notBlank: OperatorDefinition = {
  operator: 'NOT_BLANK',
  meaning: 'has a value that is not blank',
  takesValues: false,
  compile: (subject) => (scope) => !isBlank(subject.read(scope)),
  hint: () => hintOf('filled', []),
};

function ordering(side: 'above' | 'below', operator: string, meaning: string, holds: (order: number) => boolean): OperatorDefinition {
  const fits = (element: string, value: string): boolean => {
    const order = orderOf(element, value);
    return order !== null && holds(order);
  };
  return indexedBy(side, comparing(operator, `${meaning}, as numbers or as ISO dates`, fits, 'fits nothing'));
}

/** Every operator; parser, API schema, editor and documentation read this list. */
export const OPERATORS: readonly OperatorDefinition[] = [
  equals,
  negated('NOT_EQUALS', 'is none of the values', equals),
  contains,
  negated('NOT_CONTAINS', 'contains none of the values', contains),
  indexedBy('starts', comparing('STARTS_WITH', 'starts with one of the values', (e, v) => e.startsWith(v), 'fits nothing')),
  indexedBy('ends', comparing('ENDS_WITH', 'ends with one of the values', (e, v) => e.endsWith(v), 'fits nothing')),
  matches,
  negated('NOT_MATCHES', 'none of the patterns is found in it', matches),
  exists,
  negated('NOT_EXISTS', 'is not present', exists),
  negated('BLANK', 'is absent, empty, only white space, or a list of only blanks', notBlank),
  notBlank,
  ordering('below', 'LESS_THAN', 'is less than one of the values', (order) => order < 0),
  ordering('below', 'LESS_THAN_OR_EQUALS', 'is at most one of the values', (order) => order <= 0),
  ordering('above', 'GREATER_THAN', 'is greater than one of the values', (order) => order > 0),
  ordering('above', 'GREATER_THAN_OR_EQUALS', 'is at least one of the values', (order) => order >= 0),
  changed,
  notChanged,
];

const BY_NAME: ReadonlyMap<string, OperatorDefinition> = new Map(OPERATORS.map((entry) => [entry.operator, entry]));

/** The operator of that name, or undefined. */
export function findOperator(name: string): OperatorDefinition | undefined {
  return BY_NAME.get(name);
}
