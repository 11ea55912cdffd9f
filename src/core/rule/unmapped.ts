import { isObject, objectOf } from '../shape/shape.js';
import { Place } from '../shape/place.js';
import type { UnmappedNote } from './decision.js';
import { fitsText } from './mapping/table-cell.js';
import { table, TABLE_KEYS } from './mapping/table.js';

const tableShape = objectOf(TABLE_KEYS);

/**
 * Where, in a version of a rule, values are still without a row: the JSON pointer of the table that has the same sources and targets in the same list.
 * Null where that table has a row for them now, or is not there any more.
 */
export function stillUnmappedAt(document: Readonly<Record<string, unknown>>, note: Pick<UnmappedNote, 'mapping' | 'sources' | 'targets' | 'values'>): string | null {
  const list = note.mapping.slice(1, note.mapping.lastIndexOf('/'));
  const mappings = document[list];
  if (!Array.isArray(mappings)) return null;
  const at = mappings.findIndex((mapping) => isObject(mapping) && mapping['type'] === table.type && sameNames(mapping['sources'], note.sources) && sameNames(mapping['targets'], note.targets));
  if (at === -1) return null;
  const { rows } = tableShape.read(mappings[at], Place.root());
  const isMapped = rows.some(({ when }) => when.length === note.values.length && when.every((cell, place) => fitsText(cell, note.values[place] ?? '')));
  return isMapped ? null : `/${list}/${at}`;
}

const sameNames = (found: unknown, wanted: readonly string[]): boolean => JSON.stringify(found) === JSON.stringify(wanted);
