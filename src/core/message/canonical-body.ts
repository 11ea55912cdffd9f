import { describeFound, Place, type Problem } from '../shape/place.js';
import { isObject } from '../shape/shape.js';
import { readCanonicalAttachments, type CanonicalAttachment } from './canonical-attachments.js';
import { ExactNumber, parseExactJson } from './exact-json.js';
import { flattenAttributes, textProblem } from './flatten.js';
import { printInstant, readInstant } from './instant.js';
import type { Sender, TicketRef } from './message.js';
import { err, ok, type Result } from './result.js';
import type { Attributes } from './value.js';

/** A canonical inbound body that was checked. */
export interface CanonicalBody {
  readonly ticketId: string;
  /** Empty where the sender named none. */
  readonly messageType: string;
  readonly attributes: Attributes;
  readonly attachments: readonly CanonicalAttachment[];
  readonly sender: Sender | null;
  /** ISO 8601, UTC, with milliseconds. */
  readonly occurredAt: string | null;
  readonly references: readonly TicketRef[];
}

/** What is wrong with a body: broken JSON (answered 400) or a wrong shape (422); shapes have a JSON pointer each. */
export interface BodyProblem extends Problem {
  readonly kind: 'syntax' | 'shape';
  /** Characters from the start of the text; of broken JSON only. */
  readonly position?: number;
}

export interface CanonicalBodyOptions {
  /** Characters of a ticket id, message type, sender or reference. */
  readonly maxIdLength: number;
}

const DEFAULTS: CanonicalBodyOptions = { maxIdLength: 512 };

/** Numbers that may be more than a double holds: 16 digits (a point among them counts as one), or a tiny exponent. */
const LONG_NUMBER = /\d[\d.]{15}|[eE]-\d{3}/;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a canonical inbound body: refuses broken JSON with its position, and a wrong shape with every problem and its
 * JSON pointer. Numbers that a double cannot hold arrive as text, exactly as they were written.
 */
export function readCanonicalBody(
  bytes: Uint8Array,
  options: CanonicalBodyOptions = DEFAULTS,
): Result<CanonicalBody, readonly BodyProblem[]> {
  const text = decode(bytes);
  if (text === null) return err([syntaxProblem('text in UTF-8', 'bytes that are none')]);
  const raw = LONG_NUMBER.test(text) ? undefined : parseQuickly(text);
  if (raw !== undefined) {
    const read = readBody(raw, text, options);
    if (!read.hasInexactNumber) return read.result;
  }
  const exact = parseExactJson(text);
  if (!exact.ok) {
    const { position, line, column, reason } = exact.error;
    return err([{ ...syntaxProblem('JSON', `${reason} (line ${line}, column ${column})`), position }]);
  }
  return readBody(exact.value, text, options).result;
}

interface ReadBody {
  readonly result: Result<CanonicalBody, readonly BodyProblem[]>;
  readonly hasInexactNumber: boolean;
}

function readBody(raw: unknown, text: string, options: CanonicalBodyOptions): ReadBody {
  const place = Place.root();
  if (!isObject(raw)) {
    place.refuse('an object', describeFound(raw));
    return { result: err(asShapeProblems(place.problems)), hasInexactNumber: false };
  }
  const reader = new BodyReader(raw, place, options, text.includes('\\u'));
  const { body, hasInexactNumber } = reader.read();
  const result = place.problems.length === 0 ? ok(body) : err(asShapeProblems(place.problems));
  return { result, hasInexactNumber };
}

