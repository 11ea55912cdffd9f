/** Why a tool does not do what was asked; the codes are the tool's own, not Parley's. */
export type RefusalCode = 'INVALID' | 'NOT_FOUND' | 'LOCKED' | 'UNAUTHORIZED' | 'TOO_LARGE' | 'KEY_REUSED' | 'FORBIDDEN' | 'RATE_LIMITED' | 'BROKEN';

const STATUS: { readonly [code in RefusalCode]: number } = {
  INVALID: 422, NOT_FOUND: 404, LOCKED: 423, UNAUTHORIZED: 401, TOO_LARGE: 413, KEY_REUSED: 422, FORBIDDEN: 403, RATE_LIMITED: 429, BROKEN: 500,
};

export class Refusal extends Error {
  readonly status: number;

  constructor(readonly code: RefusalCode, message: string, readonly details: readonly { readonly pointer: string; readonly message: string }[] = [], status?: number) {
    super(message);
    this.name = 'Refusal';
    this.status = status ?? STATUS[code];
  }

  /** As the tool's API writes it. */
  document(): { readonly error: Readonly<Record<string, unknown>> } {
    return { error: { code: this.code, message: this.message, ...(this.details.length > 0 ? { details: this.details } : {}) } };
  }
}
