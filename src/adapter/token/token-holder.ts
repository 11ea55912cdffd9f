import type { CallLimits, CallOutcome, ConnectedEndpoint, OutboundHttp, TokenKeeper } from '../contract.js';
import { consentedToken, NOT_CONNECTED, type Renewal } from '../setting/consented-token.js';
import { secretForms } from '../setting/secret-text.js';
import { renewalOf } from './consent.js';
import type { Answered, Credentials, Login } from './login.js';
import { bearer } from './oauth-login.js';

type Failed = CallOutcome & { readonly kind: 'failed' };

const REFRESH_TOKEN_OVER = 'The target does not take the refresh token any more: write a new one into the settings.';

/** Credentials of an endpoint: fetched once for all who wait, kept while they live, forgotten with the endpoint's settings. */
export class TokenHolder {
  private current: Credentials | null = null;
  private pending: Promise<Credentials | CallOutcome> | null = null;
  private refreshToken: string | null = null;
  /** Masked for as long as the endpoint lives: an answer may come late. */
  private readonly seen: string[] = [];
  /** A token that the target refused: one that others still keep is no better here. */
  private refused: string | null = null;

  constructor(private readonly login: Login, private readonly parts: { readonly limits: CallLimits; readonly tokens: TokenKeeper | undefined; readonly secrets: readonly string[] }) {}

  /** Every form of a secret that may not be seen, those fetched meanwhile included. */
  secrets(): readonly string[] {
    const { secrets } = this.parts;
    return this.seen.length === 0 ? secrets : [...this.seen, ...secrets].sort((one, other) => other.length - one.length);
  }

  /** Makes a call with credentials; once more, with new ones, where these are refused: a refused request did nothing. */
  async call(http: OutboundHttp, make: (credentials: Credentials) => Promise<CallOutcome>, isRefused: (outcome: Answered) => boolean): Promise<CallOutcome> {
    for (let tries = 1; ; tries++) {
      const credentials = await this.get(http);
      if ('kind' in credentials) return credentials;
      const outcome = await make(credentials);
      if (outcome.kind === 'failed' || !isRefused(outcome)) return outcome;
      this.drop(credentials);
      if (tries === 2) return { ...outcome, status: 401 };
    }
  }

  /** Credentials that are valid, or how the attempt to get some ended. */
  private get(http: OutboundHttp): Promise<Credentials | CallOutcome> {
    if (this.current !== null && this.current.expiresAtMs > Date.now()) return Promise.resolve(this.current);
    const old = this.current;
    this.current = null;
    const { kept } = this.login;
    const isKept = kept === 'consent' || (kept === 'seed' && this.parts.tokens !== undefined);
    const fetched = (): Promise<Credentials | CallOutcome> => (isKept ? this.consented(http, this.parts.tokens) : this.fetch(http, old));
    return (this.pending ??= fetched().finally(() => { this.pending = null; }));
  }

  /** Forgets credentials that the target refused, unless there are newer ones already. */
  private drop(refused: Credentials): void {
    this.refused = refused.token;
    if (this.current === refused) this.current = null;
  }

  private async fetch(http: OutboundHttp, old: Credentials | null): Promise<Credentials | CallOutcome> {
    const asked = await this.ask(http, this.refreshToken);
    if (asked.kind === 'failed') return asked;
    const { outcome, credentials } = asked;
    // Refused, or answered with something else: nobody may go on trying with these.
    if (credentials === null) return outcome.status < 300 ? refusal('the login was answered without a token') : { ...outcome, status: 401 };
    this.refreshToken = credentials.refreshToken ?? this.refreshToken;
    if (old !== null) this.logout(http, old);
    return this.use(credentials);
  }

  /** Tokens that the target may replace are everybody's: kept in the store, renewed by one instance at a time. */
  private async consented(http: OutboundHttp, keeper: TokenKeeper | undefined): Promise<Credentials | CallOutcome> {
    if (keeper === undefined) return refusal(NOT_CONNECTED);
    try {
      const found = await consentedToken<CallOutcome>(keeper, { refused: this.refused, limitMs: this.parts.limits.totalMs, renew: (refreshToken) => this.renew(http, refreshToken) });
      switch (found.kind) {
        case 'token': return this.use(bearer(found.tokens));
        case 'over': return refusal(this.login.kept === 'consent' ? found.reason : REFRESH_TOKEN_OVER);
        case 'busy': return failedLogin('Another instance has renewed the token for too long.');
        case 'failed': return found.failure.kind === 'answered' ? { ...found.failure, status: 401 } : found.failure;
      }
    } catch {
      return failedLogin('The tokens of the endpoint could not be read or written.');
    }
  }

  private async renew(http: OutboundHttp, refreshToken: string): Promise<Renewal<CallOutcome>> {
    this.see([refreshToken]);
    const asked = await this.ask(http, refreshToken);
    return asked.kind === 'failed' ? { kind: 'failed', failure: asked } : renewalOf(asked.outcome, asked.credentials);
  }

  /** Sends the request for credentials; `failed` is what says nothing about them. */
  private async ask(http: OutboundHttp, refreshToken: string | null): Promise<{ readonly kind: 'asked'; readonly outcome: Answered; readonly credentials: Credentials | null } | Failed> {
    const request = this.login.request(refreshToken, Date.now());
    if (!request.ok) return { kind: 'failed', reason: 'invalid-request', message: request.error, written: false };
    // Of nobody's request alone: who waits no longer must not take it from the others.
    const { limits } = this.parts;
    const outcome = await http.call(request.value, limits, AbortSignal.timeout(limits.totalMs));
    if (outcome.kind === 'failed') return { ...outcome, written: false, message: `The login did not work: ${outcome.message}` };
    const read = this.login.read(outcome, Date.now());
    if (read === 'later') return failedLogin(`The login was answered ${outcome.status}.`);
    const credentials = read === 'refused' ? null : read;
    this.see(credentials?.secrets ?? []);
    return { kind: 'asked', outcome, credentials };
  }

  private use(credentials: Credentials): Credentials {
    this.see(credentials.secrets);
    this.current = credentials;
    return credentials;
  }

  private see(secrets: readonly string[]): void {
    this.seen.push(...secretForms(secrets).filter((one) => !this.seen.includes(one)));
    this.seen.splice(0, Math.max(0, this.seen.length - 64));
  }

  /** Ends the session that was replaced; nobody waits for it. */
  private logout(http: OutboundHttp, old: Credentials): void {
    const request = this.login.logout(old);
    if (request !== null) void http.call(request, this.parts.limits, AbortSignal.timeout(this.parts.limits.totalMs)); // never throws: a session that stays open ends by itself
  }
}

const refusal = (message: string): CallOutcome => ({ kind: 'answered', status: 401, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) });

const failedLogin = (message: string): Failed => ({ kind: 'failed', reason: 'login', message, written: false });

const holders = new WeakMap<ConnectedEndpoint, TokenHolder>();

/** The holder of an endpoint, made once per endpoint object. */
export function holderOf(endpoint: ConnectedEndpoint, make: () => TokenHolder): TokenHolder {
  const known = holders.get(endpoint);
  if (known !== undefined) return known;
  const made = make();
  holders.set(endpoint, made);
  return made;
}
