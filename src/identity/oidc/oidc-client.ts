import { Injectable } from '@nestjs/common';
import * as openid from 'openid-client';
import { FetchFailed, guardedFetch, GuardedHttp, type CallLimits } from '../../net/index.js';
import { claimAt, type Claims } from './claims.js';
import { SignInRefused } from './refusal.js';

const LIMITS: CallLimits = { connectMs: 5_000, headersMs: 10_000, totalMs: 15_000, maxAnswerBytes: 1_048_576 };
/** What a provider says of itself is believed so long; that it does not answer, so long. */
const DISCOVERED_MS = 10 * 60_000;
const FAILED_MS = 5_000;
const SLOTS = 4;

/** A provider with its secret in clear. */
export interface OpenedProvider {
  /** Organization, id and version: what was discovered is kept under it. */
  readonly key: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly scopes: string;
  readonly roleClaim: string | null;
}

/** What only the browser that began knows, and proves when it comes back. */
export interface Beginning {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

interface Discovered {
  readonly configuration: Promise<openid.Configuration>;
  untilMs: number;
}

/** OpenID Connect with a provider: authorization code with PKCE, everything over the guarded way out. Failures are `SignInRefused`. */
@Injectable()
export class OidcClient {
  private readonly discovered = new Map<string, Discovered>();

  constructor(private readonly http: GuardedHttp) {}

  /** Where to send the browser, and what it must bring back. */
  async begin(provider: OpenedProvider, redirectUri: string): Promise<{ readonly url: string; readonly beginning: Beginning }> {
    const configuration = await this.configurationOf(provider);
    const beginning = { state: openid.randomState(), nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier(), redirectUri };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri, scope: provider.scopes, state: beginning.state, nonce: beginning.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(beginning.verifier), code_challenge_method: 'S256',
    });
    return { url: url.href, beginning };
  }

  /** What the provider says of whoever came back with this query. */
  async finish(provider: OpenedProvider, { state, nonce, verifier, redirectUri }: Beginning, query: string): Promise<Claims> {
    const configuration = await this.configurationOf(provider);
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true });
      const claims = tokens.claims();
      if (claims === undefined) throw new SignInRefused('provider-broken', 'the provider sent no ID token');
      const isComplete = claims['email'] !== undefined && claims['email_verified'] !== undefined && (provider.roleClaim === null || claimAt(claims, provider.roleClaim) !== undefined);
      if (isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Where the browser signs out at the provider; null where it does not say. */
  async end(provider: OpenedProvider, signedOutUri: string): Promise<string | null> {
    const configuration = await this.configurationOf(provider);
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return openid.buildEndSessionUrl(configuration, { post_logout_redirect_uri: signedOutUri }).href;
  }

  /** Asks the provider what it says of itself, now. */
  async check(provider: OpenedProvider): Promise<void> {
    this.discovered.delete(provider.key);
    await this.configurationOf(provider);
  }

  private configurationOf(provider: OpenedProvider): Promise<openid.Configuration> {
    const now = performance.now();
    for (const [key, { untilMs }] of this.discovered) if (untilMs < now) this.discovered.delete(key);
    const known = this.discovered.get(provider.key);
    if (known !== undefined) return known.configuration;
    const made: Discovered = {
      untilMs: now + DISCOVERED_MS,
      configuration: this.discover(provider).catch((error: unknown) => {
        made.untilMs = performance.now() + FAILED_MS;
        throw refusalOf(error);
      }),
    };
    this.discovered.set(provider.key, made);
    return made.configuration;
  }

  private async discover({ key, issuer, clientId, clientSecret }: OpenedProvider): Promise<openid.Configuration> {
    const fetch = guardedFetch(this.http.client(`${key} sign-in`, { slots: SLOTS }), LIMITS);
    const authentication: openid.ClientAuth = clientSecret === null ? openid.None() : (server, client, body, headers) => {
      const offered = server.token_endpoint_auth_methods_supported;
      const isBasic = offered === undefined || offered.includes('client_secret_basic');
      (isBasic ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret))(server, client, body, headers);
    };
    return openid.discovery(new URL(issuer), clientId, undefined, authentication, {
      [openid.customFetch]: (url, init) => fetch(url, init),
      // The signature of the ID token is checked although it comes from the provider itself.
      execute: isLoopback(issuer) ? [openid.enableNonRepudiationChecks, openid.allowInsecureRequests] : [openid.enableNonRepudiationChecks],
    });
  }
}

/** Whether a provider may be spoken to without TLS: one on this machine. */
export function isLoopback(issuer: string): boolean {
  return URL.canParse(issuer) && new URL(issuer).protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(issuer).hostname);
}

/** Names what went wrong; what the provider said of it stays in the log. */
function refusalOf(error: unknown): SignInRefused {
  if (error instanceof SignInRefused) return error;
  if (error instanceof openid.AuthorizationResponseError) return new SignInRefused('provider-refused', `the provider answered "${error.error}"`, { cause: error });
  if (error instanceof openid.ResponseBodyError) return new SignInRefused('provider-broken', `the provider refused the code: "${error.error}"`, { cause: error });
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof FetchFailed) return new SignInRefused('provider-unreachable', at.message, { cause: error });
  return new SignInRefused('provider-broken', reasonOf(error), { cause: error });
}

function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return error instanceof Error ? `${error.message}${inner}` : 'unknown';
}
