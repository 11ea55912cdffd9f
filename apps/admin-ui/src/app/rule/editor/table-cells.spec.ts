import { describe, expect, it } from 'vitest';
import { cellOfPointer, sheetOf, valuesOf, withRowFor, withSheet } from './table-cells';

const MAPPING = {
  type: 'Table', note: 'kept', sources: ['impact', 'urgency'], targets: ['priority'],
  rows: [{ when: ['1', { match: 'ANY' }], then: ['High'] }, { when: [{ match: 'NO_VALUE' }, '2'], then: [null] }], defaults: ['Low'],
};

describe('a table as a grid', () => {
  it('shows special cells in words', () => {
    expect(sheetOf(MAPPING)).toEqual({ sources: ['impact', 'urgency'], targets: ['priority'], rows: [['1', '‹any›', 'High'], ['‹no value›', '2', '‹untouched›']] });
  });

  it('comes back as it was, with the keys that it does not show', () => { expect(withSheet(MAPPING, sheetOf(MAPPING))).toEqual(MAPPING); });

  it('fills what rows lack', () => {
    expect(sheetOf({ sources: ['a'], targets: ['b', 'c'], rows: [{ when: [], then: ['x'] }, null] }).rows).toEqual([['', 'x', '‹untouched›'], ['', '‹untouched›', '‹untouched›']]);
  });

  it.each([['/rows/3/when/1', { row: 3, column: 1 }], ['/rows/3/then/0', { row: 3, column: 2 }], ['/rows/4', { row: 4, column: 0 }], ['/defaults/0', undefined]])('finds the cell of %s', (pointer, cell) => {
    expect(cellOfPointer(pointer, 2)).toEqual(cell);
  });
});

describe('a row for values that came and had none', () => {
  const draft = { name: 'r', mappings: [{ type: 'Single' }, MAPPING] };

  it('is the last of its table, with nothing written yet', () => {
    const rows = (withRowFor(draft, '/mappings/1', ['3', '${x}'])?.['mappings'] as { rows?: unknown[] }[])[1]?.rows;
    expect(rows?.slice(2)).toEqual([{ when: ['3', '$${x}'], then: [''] }]);
  });

  it('is not made twice, nor where no such table stands', () => {
    const once = withRowFor(draft, '/mappings/1', ['A', 'b']) ?? {};
    expect([withRowFor(once, '/mappings/1', ['a', 'B']), withRowFor(draft, '/mappings/0', ['a', 'b']), withRowFor(draft, '/mappings/9', ['a', 'b']), withRowFor(draft, '/mappings/1', ['a'])]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each([['["a","b"]', ['a', 'b']], ['[1]', undefined], ['{', undefined], ['"a"', undefined], [undefined, undefined]])('comes from the address: %s', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });
});
