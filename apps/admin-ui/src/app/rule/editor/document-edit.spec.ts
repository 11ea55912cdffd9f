import { describe, expect, it } from 'vitest';
import { contentOf, moved, sameDocument, valueAt, withValueAt } from './document-edit';

const RULE = { name: 'a', mappings: [{ type: 'Single', template: 'x' }, { type: 'Single', template: 'y' }], 'odd/key': { '~': 1 } };

describe('a place in a document', () => {
  it.each([['', RULE], ['/name', 'a'], ['/mappings/1/template', 'y'], ['/odd~1key/~0', 1], ['/mappings/7/template', undefined], ['/name/length', undefined], ['/constructor', undefined]])('%s is found', (pointer, value) => {
    expect(valueAt(RULE, pointer)).toEqual(value);
  });

  it('is written without changing what was', () => {
    const next = withValueAt(RULE, '/mappings/1/template', 'z') as typeof RULE;
    expect([next.mappings[1]?.template, RULE.mappings[1]?.template, next.mappings[0] === RULE.mappings[0]]).toEqual(['z', 'y', true]);
  });

  it('is taken away where nothing is written', () => {
    expect(withValueAt(RULE, '/mappings/0', undefined)).toMatchObject({ mappings: [{ template: 'y' }] });
    expect(withValueAt(RULE, '/name', undefined)).not.toHaveProperty('name');
  });

  it('is made where it is missing, and appended to a list', () => {
    expect(withValueAt({}, '/attachmentMapping/maxCount', 3)).toEqual({ attachmentMapping: { maxCount: 3 } });
    expect(withValueAt({ mappings: [] }, '/mappings/0', { type: 'Single' })).toEqual({ mappings: [{ type: 'Single' }] });
  });
});

describe('a document', () => {
  it('is the same in another order', () => {
    expect(sameDocument({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
    expect(sameDocument({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });

  it('is without what tells of its version', () => {
    expect(contentOf({ ruleId: 'r', version: 3, createdBy: 'x', name: 'n', vendorKey: 1 })).toEqual({ name: 'n', vendorKey: 1 });
  });

  it('keeps its lists whole when something moves', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
  });
});
