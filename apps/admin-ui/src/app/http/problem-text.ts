import { HttpErrorResponse } from '@angular/common/http';

/** One sentence for a person from whatever a request failed with: the problem document's detail, else what the status means. */
export function problemText(failure: unknown): string {
  const cause = failure instanceof Error && !(failure instanceof HttpErrorResponse) && failure.cause !== undefined ? failure.cause : failure;
  if (!(cause instanceof HttpErrorResponse)) return 'Something went wrong in the console itself.';
  const problem: unknown = parsed(cause.error);
  if (isProblem(problem)) {
    const first = problem.errors?.[0];
    const place = first === undefined ? '' : ` ${first.pointer ?? first.parameter ?? ''} ${first.detail}`.replace(/\s+/g, ' ');
    return `${problem.detail}${place}`.trim();
  }
  if (cause.status === 0) return 'Parley does not answer. It may be starting, or the network is away.';
  return `Parley answered ${String(cause.status)}${cause.statusText ? ` (${cause.statusText})` : ''}.`;
}

/** Whether the request failed because there is no such thing. */
export function isMissing(failure: unknown): boolean {
  const cause = failure instanceof Error && !(failure instanceof HttpErrorResponse) && failure.cause !== undefined ? failure.cause : failure;
  return cause instanceof HttpErrorResponse && cause.status === 404;
}

interface ProblemLike {
  readonly detail: string;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[];
}

const isProblem = (value: unknown): value is ProblemLike =>
  typeof value === 'object' && value !== null && 'detail' in value && typeof value.detail === 'string' && value.detail !== '';

/** Requests that expect bytes or text get their problem document as text. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
