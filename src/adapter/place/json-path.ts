/** A place in a JSON document: member names and list indexes. */
export type JsonPath = readonly (string | number)[];

/** How a path is written: `id`, `result.sys_id`, `[0].id`, `["a.b"].c`, `issues[-1].key` (from the end). For schemas. */
export const JSON_PATH_PATTERN = String.raw`^(?:[^.\[\]"]+|\[-?\d+\]|\["[^"]+"\])(?:\.[^.\[\]"]+|\[-?\d+\]|\["[^"]+"\])*$`;

const STEP = /\.?([^.[\]"]+)|\[(-?\d+)\]|\["([^"]+)"\]/g;

/** Reads a path that fits `JSON_PATH_PATTERN`; an empty text is the document itself. */
export function parseJsonPath(text: string): JsonPath {
  return [...text.matchAll(STEP)].map(([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)));
}

/** The value at a path; undefined where the document has none there. Only own members are seen. */
export function readJsonPath(document: unknown, path: JsonPath): unknown {
  let at = document;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (typeof step === 'number') at = Array.isArray(at) ? (at as unknown[]).at(step) : undefined;
    else at = Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
  }
  return at;
}

/** An id or a word as text: text that is not blank, or a number. Anything else is null. */
export function textAt(document: unknown, path: JsonPath): string | null {
  const value = readJsonPath(document, path);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/**
 * Whether a document says for certain that nothing stands at a path: an empty list where the path takes an element, or
 * a null on the way. A member that is merely missing says nothing: it may be an answer to something else.
 */
export function isAbsentAt(document: unknown, path: JsonPath): boolean {
  let at = document;
  for (const step of path) {
    if (at === null) return true;
    if (typeof step === 'number' && Array.isArray(at) && at.length === 0) return true;
    at = readJsonPath(at, [step]);
  }
  return at === null;
}
