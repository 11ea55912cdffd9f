/** Limits of one call, in milliseconds and bytes. */
export interface CallLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  /** From the moment of the call, waiting for a free connection included. */
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
}

export const DEFAULT_LIMITS: CallLimits = { connectMs: 5_000, headersMs: 30_000, totalMs: 60_000, maxAnswerBytes: 1_048_576 };
