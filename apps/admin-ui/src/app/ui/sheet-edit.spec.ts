import { describe, expect, it } from 'vitest';
import { type CellRange, moveBy, paste } from './sheet-edit';

const CELLS = [['1', 'High'], ['2', 'Low']];
const SHEET = { names: ['impact', 'priority'], blank: ['', '-'] };
const at = (top: number, left: number, bottom = top, right = left): CellRange => ({ top, left, bottom, right });

describe('pasting into a sheet', () => {
  it('writes from the corner on and adds rows', () => {
    expect(paste(CELLS, at(1, 0), [['3', 'Mid'], ['4', 'None']], SHEET)).toEqual({ cells: [['1', 'High'], ['3', 'Mid'], ['4', 'None']], range: at(1, 0, 2, 1), columnsLost: 0, hadHeader: false });
  });

  it('fills a range with one cell', () => {
    expect(paste(CELLS, at(0, 1, 1, 1), [['x']], SHEET).cells).toEqual([['1', 'x'], ['2', 'x']]);
  });

  it('leaves out what is too wide, and tells', () => {
    expect(paste(CELLS, at(0, 1), [['x', 'y', 'z'], ['w']], SHEET)).toMatchObject({ cells: [['1', 'x'], ['2', 'w']], columnsLost: 2 });
  });

  it('leaves out a line of column names', () => {
    expect(paste([], at(0, 0), [['Impact', 'PRIORITY '], ['1', 'High']], SHEET)).toMatchObject({ cells: [['1', 'High']], hadHeader: true });
  });

  it('leaves cells alone for which a short line has nothing', () => {
    expect(paste(CELLS, at(0, 0), [['a', 'b'], ['c']], SHEET).cells).toEqual([['a', 'b'], ['c', 'Low']]);
  });
});

describe('a key in a sheet', () => {
  const size = { rows: 50, columns: 3, page: 10 };
  it.each([['ArrowDown', false, 6, 1], ['ArrowDown', true, 49, 1], ['ArrowLeft', false, 5, 0], ['Home', true, 0, 0], ['End', false, 5, 2], ['PageUp', false, 0, 1], ['PageDown', false, 15, 1]])('%s (far: %s)', (key, ctrlKey, row, column) => {
    expect(moveBy({ key, ctrlKey, metaKey: false }, { row: 5, column: 1 }, size)).toEqual({ row, column });
  });
  it('writes where it does not move', () => { expect(moveBy({ key: 'a', ctrlKey: false, metaKey: false }, { row: 0, column: 0 }, size)).toBeUndefined(); });
});
