import { append } from './append.js';
import { counterIncrement, counterReset } from './counter.js';
import type { MappingDefinition } from './mapping.js';
import { multiValueToSingle } from './multi-value-to-single.js';
import { single } from './single.js';
import { table } from './table.js';

/** Every kind of mapping; parser, API schema, editor and documentation read this list. */
export const MAPPINGS: readonly MappingDefinition[] = [
  single,
  append,
  table,
  multiValueToSingle,
  counterIncrement,
  counterReset,
];

const BY_TYPE: ReadonlyMap<string, MappingDefinition> = new Map(MAPPINGS.map((entry) => [entry.type, entry]));

/** The kind of mapping of that type, or undefined. */
export function findMapping(type: string): MappingDefinition | undefined {
  return BY_TYPE.get(type);
}
