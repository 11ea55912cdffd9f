import { isJsonObject, isSameJson } from '../endpoint/json-place.js';

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON pointers of the places at which two values differ, as deep as both have them; at most `most`. */
export function jsonDifferences(one: unknown, other: unknown, most: number, at = ''): string[] {
  if (isSameJson(one, other)) return [];
  const [left, right] = [membersOf(one), membersOf(other)];
  if (left === null || right === null || Array.isArray(one) !== Array.isArray(other)) return [at];
  const found: string[] = [];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (found.length >= most) break;
    found.push(...jsonDifferences(left[key], right[key], most - found.length, `${at}/${escaped(key)}`));
  }
  return found;
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | null => (Array.isArray(value) ? { ...(value as unknown[]) } : isJsonObject(value) ? value : null);
