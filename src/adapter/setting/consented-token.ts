import { setTimeout as pause } from 'node:timers/promises';
import type { KeptTokens, TokenKeeper } from '../contract.js';

/** How asking the target for newer tokens ended. `refused`: the consent is over, for the reason that the target gave; `failed`: nobody knows, or later. */
export type Renewal<F> = { readonly kind: 'renewed'; readonly tokens: KeptTokens } | { readonly kind: 'refused'; readonly reason: string } | { readonly kind: 'failed'; readonly failure: F };

/** What a call may use: a token, or why there is none. */
export type Consented<F> = { readonly kind: 'token'; readonly tokens: KeptTokens } | { readonly kind: 'over'; readonly reason: string } | { readonly kind: 'failed'; readonly failure: F } | { readonly kind: 'busy' };

export interface ConsentedCall<F> {
  /** An access token that the target has just refused: the newest is used only if it is another one. */
  readonly refused: string | null;
  /** Time that the renewal may take, and that others wait for it. */
  readonly limitMs: number;
  renew(refreshToken: string): Promise<Renewal<F>>;
}

/** Besides the renewal itself: until what it brought is committed. */
const COMMIT_MS = 15_000;
const LOOK_MS = 100;
const COMMIT_TRIES = 4;

export const NOT_CONNECTED = 'Nobody has connected this endpoint as it is set now, or the consent has ended: connect it on its page.';
export const CONSENT_OVER = 'The target has ended the consent (it was revoked, or its refresh token is too old): connect the endpoint anew.';
const NO_REFRESH_TOKEN = 'The consent has ended and the target gave no refresh token; connect the endpoint anew, and ask for offline access.';

/**
 * The access token of a person's consent, renewed where it is over. Of all instances one renews, the others wait for what it brings:
 * targets that give a new refresh token with each renewal take the old one, used twice, for stolen.
 */
export async function consentedToken<F>(keeper: TokenKeeper, call: ConsentedCall<F>): Promise<Consented<F>> {
  const untilMs = performance.now() + call.limitMs;
  for (;;) {
    const kept = await keeper.read();
    if (kept === null) return { kind: 'over', reason: NOT_CONNECTED };
    if (kept.accessToken !== call.refused && kept.usableUntilMs > Date.now()) return { kind: 'token', tokens: kept };
    if (kept.refreshToken === null) {
      await keeper.refuse(kept.version, NO_REFRESH_TOKEN);
      return { kind: 'over', reason: NO_REFRESH_TOKEN };
    }
    if (await keeper.claim(kept.version, call.limitMs + COMMIT_MS)) return renewed(keeper, kept.version, kept.refreshToken, call);
    if (performance.now() > untilMs) return { kind: 'busy' };
    await pause(LOOK_MS);
  }
}

async function renewed<F>(keeper: TokenKeeper, version: number, refreshToken: string, call: ConsentedCall<F>): Promise<Consented<F>> {
  const renewal = await call.renew(refreshToken);
  switch (renewal.kind) {
    case 'renewed': {
      // What is not said again stays as it was (RFC 6749, 6).
      const tokens = { ...renewal.tokens, refreshToken: renewal.tokens.refreshToken ?? refreshToken };
      await insisting(() => keeper.replace(version, tokens));
      return { kind: 'token', tokens };
    }
    case 'refused':
      await keeper.refuse(version, renewal.reason);
      return { kind: 'over', reason: renewal.reason };
    case 'failed':
      await keeper.release(version);
      return renewal;
  }
}

/** The old token may be good for nothing now: what cannot be written at once is tried again while nobody else may renew. */
async function insisting(write: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries === COMMIT_TRIES) throw error;
      await pause(LOOK_MS * 4 ** tries);
    }
  }
}
