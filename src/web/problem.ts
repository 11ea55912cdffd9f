import { STATUS_CODES } from 'node:http';
import { FAILURE_POLICY, type Failure } from '../core/message/failure.js';

/** One thing that is wrong with a request, and where: a JSON pointer into the body, or the name of a parameter. */
export interface ProblemError {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

export interface ProblemExtras {
  readonly errors?: readonly ProblemError[];
  /** Response headers that belong to the answer (`retry-after`, `www-authenticate`). Lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The body of an error answer, as RFC 9457 has it. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  readonly traceId?: string;
}

/** A refusal that the caller is told of: HTTP status, stable code, one sentence. Thrown at the edges only. */
export class Problem extends Error {
  readonly errors: readonly ProblemError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(readonly status: number, readonly code: string, readonly detail: string, extras: ProblemExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'Problem';
    this.errors = extras.errors ?? [];
    this.headers = extras.headers ?? {};
  }

  /** The HTTP answer of a failure that the core or a service returned. */
  static ofFailure(failure: Failure, errors: readonly ProblemError[] = []): Problem {
    const headers = failure.retryAfterMs === undefined ? {} : retryAfter(failure.retryAfterMs);
    return new Problem(FAILURE_POLICY[failure.kind].httpStatus, failure.code, failure.message, { errors, headers });
  }

  static missing(what: string): Problem {
    return new Problem(404, 'not-found', `There is no ${what}.`);
  }

  static invalid(errors: readonly ProblemError[], detail = 'The request does not have the expected shape.'): Problem {
    return new Problem(422, 'invalid-request', detail, { errors });
  }

  static unauthenticated(detail = 'Sign in or send an API key.'): Problem {
    return new Problem(401, 'unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer realm="Parley"' } });
  }

  static denied(code: string, detail: string): Problem {
    return new Problem(403, code, detail);
  }

  static conflict(code: string, detail: string): Problem {
    return new Problem(409, code, detail);
  }

  static tooMany(code: string, detail: string, waitMs: number): Problem {
    return new Problem(429, code, detail, { headers: retryAfter(waitMs) });
  }
}

/** Makes the document of an answer; `type` and `title` depend on the code alone, so that machines can rely on them. */
export function problemDocument(problem: Problem, traceId?: string): ProblemDocument {
  return {
    type: `urn:parley:problem:${problem.code}`,
    title: titleOf(problem.code) || (STATUS_CODES[problem.status] ?? 'Error'),
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

const titleOf = (code: string): string => (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll('-', ' ');

const retryAfter = (waitMs: number): Record<string, string> => ({ 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) });
