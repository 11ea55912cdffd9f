import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, NOW } from '../../../../test/support/routing.js';
import { RunningMemory } from '../../conversation/memory-draft.js';
import type { Value } from '../../message/value.js';
import { Place } from '../../shape/place.js';
import { scopeOf } from '../scope.js';
import { compileCondition } from './condition.js';
import { OPERATORS } from './operators.js';

function holds(value: Value | undefined, operator: string, ...values: string[]): boolean {
  const conversation = aConversation({ previous: { known: 'Old' } });
  const attributes = value === undefined ? { other: 'Ö' } : { a: value, other: 'Ö', known: value };
  const scope = scopeOf({
    message: aMessage({ attributes }), conversation, memory: new RunningMemory(conversation), now: NOW, known: {},
  });
  const attribute = operator.endsWith('CHANGED') ? 'known' : 'a';
  const condition = compileCondition({ attribute, operator, values }, 'entity', Place.root());
  if (condition === null) throw new Error('does not compile');
  return condition.holds(scope);
}

const absent = undefined;

const TABLE: [string, Value | undefined, string[], boolean][] = [
  ['EQUALS', 'Ab', ['x', 'aB'], true],
  ['EQUALS', 'ab', [], false],
  ['EQUALS', 7, ['7'], true],
  ['EQUALS', true, ['TRUE'], true],
  ['EQUALS', null, [''], true],
  ['EQUALS', absent, [''], true],
  ['EQUALS', absent, ['x'], false],
  ['EQUALS', absent, ['${gone}'], true],
  ['EQUALS', [], [''], true],
  ['EQUALS', ['a', 'b'], ['B'], true],
  ['EQUALS', ['a', 'b'], ['a, b'], false],
  ['EQUALS', 'ö', ['${OTHER}'], true],
  ['EQUALS', '${x}', ['$${x}'], true],
  ['NOT_EQUALS', 'ab', ['x', 'y'], true],
  ['NOT_EQUALS', 'ab', ['x', 'AB'], false],
  ['NOT_EQUALS', ['a', 'b'], ['b'], false],
  ['NOT_EQUALS', absent, [''], false],
  ['NOT_EQUALS', absent, ['x'], true],
  ['CONTAINS', 'Printer', ['INT'], true],
  ['CONTAINS', absent, [''], false],
  ['NOT_CONTAINS', ['vip', 'x'], ['IP'], false],
  ['NOT_CONTAINS', absent, ['x'], true],
  ['STARTS_WITH', 'Printer', ['x', 'pri'], true],
  ['STARTS_WITH', 'Printer', ['rin'], false],
  ['ENDS_WITH', 'Printer', ['TER'], true],
  ['ENDS_WITH', ['a', 'be'], ['e'], true],
  ['MATCHES', 'Error 42', ['err(or)?\\s+\\d'], true],
  ['MATCHES', 'Error 42', ['^\\d', '42$'], true],
  ['MATCHES', absent, ['.*'], false],
  ['MATCHES', 'öl', ['^${other}.$'], true],
  ['NOT_MATCHES', ['a', 'b1'], ['\\d'], false],
  ['NOT_MATCHES', absent, ['.*'], true],
  ['EXISTS', null, [], true],
  ['EXISTS', absent, [], false],
  ['NOT_EXISTS', absent, [], true],
  ['BLANK', ' \n', [], true],
  ['BLANK', ['', null], [], true],
  ['BLANK', ['', 'x'], [], false],
  ['BLANK', absent, [], true],
  ['NOT_BLANK', 0, [], true],
  ['NOT_BLANK', absent, [], false],
  ['LESS_THAN', '9', ['10'], true],
  ['LESS_THAN', 9.5, ['9.25', '9.75'], true],
  ['LESS_THAN', ' 9 ', ['1e1'], true],
  ['LESS_THAN', '10', ['10'], false],
  ['LESS_THAN', 'a', ['b'], false],
  ['LESS_THAN', absent, ['1'], false],
  ['LESS_THAN', '', ['1'], false],
  ['LESS_THAN', '2026-11-20T12:00:00Z', ['2026-11-20T15:00:00+02:00'], true],
  ['LESS_THAN', '2026-11-20', ['2026-11-21'], true],
  ['LESS_THAN', '2026-11-20', ['5'], false],
  ['LESS_THAN_OR_EQUALS', '10', ['10.0'], true],
  ['GREATER_THAN', '-1', ['-2'], true],
  ['GREATER_THAN', '9007199254740993', ['9007199254740992'], true],
  ['GREATER_THAN_OR_EQUALS', ['1', '12'], ['12'], true],
  ['GREATER_THAN_OR_EQUALS', '0x10', ['1'], false],
  ['CHANGED', 'new', [], true],
  ['CHANGED', 'OLD', [], false],
  ['CHANGED', absent, [], false],
  ['NOT_CHANGED', 'old', [], true],
  ['NOT_CHANGED', 'new', [], false],
];

describe('the operators', () => {
  it.each(TABLE)('%s of %j and %j is %s', (operator, value, values, expected) => {
    expect(holds(value, operator, ...values)).toBe(expected);
  });

  it('are all in the table', () => {
    expect([...new Set(TABLE.map(([operator]) => operator))].sort()).toEqual(OPERATORS.map((entry) => entry.operator).sort());
  });

  it('look at the first 64 kB of a text for a pattern', () => {
    expect(holds('x'.repeat(65_535) + 'y', 'MATCHES', 'y')).toBe(true);
    expect(holds('x'.repeat(65_536) + 'y', 'MATCHES', 'y')).toBe(false);
  });

  it('find nothing where an inserted value makes the pattern too long', () => {
    const conversation = aConversation();
    const message = aMessage({ attributes: { a: 'x', long: 'x'.repeat(50_000) } });
    const scope = scopeOf({ message, conversation, memory: new RunningMemory(conversation), now: NOW, known: {} });
    const condition = compileCondition({ attribute: 'a', operator: 'MATCHES', values: ['${long}'] }, 'entity', Place.root());
    expect(condition?.holds(scope)).toBe(false);
  });

  it.each([
    ['EQUALS', 'a ${b', 'values[0]'],
    ['MATCHES', '(', 'values[0]'],
    ['MATCHES', '${x', 'values[0]'],
    ['NOT_MATCHES', '${a}(?=b)', 'values[0]'],
  ])('%s refuses %j at save', (operator, value, path) => {
    const place = Place.root();
    expect(compileCondition({ attribute: 'a', operator, values: [value] }, 'entity', place)).toBeNull();
    expect(place.problems.map((problem) => problem.path)).toEqual([path]);
  });
});
