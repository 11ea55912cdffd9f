import { HttpErrorResponse } from '@angular/common/http';
import { problemText } from './problem-text';

/** One thing that is wrong, and where: a JSON pointer into the document. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** What a refusal says is wrong and where; empty where it names no place. */
export function fieldProblems(failure: unknown): readonly FieldProblem[] {
  const problem: unknown = failure instanceof HttpErrorResponse ? parsed(failure.error) : undefined;
  if (!isObject(problem) || !Array.isArray(problem['errors'])) return [];
  return problem['errors'].filter(isObject).flatMap(({ pointer, detail }) => (typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : []));
}

/** A refusal in the words of a small form: `New password must have 12 characters.` `labels`: by pointer. */
export function formProblemText(failure: unknown, labels: Readonly<Record<string, string>>): string {
  const named = fieldProblems(failure).flatMap(({ pointer, detail }) => (labels[pointer] === undefined ? [] : [`${labels[pointer]} ${detail}`.replace(/[.]?$/, '.')]));
  return named.length === 0 ? problemText(failure) : named.join(' ');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Requests that expect text or nothing get their problem document as text. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
