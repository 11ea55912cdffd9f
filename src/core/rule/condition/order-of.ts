import { readInstant } from '../../message/instant.js';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;
const WHOLE = /^[+-]?\d+$/;

/** What a text is worth in comparisons, as near as a double comes; two kinds have no order between them. */
export interface Magnitude {
  readonly kind: 'number' | 'instant';
  /** The number, or milliseconds since 1970. */
  readonly value: number;
}

/** The magnitude of a text that is a number or an ISO date; null where it is neither. */
export function magnitudeOf(text: string): Magnitude | null {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return { kind: 'number', value: Number(trimmed) };
  const instant = readInstant(trimmed);
  return instant === null ? null : { kind: 'instant', value: instant };
}

/**
 * Negative, zero or positive as the left text is less than, equal to or greater than the right one: as numbers if
 * both are numbers, else as instants if both are ISO dates; null if they have no order.
 */
export function orderOf(left: string, right: string): number | null {
  const a = left.trim();
  const b = right.trim();
  if (NUMBER.test(a) && NUMBER.test(b)) return orderOfNumbers(a, b);
  const from = readInstant(a);
  const to = from === null ? null : readInstant(b);
  return from === null || to === null ? null : from - to;
}

function orderOfNumbers(a: string, b: string): number {
  // Ids beyond 2^53 would be equal to their neighbours as doubles.
  if ((a.length > 15 || b.length > 15) && WHOLE.test(a) && WHOLE.test(b) && a.length + b.length < 1000) {
    const x = BigInt(a.replace('+', ''));
    const y = BigInt(b.replace('+', ''));
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const x = Number(a);
  const y = Number(b);
  return x < y ? -1 : x > y ? 1 : 0;
}
