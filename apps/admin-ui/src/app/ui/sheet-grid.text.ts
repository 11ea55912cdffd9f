const count = (rows: number): string => `${String(rows)} ${rows === 1 ? 'row' : 'rows'}`;

export const SHEET = {
  addRow: 'Add a row',
  removeRows: 'Remove rows',
  up: 'Move up',
  down: 'Move down',
  special: 'Special value',
  none: 'No rows yet. Add one, or paste from a spreadsheet.',
  keys: 'Type to write, Enter to edit, Shift and arrows to mark, Ctrl+C and Ctrl+V to copy and paste, Ctrl+Enter adds a row.',
  rows: count,
  removed: (rows: number) => `${count(rows)} removed.`,
  pasted: (rows: number, columnsLost: number, hadHeader: boolean) =>
    `${count(rows)} pasted.${hadHeader ? ' The line of column names was left out.' : ''}${columnsLost > 0 ? ` ${String(columnsLost)} ${columnsLost === 1 ? 'column' : 'columns'} found no place: add columns first.` : ''}`,
} as const;
