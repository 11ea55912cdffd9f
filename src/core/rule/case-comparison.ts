import { isObject } from '../shape/shape.js';
import type { PrintedDecision } from './printed-decision.js';

/** One place where a decision is not what a case expects. */
export interface Mismatch {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** The difference in words. */
  readonly inWords: string;
}

/** How an expected object is compared: in the keys that it has, or in full. */
type Extent = 'its keys' | 'in full';

/**
 * Compares a decision with an expectation, which counts only in the keys that it has. Lists compare in order and in
 * full, except that an object in `outbound` or `delayed` counts only in its own keys; attachments compare by name and
 * `error` as a part of the message.
 */
export function compareWithExpectation(expect: Readonly<Record<string, unknown>>, decision: PrintedDecision): Mismatch[] {
  const comparison = new Comparison();
  const actual: Readonly<Record<string, unknown>> = { ...decision };
  for (const key of Object.keys(expect)) {
    if (key === 'error') comparison.errors(expect['error'], decision.error);
    else comparison.values(key, expect[key], actual[key], 'its keys');
  }
  return comparison.mismatches;
}

class Comparison {
  readonly mismatches: Mismatch[] = [];

  values(path: string, expected: unknown, actual: unknown, extent: Extent): void {
    if (Array.isArray(expected)) return this.lists(path, expected, actual, extent);
    if (isObject(expected)) return this.objects(path, expected, actual, extent);
    if (!Object.is(expected, actual)) this.note(path, expected, actual);
  }

  errors(expected: unknown, actual: string | undefined): void {
    if (expected === null && actual === undefined) return;
    if (typeof expected === 'string' && actual?.includes(expected) === true) return;
    const inWords = `error: expected a message with ${show(expected)}, got ${show(actual)}`;
    this.mismatches.push({ path: 'error', expected, actual, inWords });
  }

  private lists(path: string, expected: readonly unknown[], actual: unknown, extent: Extent): void {
    if (!Array.isArray(actual)) return this.note(path, expected, actual);
    if (expected.length !== actual.length) {
      const inWords = `${path}: expected ${counted(expected)}, got ${counted(actual)}: ${show(actual)}`;
      this.mismatches.push({ path, expected, actual, inWords });
      return;
    }
    const byName = path.endsWith('.attachments');
    expected.forEach((element, at) => {
      const wanted = byName && isObject(element) ? element['name'] : element;
      this.values(`${path}[${at}]`, wanted, actual[at], extent);
    });
  }

  private objects(path: string, expected: Readonly<Record<string, unknown>>, actual: unknown, extent: Extent): void {
    if (!isObject(actual)) return this.note(path, expected, actual);
    for (const key of Object.keys(expected)) {
      // Attributes and counters are data: a key too many is as wrong as one too few.
      const inner = key === 'attributes' || key === 'counters' ? 'in full' : extent;
      this.values(`${path}.${key}`, expected[key], Object.hasOwn(actual, key) ? actual[key] : undefined, inner);
    }
    if (extent !== 'in full') return;
    for (const key of Object.keys(actual)) {
      if (!Object.hasOwn(expected, key)) this.note(`${path}.${key}`, undefined, actual[key]);
    }
  }

  private note(path: string, expected: unknown, actual: unknown): void {
    this.mismatches.push({ path, expected, actual, inWords: `${path}: expected ${show(expected)}, got ${show(actual)}` });
  }
}

function counted(list: readonly unknown[]): string {
  return list.length === 1 ? '1 element' : `${list.length} elements`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
