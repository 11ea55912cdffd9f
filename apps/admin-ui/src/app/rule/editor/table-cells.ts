import { type Draft, isDraft, valueAt, withValueAt } from './document-edit';

/** How the special matchers of a table are written in a grid; a spreadsheet carries them as text. */
const MATCHERS: Readonly<Record<string, string>> = { ANY: '‹any›', NOT_BLANK: '‹not blank›', NO_VALUE: '‹no value›' };
/** A `then` cell that leaves the attribute as it is. */
export const UNTOUCHED = '‹untouched›';

/** A table mapping as a grid of text: `sources` columns first, then `targets`. */
export interface Sheet {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const wordsForWhen = (matchers: readonly string[]): readonly string[] => matchers.map((match) => MATCHERS[match] ?? `‹${match}›`);

export function sheetOf(mapping: Draft): Sheet {
  const sources = textsOf(mapping['sources']);
  const targets = textsOf(mapping['targets']);
  const rows = Array.isArray(mapping['rows']) ? (mapping['rows'] as readonly unknown[]) : [];
  return { sources, targets, rows: rows.map((row) => [...cellsOf(row, 'when', sources.length, whenText, ''), ...cellsOf(row, 'then', targets.length, thenText, UNTOUCHED)]) };
}

/** The mapping with what the grid says; all its other keys stay. */
export function withSheet(mapping: Draft, { sources, targets, rows }: Sheet): Draft {
  return {
    ...mapping, sources, targets,
    rows: rows.map((row) => ({ when: sources.map((_, at) => whenCell(row[at] ?? '')), then: targets.map((_, at) => thenCell(row[sources.length + at] ?? UNTOUCHED)) })),
  };
}

export function whenText(cell: unknown): string {
  if (isDraft(cell)) return MATCHERS[String(cell['match'])] ?? JSON.stringify(cell);
  return typeof cell === 'string' ? cell : cell === undefined || cell === null ? '' : String(cell as number);
}

export const thenText = (cell: unknown): string => (cell === null || cell === undefined ? UNTOUCHED : typeof cell === 'string' ? cell : String(cell as number));

export function whenCell(text: string): unknown {
  const match = Object.keys(MATCHERS).find((key) => MATCHERS[key] === text.trim().toLowerCase());
  return match === undefined ? text : { match };
}

export const thenCell = (text: string): string | null => (text.trim().toLowerCase() === UNTOUCHED ? null : text);

/** Places of problems of a table, as cells of its grid: pointer below the mapping → row and column. */
export function cellOfPointer(pointer: string, sources: number): { readonly row: number; readonly column: number } | undefined {
  const found = /^\/rows\/(\d+)(?:\/(when|then)(?:\/(\d+))?)?/.exec(pointer);
  if (found === null) return undefined;
  return { row: Number(found[1]), column: Number(found[3] ?? 0) + (found[2] === 'then' ? sources : 0) };
}

function cellsOf(row: unknown, key: 'when' | 'then', count: number, print: (cell: unknown) => string, missing: string): string[] {
  const cells = isDraft(row) && Array.isArray(row[key]) ? (row[key] as readonly unknown[]) : [];
  return Array.from({ length: count }, (_, at) => (at < cells.length ? print(cells[at]) : missing));
}

/** A rule whose table at a place has one more row, for these values; undefined where no table of so many sources stands there, or has had the row already. */
export function withRowFor(draft: Draft, pointer: string, values: readonly string[]): Draft | undefined {
  const mapping = valueAt(draft, pointer);
  if (!isDraft(mapping) || mapping['type'] !== 'Table') return undefined;
  const sheet = sheetOf(mapping);
  const isThere = sheet.rows.some((row) => values.every((value, at) => row[at]?.toLowerCase() === literal(value).toLowerCase()));
  if (sheet.sources.length !== values.length || isThere) return undefined;
  return withValueAt(draft, pointer, withSheet(mapping, { ...sheet, rows: [...sheet.rows, [...values.map(literal), ...sheet.targets.map(() => '')]] })) as Draft;
}

/** What came is no template. */
const literal = (value: string): string => value.replaceAll('${', () => '$${');

/** The values of a row as an address carries them. */
export function valuesOf(text: string | undefined): readonly string[] | undefined {
  try {
    const values: unknown = JSON.parse(text ?? '');
    return Array.isArray(values) && values.every((one) => typeof one === 'string') ? (values as readonly string[]) : undefined;
  } catch {
    return undefined;
  }
}

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : '')) : []);
