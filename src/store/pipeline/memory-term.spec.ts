import { describe, expect, it } from '@jest/globals';
import { changedTerms, memoryTerm } from './memory-term.js';

const set = (name: string, before: unknown, after: unknown, kind = 'attribute') => ({ kind, name, before, after });

describe('what a conversation is found by', () => {
  it('compares folded, and keeps name and value apart', () => {
    expect(memoryTerm('Group', 'SECOND Line')).toBe(memoryTerm('group', 'second line'));
    expect(memoryTerm('a', 'bc')).not.toBe(memoryTerm('ab', 'c'));
  });

  it('is the value after a change, and no more the one before', () => {
    expect(changedTerms([set('group', 'first', 'second')])).toEqual({ gone: [memoryTerm('group', 'first')], found: [memoryTerm('group', 'second')] });
    expect(changedTerms([set('n', undefined, 7)])).toEqual({ gone: [], found: [memoryTerm('n', '7')] });
  });

  it('is what changes came to in their order', () => {
    expect(changedTerms([set('g', undefined, 'a'), set('g', 'a', 'b'), set('G', 'b', 'A')])).toEqual({ gone: [memoryTerm('g', 'b')], found: [memoryTerm('g', 'a')] });
  });

  it('is every element of a multi-value; none is a counter, a blank or a long text', () => {
    expect(changedTerms([set('tags', ['x', 'y'], ['y', 'z'])])).toEqual({ gone: [memoryTerm('tags', 'x')], found: [memoryTerm('tags', 'y'), memoryTerm('tags', 'z')] });
    expect(changedTerms([set('n', 1, 2, 'counter'), set('a', undefined, ' '), set('b', null, 'x'.repeat(201)), set('c', undefined, [])])).toEqual({ gone: [], found: [] });
  });
});
