import { Parser } from 'htmlparser2';
import { htmlToText } from '../../../core/rule/formatter/remove-html.js';

/** A cell of a table, and whether it is a heading. */
interface Cell {
  readonly text: string;
  readonly isHeading: boolean;
}

interface OpenTable {
  readonly rows: Cell[][];
  cell: { html: string; readonly isHeading: boolean } | null;
  /** Holds another table: it only lays the mail out. */
  isLayout: boolean;
}

const MOST_ROWS = 2_000;
const MOST_CELLS = 100;
const MOST_TABLES = 200;
const LONGEST_NAME = 80;
const LONGEST_CELL = 20_000;

/**
 * What the tables of an HTML mail tell, by name, in order of appearance. A row of two cells is a name and its value; a table of more columns
 * gives the values of its columns, by their headings. Tables that hold tables are only how a mail is laid out.
 */
export function tableValues(html: string): readonly (readonly [name: string, values: readonly string[]])[] {
  return tablesIn(html).flatMap(valuesOf);
}

function valuesOf(rows: readonly (readonly Cell[])[]): (readonly [string, readonly string[]])[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns <= 2) return rows.flatMap((row) => (row.length === 2 && !row.every((cell) => cell.isHeading) && isName(row[0]!.text) ? [[nameOf(row[0]!.text), [row[1]!.text]] as const] : []));
  const [head, ...body] = rows;
  if (head === undefined || body.length === 0) return [];
  // Beside headings of columns only rows that fill them count: the others are titles and notes.
  const full = body.filter((row) => row.length === head.length);
  return head.flatMap((cell, at) => (isName(cell.text) && full.length > 0 ? [[nameOf(cell.text), full.map((row) => row[at]!.text)] as const] : []));
}

const nameOf = (text: string): string => text.replace(/\s+/g, ' ').replace(/\s*[:：]$/, '').trim();
const isName = (text: string): boolean => nameOf(text) !== '' && text.length <= LONGEST_NAME && !text.includes('\n');

function tablesIn(html: string): (readonly (readonly Cell[])[])[] {
  const found: OpenTable[] = [];
  const open: OpenTable[] = [];
  const endCell = (table: OpenTable): void => {
    if (table.cell === null) return;
    const row = table.rows.at(-1);
    if (row !== undefined && row.length < MOST_CELLS) row.push({ text: htmlToText(table.cell.html.slice(0, LONGEST_CELL)).trim(), isHeading: table.cell.isHeading });
    table.cell = null;
  };
  const parser = new Parser({
    onopentag: (name) => {
      const table = open.at(-1);
      if (name === 'table') {
        for (const outer of open) outer.isLayout = true;
        const made: OpenTable = { rows: [], cell: null, isLayout: false };
        open.push(made);
        if (found.length < MOST_TABLES) found.push(made);
      } else if (table === undefined) return;
      else if (name === 'tr') {
        endCell(table);
        if (table.rows.length < MOST_ROWS) table.rows.push([]);
      } else if (name === 'td' || name === 'th') {
        endCell(table);
        table.cell = { html: '', isHeading: name === 'th' };
      } else if (table.cell !== null) table.cell.html += `<${name}>`;
    },
    ontext: (text) => {
      const cell = open.at(-1)?.cell;
      if (cell !== null && cell !== undefined && cell.html.length < LONGEST_CELL) cell.html += text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    },
    onclosetag: (name) => {
      const table = open.at(-1);
      if (table === undefined) return;
      if (name === 'table') {
        endCell(table);
        open.pop();
      } else if (name === 'td' || name === 'th' || name === 'tr') endCell(table);
      else if (table.cell !== null && name !== 'br') table.cell.html += `</${name}>`;
    },
  }, { decodeEntities: true });
  parser.end(html);
  return found.filter((table) => !table.isLayout).map((table) => table.rows.filter((row) => row.length > 0));
}