/** Reads the members of a body one by one; problems collect at their places. */
class BodyReader {
  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly place: Place,
    private readonly options: CanonicalBodyOptions,
    /** Only an escape can bring in what no column holds: raw control characters and bad UTF-8 are refused before. */
    private readonly checksTexts: boolean,
  ) {}

  read(): { body: CanonicalBody; hasInexactNumber: boolean } {
    const { raw, place } = this;
    const ticketId = this.id(raw['ticketId'], 'ticketId', place);
    const { attributes, hasInexactNumber } = this.attributes(raw['attributes']);
    const body: CanonicalBody = {
      ticketId,
      messageType: isMissing(raw['messageType']) ? '' : this.text(raw['messageType'], 'messageType', place),
      attributes,
      attachments: isMissing(raw['attachments'])
        ? []
        : readCanonicalAttachments(raw['attachments'], place.at('attachments'), this.checksTexts),
      sender: isMissing(raw['sender']) ? null : this.sender(raw['sender'], place.at('sender')),
      occurredAt: isMissing(raw['occurredAt']) ? null : this.instant(raw['occurredAt']),
      references: isMissing(raw['references']) ? [] : this.references(raw['references'], place.at('references')),
    };
    const unsafeId = typeof raw['ticketId'] === 'number' && !Number.isSafeInteger(raw['ticketId']);
    return { body, hasInexactNumber: hasInexactNumber || unsafeId };
  }

  private attributes(raw: unknown): ReturnType<typeof flattenAttributes> {
    if (isObject(raw)) return flattenAttributes(raw, this.place.at('attributes'), { checksTexts: this.checksTexts });
    if (!isMissing(raw)) this.place.at('attributes').refuse('an object', describeFound(raw));
    return { attributes: {}, hasInexactNumber: false };
  }

  /** Text or an integer; kept as text, so that no id ever loses digits. */
  private id(raw: unknown, key: string, place: Place): string {
    if (typeof raw === 'number' && Number.isInteger(raw)) return String(raw);
    if (raw instanceof ExactNumber && raw.isInteger) return raw.text;
    if (typeof raw !== 'string' || raw.trim() === '') {
      place.at(key).refuse('text that is not blank, or an integer', raw instanceof ExactNumber ? raw.text : describeFound(raw));
      return '';
    }
    return this.text(raw, key, place);
  }

  private text(raw: unknown, key: string, place: Place): string {
    if (typeof raw !== 'string') {
      place.at(key).refuse('text', describeFound(raw));
      return '';
    }
    const { maxIdLength } = this.options;
    if (raw.length > maxIdLength) place.at(key).refuse(`at most ${maxIdLength} characters`, `${raw.length}`);
    const problem = this.checksTexts ? textProblem(raw) : null;
    if (problem !== null) place.at(key).refuse('text that can be stored', problem);
    return raw;
  }

  private sender(raw: unknown, place: Place): Sender | null {
    if (!isObject(raw)) {
      place.refuse('an object with an id', describeFound(raw));
      return null;
    }
    const id = this.id(raw['id'], 'id', place);
    return isMissing(raw['name']) ? { id } : { id, name: this.text(raw['name'], 'name', place) };
  }

  private instant(raw: unknown): string | null {
    const epochMs = typeof raw === 'string' ? readInstant(raw) : null;
    if (epochMs === null) this.place.at('occurredAt').refuse('an ISO 8601 date and time', describeFound(raw));
    return epochMs === null ? null : printInstant(epochMs);
  }

  private references(raw: unknown, place: Place): TicketRef[] {
    if (!Array.isArray(raw)) {
      place.refuse('a list', describeFound(raw));
      return [];
    }
    return raw.map((reference: unknown, at) => this.reference(reference, place.at(at)));
  }

  private reference(raw: unknown, place: Place): TicketRef {
    if (!isObject(raw)) {
      place.refuse('an object with endpoint, entityType and ticketId', describeFound(raw));
      return { endpoint: '', entityType: '', ticketId: '' };
    }
    return {
      endpoint: this.filledText(raw['endpoint'], 'endpoint', place),
      entityType: this.filledText(raw['entityType'], 'entityType', place),
      ticketId: this.id(raw['ticketId'], 'ticketId', place),
    };
  }

  private filledText(raw: unknown, key: string, place: Place): string {
    if (typeof raw === 'string' && raw.trim() === '') place.at(key).refuse('text that is not blank', describeFound(raw));
    return this.text(raw, key, place);
  }
}

/** A member that is null says as little as one that is not there. */
function isMissing(raw: unknown): raw is undefined | null {
  return raw === undefined || raw === null;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    // The decoder reports by throwing; here it becomes a value.
    return null;
  }
}

function parseQuickly(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The exact parser then says where it is broken.
    return undefined;
  }
}

function syntaxProblem(expected: string, found: string): BodyProblem {
  return { kind: 'syntax', path: '', pointer: '', expected, found };
}

function asShapeProblems(problems: readonly Problem[]): readonly BodyProblem[] {
  return problems.map((problem) => ({ kind: 'shape', ...problem }));
}
