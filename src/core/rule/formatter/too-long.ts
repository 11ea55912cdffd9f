import type { Pattern } from '../pattern.js';
import { Refusal } from './formatter.js';

/** Refuses a text that a pattern would take too much time for. */
export function tooLong(input: string, pattern: Pattern): Refusal {
  return new Refusal(`has ${input.length} characters, at most ${pattern.maxLength} for this pattern`);
}
