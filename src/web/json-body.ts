import { findJsonBreak } from './json-syntax.js';
import { Problem, type ProblemError } from './problem.js';

/** Deepest nesting of an administrative document; class-validator and the stores walk it recursively. */
const MAX_DEPTH = 64;
const MAX_ERRORS = 50;

interface Place {
  readonly value: unknown;
  readonly parent: Place | null;
  readonly key: string;
  readonly depth: number;
}

/**
 * Reads an administrative JSON body. Throws problems: 400 with the position where it breaks,
 * 422 with pointers for NUL characters (PostgreSQL stores none), `__proto__` keys and nesting beyond 64.
 */
export function readJsonBody(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Problem(400, 'broken-json', 'The body is not UTF-8.', { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    const at = findJsonBreak(text);
    const where = at === undefined ? '' : ` It breaks at line ${at.line}, column ${at.column} (offset ${at.offset}), where ${at.found} stands.`;
    throw new Problem(400, 'broken-json', `The body is not JSON.${where}`, { cause: error });
  }
  const errors = findForbidden(value);
  if (errors.length > 0) throw Problem.invalid(errors);
  return value;
}

/** Walks with a stack of its own: the depth of the document is the sender's choice. */
function findForbidden(root: unknown): ProblemError[] {
  const errors: ProblemError[] = [];
  const open: Place[] = [{ value: root, parent: null, key: '', depth: 0 }];
  for (let place = open.pop(); place !== undefined && errors.length < MAX_ERRORS; place = open.pop()) {
    const { value } = place;
    if (typeof value === 'string') {
      if (value.includes('\u0000')) errors.push({ pointer: pointerOf(place), detail: 'must not contain NUL characters' });
    } else if (typeof value === 'object' && value !== null) {
      if (place.depth >= MAX_DEPTH) errors.push({ pointer: pointerOf(place), detail: `is nested deeper than ${MAX_DEPTH} levels` });
      else pushMembers(place, value, open, errors);
    }
  }
  return errors;
}

function pushMembers(place: Place, value: object, open: Place[], errors: ProblemError[]): void {
  for (const [key, member] of Object.entries(value)) {
    const child: Place = { value: member, parent: place, key, depth: place.depth + 1 };
    if (key === '__proto__') errors.push({ pointer: pointerOf(child), detail: 'may not have this name' });
    else if (key.includes('\u0000')) errors.push({ pointer: pointerOf(place), detail: 'has a name with a NUL character' });
    else open.push(child);
  }
}

function pointerOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | null = place; at?.parent; at = at.parent) keys.unshift(at.key);
  return jsonPointer(keys);
}

/** The JSON pointer (RFC 6901) of a path of member names. */
export const jsonPointer = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
