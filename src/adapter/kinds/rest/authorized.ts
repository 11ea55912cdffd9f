import type { CallLimits, CallOutcome, ConnectedEndpoint, OutboundHttp, RenderedRequest } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { MessageView } from '../../place/message-view.js';
import { compilePredicates } from '../../answer/predicate.js';
import { secretForms } from '../../setting/secret-text.js';
import { isRenewable, type RestOAuth, type RestSession } from './auth-settings.js';
import { compile, type CompiledEndpoint } from './compiled.js';
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

  constructor(private readonly connected: CompiledEndpoint, private readonly auth: RestOAuth | RestSession, private readonly limits: CallLimits) {}

  /** Credentials that are valid, or how the attempt to get some ended. */
  get(http: OutboundHttp): Promise<Credentials | CallOutcome> {
    if (this.current !== null && this.current.expiresAtMs > Date.now()) return Promise.resolve(this.current);
    const old = this.current;
    this.current = null;
    return (this.pending ??= this.fetch(http, old).finally(() => { this.pending = null; }));
  }

  /** Forgets credentials that the target refused, unless there are newer ones already. */
  drop(refused: Credentials): void {
    if (this.current === refused) this.current = null;
  }

  private async fetch(http: OutboundHttp, old: Credentials | null): Promise<Credentials | CallOutcome> {
    let request: RenderedRequest;
    try {
      request = loginRequest(this.connected, this.auth, this.refreshToken, Date.now());
    } catch {
      return { kind: 'failed', reason: 'invalid-request', message: 'The key cannot sign: it does not fit the algorithm.', written: false };
    }
    // Of nobody's request alone: who waits no longer must not take it from the others.
    const signal = AbortSignal.timeout(this.limits.totalMs);
    const outcome = await http.call(request, this.limits, signal);
    if (outcome.kind === 'failed') return { ...outcome, written: false, message: `The login did not work: ${outcome.message}` };
    if (outcome.status === 429 || outcome.status >= 500) return { kind: 'failed', reason: 'login', message: `The login was answered ${outcome.status}.`, written: false };
    const credentials = outcome.status < 300 ? readLogin(outcome, this.connected, this.auth, Date.now()) : null;
    // Refused, or answered with something else: nobody may go on trying with these.
    if (credentials === null) return outcome.status < 300 ? { ...outcome, status: 401, body: Buffer.from('{"message":"the login was answered without a token"}') } : { ...outcome, status: 401 };
    this.seen.push(...secretForms(credentials.secrets));
    this.seen.splice(0, Math.max(0, this.seen.length - 64));
    this.refreshToken = credentials.refreshToken ?? this.refreshToken;
    this.current = credentials;
    if (old !== null) this.logout(http, old);
    return credentials;
  }

  /** Ends the session that was replaced; nobody waits for it. */
  private logout(http: OutboundHttp, old: Credentials): void {
    if (this.auth.type !== 'session' || this.auth.logout === undefined) return;
    const { method, path } = this.auth.logout;
    const request = { method, url: this.connected.baseUrl + path, headers: { ...this.connected.headers, ...old.headers }, body: null };
    void http.call(request, this.limits, AbortSignal.timeout(this.limits.totalMs)); // never throws: a session that stays open ends by itself
  }
}

const holders = new WeakMap<ConnectedEndpoint, TokenHolder>();

function holderOf(endpoint: ConnectedEndpoint, connected: CompiledEndpoint, auth: RestOAuth | RestSession): TokenHolder {
  const known = holders.get(endpoint);
  if (known !== undefined) return known;
  const made = new TokenHolder(connected, auth, deliverySettings(endpoint.settings).limits);
  holders.set(endpoint, made);
  return made;
}

/** Adds what a request needs besides its own content: tokens, fetched anew once where the target refuses them, and the signature. */
export function authorized(http: OutboundHttp, endpoint: ConnectedEndpoint): AuthorizedHttp {
  const connected = compile(endpoint);
  const { auth, signing } = connected.settings;
  const isOver = compilePredicates(auth?.type === 'session' ? auth.invalidWhen : undefined);
  const isRefused = (outcome: CallOutcome): boolean => outcome.kind === 'answered'
    && (outcome.status === 401 || isOver(new MessageView({ body: outcome.body, contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status })));
  if (!isRenewable(auth)) {
    return { call: (request, limits, signal) => http.call(sign(request, signing, Date.now()), limits, signal), secrets: () => connected.secrets };
  }
  const holder = holderOf(endpoint, connected, auth);
  return {
    secrets: () => (holder.seen.length === 0 ? connected.secrets : [...holder.seen, ...connected.secrets].sort((one, other) => other.length - one.length)),
    call: async (request, limits, signal) => {
      for (let tries = 1; ; tries++) {
        const credentials = await holder.get(http);
        if ('kind' in credentials) return credentials;
        const outcome = await http.call(sign({ ...request, headers: { ...request.headers, ...credentials.headers } }, signing, Date.now()), limits, signal);
        if (!isRefused(outcome)) return outcome;
        holder.drop(credentials);
        // A refused request did nothing: it may be sent again, once, with new credentials.
        if (tries === 2) return outcome.kind === 'answered' ? { ...outcome, status: 401 } : outcome;
      }
    },
  };
}
