/** Cells as text, row by row; every row is as long as the sheet is wide. */
export type Cells = readonly (readonly string[])[];

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells, both corners included. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Pasted {
  readonly cells: Cells;
  readonly range: CellRange;
  /** Columns that found no place. */
  readonly columnsLost: number;
  /** Whether the first line repeated the column names and was left out. */
  readonly hadHeader: boolean;
}

export const rangeOf = (one: CellPlace, other: CellPlace): CellRange =>
  ({ top: Math.min(one.row, other.row), bottom: Math.max(one.row, other.row), left: Math.min(one.column, other.column), right: Math.max(one.column, other.column) });

export const isIn = ({ top, left, bottom, right }: CellRange, row: number, column: number): boolean => row >= top && row <= bottom && column >= left && column <= right;

export const cellsIn = (cells: Cells, { top, left, bottom, right }: CellRange): Cells => cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));

/** The same text in every cell of a range. */
export const filled = (cells: Cells, range: CellRange, text: string): Cells => cells.map((row, at) => (at < range.top || at > range.bottom ? row : row.map((cell, column) => (isIn(range, at, column) ? text : cell))));

/** Pastes from the upper left corner of a range: rows are added as needed, one copied cell fills the whole range, what is too wide is left out and told. */
export function paste(cells: Cells, range: CellRange, block: Cells, { names, blank }: { readonly names: readonly string[]; readonly blank: readonly string[] }): Pasted {
  const hadHeader = range.left === 0 && block.length > 1 && isHeader(block[0] ?? [], names);
  const rows = hadHeader ? block.slice(1) : block;
  const single = rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : undefined;
  if (single !== undefined) return { cells: filled(grown(cells, range.bottom + 1, blank), range, single), range, columnsLost: 0, hadHeader };
  const width = Math.max(0, ...rows.map((row) => row.length));
  const right = Math.min(names.length, range.left + width) - 1;
  const next = grown(cells, range.top + rows.length, blank).map((row, at) => {
    const pasted = rows[at - range.top];
    return pasted === undefined ? row : row.map((cell, column) => pasted[column - range.left] ?? cell);
  });
  return { cells: next, range: { top: range.top, left: range.left, bottom: range.top + rows.length - 1, right }, columnsLost: Math.max(0, range.left + width - names.length), hadHeader };
}

const isHeader = (row: readonly string[], names: readonly string[]): boolean => row.length > 0 && row.every((cell, at) => cell !== '' && cell.trim().toLowerCase() === names[at]?.trim().toLowerCase());
const grown = (cells: Cells, count: number, blank: readonly string[]): Cells => [...cells, ...Array.from({ length: Math.max(0, count - cells.length) }, () => blank)];

/** Where a key leads from a cell; undefined for keys that do not move. `page`: rows that are seen at once. */
export function moveBy(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>, { row, column }: CellPlace, size: { readonly rows: number; readonly columns: number; readonly page: number }): CellPlace | undefined {
  const far = event.ctrlKey || event.metaKey;
  const [lastRow, lastColumn] = [Math.max(0, size.rows - 1), Math.max(0, size.columns - 1)];
  const at = (nextRow: number, nextColumn: number): CellPlace => ({ row: Math.min(lastRow, Math.max(0, nextRow)), column: Math.min(lastColumn, Math.max(0, nextColumn)) });
  switch (event.key) {
    case 'ArrowUp': return at(far ? 0 : row - 1, column);
    case 'ArrowDown': return at(far ? lastRow : row + 1, column);
    case 'ArrowLeft': return at(row, far ? 0 : column - 1);
    case 'ArrowRight': return at(row, far ? lastColumn : column + 1);
    case 'Home': return at(far ? 0 : row, 0);
    case 'End': return at(far ? lastRow : row, lastColumn);
    case 'PageUp': return at(row - size.page, column);
    case 'PageDown': return at(row + size.page, column);
    default: return undefined;
  }
}
