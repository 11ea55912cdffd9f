import type { CallLimits, CallOutcome, ConnectedEndpoint, KeptTokens, OutboundHttp, RenderedRequest, TokenKeeper } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { MessageView } from '../../place/message-view.js';
import { compilePredicates } from '../../answer/predicate.js';
import { consentedToken, NOT_CONNECTED, type Renewal } from '../../setting/consented-token.js';
import { secretForms } from '../../setting/secret-text.js';
import { signForAws } from './aws-signature.js';
import { isRenewable, type RestOAuth, type RestSession } from './auth-settings.js';
import { compile, type CompiledEndpoint } from './compiled.js';
import { isConsented, isKept, renewalOf } from './consent.js';
import { loginRequest, readLogin, type Credentials } from './login.js';
import { sign } from './signing.js';

/** The way out of an endpoint with everything that proves who we are. */
export interface AuthorizedHttp {
  call(request: RenderedRequest, limits: CallLimits, signal: AbortSignal): Promise<CallOutcome>;
  /** Every form of a secret that may not be seen, those fetched meanwhile included. */
  secrets(): readonly string[];
}

/** Tokens of an endpoint: fetched once for all who wait, kept while they live, forgotten with the endpoint's settings. */
class TokenHolder {
  private current: Credentials | null = null;
  private pending: Promise<Credentials | CallOutcome> | null = null;
  private refreshToken: string | null = null;
  /** Masked for as long as the endpoint lives: an answer may come late. */
  readonly seen: string[] = [];
  /** An access token that the target refused: one that others still keep is no better here. */
  private refused: string | null = null;

  constructor(private readonly connected: CompiledEndpoint, private readonly auth: RestOAuth | RestSession, private readonly parts: { readonly limits: CallLimits; readonly tokens: TokenKeeper | undefined }) {}

  /** Credentials that are valid, or how the attempt to get some ended. */
  get(http: OutboundHttp): Promise<Credentials | CallOutcome> {
    if (this.current !== null && this.current.expiresAtMs > Date.now()) return Promise.resolve(this.current);
    const old = this.current;
    this.current = null;
    const fetched = (): Promise<Credentials | CallOutcome> => (isKept(this.auth, this.parts.tokens) ? this.consented(http, this.parts.tokens) : this.fetch(http, old));
    return (this.pending ??= fetched().finally(() => { this.pending = null; }));
  }

  /** Forgets credentials that the target refused, unless there are newer ones already. */
  drop(refused: Credentials): void {
    this.refused = refused.accessToken ?? null;
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
        case 'over': return refusal(isConsented(this.auth) ? found.reason : REFRESH_TOKEN_OVER);
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
  private async ask(http: OutboundHttp, refreshToken: string | null): Promise<{ readonly kind: 'asked'; readonly outcome: CallOutcome & { readonly kind: 'answered' }; readonly credentials: Credentials | null } | (CallOutcome & { readonly kind: 'failed' })> {
    let request: RenderedRequest;
    try {
      request = loginRequest(this.connected, this.auth, refreshToken, Date.now());
    } catch {
      return { kind: 'failed', reason: 'invalid-request', message: 'The key cannot sign: it does not fit the algorithm.', written: false };
    }
    // Of nobody's request alone: who waits no longer must not take it from the others.
    const { limits } = this.parts;
    const outcome = await http.call(request, limits, AbortSignal.timeout(limits.totalMs));
    if (outcome.kind === 'failed') return { ...outcome, written: false, message: `The login did not work: ${outcome.message}` };
    if (outcome.status === 429 || outcome.status >= 500) return failedLogin(`The login was answered ${outcome.status}.`);
    const credentials = outcome.status < 300 ? readLogin(outcome, this.connected, this.auth, Date.now()) : null;
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
    if (this.auth.type !== 'session' || this.auth.logout === undefined) return;
    const { method, path } = this.auth.logout;
    const request = { method, url: this.connected.baseUrl + path, headers: { ...this.connected.headers, ...old.headers }, body: null };
    void http.call(request, this.parts.limits, AbortSignal.timeout(this.parts.limits.totalMs)); // never throws: a session that stays open ends by itself
  }
}

const REFRESH_TOKEN_OVER = 'The target does not take the refresh token any more: write a new one into the settings.';

const refusal = (message: string): CallOutcome => ({ kind: 'answered', status: 401, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) });

const failedLogin = (message: string): CallOutcome & { readonly kind: 'failed' } => ({ kind: 'failed', reason: 'login', message, written: false });

const bearer = ({ accessToken, refreshToken, usableUntilMs }: KeptTokens): Credentials =>
  ({ headers: { authorization: `Bearer ${accessToken}` }, accessToken, expiresAtMs: usableUntilMs, secrets: refreshToken === null ? [accessToken] : [accessToken, refreshToken] });

const holders = new WeakMap<ConnectedEndpoint, TokenHolder>();

function holderOf(endpoint: ConnectedEndpoint, connected: CompiledEndpoint, auth: RestOAuth | RestSession): TokenHolder {
  const known = holders.get(endpoint);
  if (known !== undefined) return known;
  const made = new TokenHolder(connected, auth, { limits: deliverySettings(endpoint.settings).limits, tokens: endpoint.tokens });
  holders.set(endpoint, made);
  return made;
}

/** Adds what a request needs besides its own content: tokens, fetched anew once where the target refuses them, and the signature. */
export function authorized(http: OutboundHttp, endpoint: ConnectedEndpoint): AuthorizedHttp {
  const connected = compile(endpoint);
  const { auth, signing } = connected.settings;
  const signed = (request: RenderedRequest): RenderedRequest => {
    const nowMs = Date.now();
    const made = sign(request, signing, nowMs);
    return auth?.type === 'aws' ? signForAws(made, auth, nowMs) : made;
  };
  const isOver = compilePredicates(auth?.type === 'session' ? auth.invalidWhen : undefined);
  const isRefused = (outcome: CallOutcome): boolean => outcome.kind === 'answered'
    && (outcome.status === 401 || isOver(new MessageView({ body: outcome.body, contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status })));
  if (!isRenewable(auth)) {
    return { call: (request, limits, signal) => http.call(signed(request), limits, signal), secrets: () => connected.secrets };
  }
  const holder = holderOf(endpoint, connected, auth);
  return {
    secrets: () => (holder.seen.length === 0 ? connected.secrets : [...holder.seen, ...connected.secrets].sort((one, other) => other.length - one.length)),
    call: async (request, limits, signal) => {
      for (let tries = 1; ; tries++) {
        const credentials = await holder.get(http);
        if ('kind' in credentials) return credentials;
        const outcome = await http.call(signed({ ...request, headers: { ...request.headers, ...credentials.headers } }), limits, signal);
        if (!isRefused(outcome)) return outcome;
        holder.drop(credentials);
        // A refused request did nothing: it may be sent again, once, with new credentials.
        if (tries === 2) return outcome.kind === 'answered' ? { ...outcome, status: 401 } : outcome;
      }
    },
  };
}
