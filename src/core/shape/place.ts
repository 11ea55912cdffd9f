/** Something wrong at one place of a document: where, what was expected there, what stood there. */
export interface Problem {
  /** For people: `mappings[2].template`; empty for the document itself. */
  readonly path: string;
  /** RFC 6901: `/mappings/2/template`. */
  readonly pointer: string;
  readonly expected: string;
  readonly found: string;
}

/** A place in a document that is being checked; problems of all places collect in one list. */
export class Place {
  private constructor(
    readonly problems: Problem[],
    readonly path: string,
    private readonly pointer: string,
  ) {}

  /** The document itself, with a fresh list of problems. */
  static root(): Place {
    return new Place([], '', '');
  }

  /** The place under a key (of an object) or an index (of a list). */
  at(key: string | number): Place {
    const step = typeof key === 'number' ? `[${key}]` : `${this.path === '' ? '' : '.'}${key}`;
    return new Place(this.problems, this.path + step, `${this.pointer}/${escapeForPointer(String(key))}`);
  }

  /** Notes that something else was expected here; `found` in words. */
  refuse(expected: string, found: string): void {
    this.problems.push({ path: this.path, pointer: this.pointer, expected, found });
  }
}

/** A raw value in words, short enough for a message. */
export function describeFound(raw: unknown): string {
  if (raw === undefined) return 'nothing';
  if (raw === null) return 'null';
  if (Array.isArray(raw)) return `a list of ${raw.length}`;
  if (typeof raw === 'object') return 'an object';
  const text = typeof raw === 'string' ? JSON.stringify(raw) : String(raw);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function escapeForPointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
