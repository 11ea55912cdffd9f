export interface AttributeRow {
  readonly name: string;
  /** As text; lists and objects as JSON. */
  readonly text: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'blank' | 'list';
}

/** Attributes in order of their names, as text. */
export function attributeRows(attributes: Readonly<Record<string, unknown>>): readonly AttributeRow[] {
  return Object.entries(attributes)
    .map(([name, value]) => ({ name, ...shown(value) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

/** Rows whose name or value contains every word of the search, whatever the case. */
export function matchingRows(rows: readonly AttributeRow[], search: string): readonly AttributeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return rows.filter((row) => words.every((word) => row.name.toLowerCase().includes(word) || row.text.toLowerCase().includes(word)));
}

function shown(value: unknown): Pick<AttributeRow, 'text' | 'kind'> {
  if (value === null || value === undefined || value === '') return { text: value === '' ? 'blank' : 'null', kind: 'blank' };
  if (typeof value === 'number') return { text: String(value), kind: 'number' };
  if (typeof value === 'boolean') return { text: String(value), kind: 'boolean' };
  if (typeof value === 'string') return { text: value, kind: 'text' };
  return { text: JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' '), kind: 'list' };
}
