/** Who must act: the caller (`invalid`, `denied`, `missing`, `conflict`), the target's owner (`target-…`) or we (`fault`). */
export type FailureKind = 'invalid' | 'denied' | 'missing' | 'conflict' | 'target-refused' | 'target-down' | 'fault';

/** Why something was not done: a stable code for machines and one sentence for an operator. */
export interface Failure {
  readonly kind: FailureKind;
  /** Stable, kebab-case: `idempotency-key-reused`. */
  readonly code: string;
  readonly message: string;
  /** Milliseconds after which it is worth trying again; only where the refuser said so. */
  readonly retryAfterMs?: number;
}

/** What a kind of failure means at the edges. */
export interface FailurePolicy {
  readonly httpStatus: number;
  /** Whether the same attempt may work later without anyone's doing. */
  readonly retry: boolean;
  readonly logLevel: 'info' | 'warn' | 'error';
}

/** The one place that says how a kind of failure is answered, retried and logged. */
export const FAILURE_POLICY: { readonly [kind in FailureKind]: FailurePolicy } = {
  invalid: { httpStatus: 422, retry: false, logLevel: 'info' },
  denied: { httpStatus: 403, retry: false, logLevel: 'info' },
  missing: { httpStatus: 404, retry: false, logLevel: 'info' },
  conflict: { httpStatus: 409, retry: false, logLevel: 'info' },
  'target-refused': { httpStatus: 502, retry: false, logLevel: 'warn' },
  'target-down': { httpStatus: 503, retry: true, logLevel: 'warn' },
  fault: { httpStatus: 500, retry: true, logLevel: 'error' },
};

/** Makes a failure value. */
export function failure(kind: FailureKind, code: string, message: string, retryAfterMs?: number): Failure {
  return retryAfterMs === undefined ? { kind, code, message } : { kind, code, message, retryAfterMs };
}
