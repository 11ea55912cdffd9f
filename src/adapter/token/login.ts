import type { Result } from '../../core/message/result.js';
import type { CallOutcome, RenderedRequest } from '../contract.js';

/** What proves who we are for a while. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** What of it must never be seen. */
  readonly secrets: readonly string[];
  readonly expiresAtMs: number;
  /** What was given: an access token, the id of a session. */
  readonly token: string;
  /** A new refresh token, where the target gave one. */
  readonly refreshToken?: string;
}

export type Answered = CallOutcome & { readonly kind: 'answered' };

/** How an endpoint gets credentials that end. */
export interface Login {
  /** The request that gets them, or why there is none. `refreshToken`: the newest one that is known. */
  request(refreshToken: string | null, nowMs: number): Result<RenderedRequest, string>;
  /** What the answer brings: credentials, none since they are refused, or nothing yet. */
  read(outcome: Answered, nowMs: number): Credentials | 'refused' | 'later';
  /** The request that ends those that were replaced; null where nothing is to be ended. */
  logout(old: Credentials): RenderedRequest | null;
  /** Whether tokens are everybody's, since the target may replace them: those of a person's consent, those that a refresh token of the settings became. */
  readonly kept: 'consent' | 'seed' | null;
}

/** Whether a status says nothing about the credentials. */
export const isLater = (status: number): boolean => status === 429 || status >= 500;
