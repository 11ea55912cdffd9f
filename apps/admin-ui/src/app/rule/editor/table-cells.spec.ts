import { describe, expect, it } from 'vitest';
import { cellOfPointer, sheetOf, withSheet } from './table-cells';

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
