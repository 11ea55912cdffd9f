import { isJsonObject, isSameJson } from '../endpoint/json-place.js';

/** A place that was changed here and in the preset, each in another way. */
export interface PresetConflict {
  readonly pointer: string;
  /** Absent where it was taken away. */
  readonly mine?: unknown;
  readonly theirs?: unknown;
}

export interface MergedPreset {
  readonly value: unknown;
  /** JSON pointers of what the newer preset changes. */
  readonly taken: readonly string[];
  readonly conflicts: readonly PresetConflict[];
}

interface Three {
  /** As the preset was. */
  readonly base: unknown;
  readonly mine: unknown;
  /** As the preset is. */
  readonly theirs: unknown;
}

/**
 * Joins what was changed in an endpoint with what was changed in its preset, member by member; lists and values are one piece. What both
 * changed stays as it is here, unless its pointer stands in `preferTheirs`.
 */
export function mergePreset({ base, mine, theirs }: Three, preferTheirs: ReadonlySet<string> = new Set(), at = ''): MergedPreset {
  const kept: MergedPreset = { value: mine, taken: [], conflicts: [] };
  if (isSameJson(mine, theirs) || isSameJson(base, theirs)) return kept;
  if (isSameJson(base, mine) || preferTheirs.has(at)) return { value: theirs, taken: [at], conflicts: [] };
  if (!isJsonObject(mine) || !isJsonObject(theirs)) return { ...kept, conflicts: [{ pointer: at, ...(mine === undefined ? {} : { mine }), ...(theirs === undefined ? {} : { theirs }) }] };
  const before = isJsonObject(base) ? base : {};
  const value: Record<string, unknown> = {};
  const taken: string[] = [];
  const conflicts: PresetConflict[] = [];
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const joined = mergePreset({ base: before[key], mine: mine[key], theirs: theirs[key] }, preferTheirs, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (joined.value !== undefined) value[key] = joined.value;
    taken.push(...joined.taken);
    conflicts.push(...joined.conflicts);
  }
  return { value, taken, conflicts };
}
