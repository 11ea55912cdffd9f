import { describe, expect, it } from 'vitest';
import { changeInJson, changeInWords } from './rule-diff';

const RULE = {
  name: 'a', version: 1, sourceSystemId: 'acme', sourceEntityType: 'incident', targetSystemId: 'vendor', targetEntityType: 'case', targetCondition: 'CREATE',
  mappings: [{ type: 'Single', template: '${short}', targetAttribute: 'title' }, { type: 'Table', sources: ['impact'], targets: ['priority'], rows: [{ when: ['1'], then: ['High'] }] }],
};
const words = (after: object): string[] => changeInWords(RULE, after as never).map((line) => `${line.kind === 'added' ? '+' : '-'} ${line.text}`);

describe('what changed, in words', () => {
  it('is nothing where only the version is another', () => { expect(words({ ...RULE, version: 2, changedBy: 'x', current: true })).toEqual([]); });
  it('names conditions and mappings', () => {
    expect(words({ ...RULE, entityConditions: [{ attribute: 'priority', operator: 'EQUALS', values: ['1'] }], mappings: [{ ...RULE.mappings[0], template: '${long}' }, RULE.mappings[1]] })).toEqual([
      '+ when priority is 1', '- title ← ${short}, copies', '+ title ← ${long}, copies',
    ]);
  });
  it('names rows of tables', () => {
    const table = { ...RULE.mappings[1], rows: [{ when: ['1'], then: ['Critical'] }, { when: [{ match: 'ANY' }], then: [null] }] };
    expect(words({ ...RULE, mappings: [RULE.mappings[0], table] })).toEqual(expect.arrayContaining(['- table priority: 1 → High', '+ table priority: 1 → Critical', '+ table priority: ‹any› → ‹untouched›']));
  });
});

describe('what changed, as JSON', () => {
  it('does not depend on the order of keys, nor on what is left out', () => { expect(changeInJson(RULE, { tests: [], ...Object.fromEntries(Object.entries(RULE).reverse()), responseStatus: null }).every((line) => line.kind === 'same')).toBe(true); });
  it('is the lines that differ', () => { expect(changeInJson(RULE, { ...RULE, name: 'b' }).filter((line) => line.kind !== 'same').map((line) => line.text)).toEqual(['  "name": "a",', '  "name": "b",']); });
});
