/** Cells of a text that a spreadsheet put on the clipboard: tabs and line ends apart, quoted cells may hold both and `""`. Its final line end is no row. */
export function readTsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = readCell(text, at);
    row.push(cell.text);
    at = cell.end;
    const mark = text[at];
    if (mark === '\t') {
      at += 1;
      if (at === text.length) row.push('');
    } else {
      rows.push(row);
      row = [];
      at += mark === '\r' && text[at + 1] === '\n' ? 2 : 1;
    }
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function readCell(text: string, start: number): { readonly text: string; readonly end: number } {
  const quoted = text[start] === '"' ? readQuoted(text, start) : undefined;
  if (quoted !== undefined) return quoted;
  let end = start;
  while (end < text.length && text[end] !== '\t' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { text: text.slice(start, end), end };
}

/** Undefined where the quote is never closed before a mark: then it is a character like any other. */
function readQuoted(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let cell = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') {
      cell += text[at];
    } else if (text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else {
      const next = text[at + 1];
      return next === undefined || next === '\t' || next === '\n' || next === '\r' ? { text: cell.replaceAll('\r\n', '\n'), end: at + 1 } : undefined;
    }
  }
  return undefined;
}

/** The text that a spreadsheet takes. */
export function writeTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');
}
