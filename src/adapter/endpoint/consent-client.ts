import * as openid from 'openid-client';
import { FetchFailed, guardedFetch, type CallLimits, type GuardedClient } from '../../net/index.js';
import type { Consent, KeptTokens } from '../contract.js';
import { ConnectionRefused } from './connection-refusal.js';

const LIMITS: CallLimits = { connectMs: 5_000, headersMs: 15_000, totalMs: 20_000, maxAnswerBytes: 1_048_576 };
/** Seconds that a token is believed which does not say how long it lives. */
const DEFAULT_LIFE_S = 3_600;
/** A token that is about to end is not used for a request that may take a while. */
const MARGIN_S = 30;

/** What only whoever began knows, and what the code is asked for with. */
export interface BegunConsent {
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** Where to send the browser: authorization code with PKCE, whether the target asks for it or not. */
export async function beginConsent(consent: Consent, redirectUri: string): Promise<{ readonly url: string; readonly begun: BegunConsent }> {
  const begun = { state: openid.randomState(), verifier: openid.randomPKCECodeVerifier(), redirectUri };
  const url = openid.buildAuthorizationUrl(configurationOf(consent), {
    ...consent.parameters, redirect_uri: redirectUri, state: begun.state, code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier), code_challenge_method: 'S256',
  });
  return { url: url.href, begun };
}

/** Makes tokens of what the browser brought back. Failures are `ConnectionRefused`; nothing of them holds a token. */
export async function finishConsent(consent: Consent, { state, verifier, redirectUri }: BegunConsent, query: string, client: GuardedClient): Promise<KeptTokens> {
  const given = new URLSearchParams(query);
  // Each endpoint has a redirect address of its own: no target can hand over another one's code. An issuer is nothing that its settings name.
  given.delete('iss');
  const configuration = configurationOf(consent, guardedFetch(client, LIMITS));
  try {
    const answer = await openid.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${given.toString()}`), { expectedState: state, pkceCodeVerifier: verifier }, { ...consent.tokenParameters });
    return tokensOf(answer);
  } catch (error) {
    throw refusalOf(error);
  }
}

function tokensOf({ access_token: accessToken, refresh_token: refreshToken, expires_in: life = DEFAULT_LIFE_S }: openid.TokenEndpointResponse): KeptTokens {
  return { accessToken, refreshToken: refreshToken ?? null, usableUntilMs: Date.now() + Math.max(life - MARGIN_S, life / 2) * 1_000 };
}

function configurationOf({ authorizationUrl, tokenUrl, clientId, authenticate }: Consent, fetch?: ReturnType<typeof guardedFetch>): openid.Configuration {
  const server = { issuer: new URL(authorizationUrl).origin, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl };
  const configuration = new openid.Configuration(server, clientId, undefined, (_server, _client, body, headers) => authenticate(body, headers));
  // Which addresses may be called, and how, the egress policy says.
  if ([authorizationUrl, tokenUrl].some((url) => url.startsWith('http:'))) openid.allowInsecureRequests(configuration);
  if (fetch !== undefined) configuration[openid.customFetch] = async (url, init) => plain(await fetch(url, init));
  return configuration;
}

/** The answer without what is not asked: who signed in there. Some targets do not say that their tokens are bearer tokens. */
async function plain(answer: Response): Promise<Response> {
  const text = await answer.text();
  const { headers, status } = answer;
  const read = jsonObject(text);
  if (status !== 200 || read === null) return new Response([204, 205, 304].includes(status) ? null : text, { status, headers });
  const { id_token: _, ...others } = read;
  return new Response(JSON.stringify({ token_type: 'bearer', ...others }), { status, headers: { 'content-type': 'application/json' } });
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const read = JSON.parse(text) as unknown;
    return typeof read === 'object' && read !== null ? (read as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null; // no JSON: no tokens
  }
}

/** Names what went wrong in words of our own: causes may hold the answer, and with it tokens. */
function refusalOf(error: unknown): ConnectionRefused {
  if (error instanceof openid.AuthorizationResponseError) return new ConnectionRefused('target-refused', `the target answered "${word(error.error)}"`);
  if (error instanceof openid.ResponseBodyError) return new ConnectionRefused(error.error === 'invalid_client' || error.error === 'unauthorized_client' ? 'client-refused' : 'target-broken', `the token address answered "${word(error.error)}"`);
  if (error instanceof openid.WWWAuthenticateChallengeError) return new ConnectionRefused('client-refused', `the token address answered ${error.status}`);
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof FetchFailed) return new ConnectionRefused('target-unreachable', at.message);
  return new ConnectionRefused('target-broken', error instanceof Error ? error.message.slice(0, 200) : 'unknown');
}

/** An error code of the protocol; whatever else stands there is not repeated. */
const word = (code: string): string => (/^[\w.-]{1,60}$/.test(code) ? code : 'something that is no error code');
