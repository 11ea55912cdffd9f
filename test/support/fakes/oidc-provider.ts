import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Claims = Readonly<Record<string, unknown>>;

/** What the provider does wrong, and what it leaves out of the ID token. */
export interface ProviderBehaviour {
  /** Claims that are written over what is right. */
  readonly idToken?: Claims;
  /** Signs with a key that it does not publish. */
  readonly wrongKey?: boolean;
  /** Says this issuer of itself. */
  readonly issuer?: string;
  /** Sends the person back with this error. */
  readonly error?: string;
  /** Is asked for these claims at its userinfo only. */
  readonly userinfo?: Claims;
}

interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
  readonly claims: Claims;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A small OpenID provider: discovery, authorization code with PKCE (S256, codes good once), ID tokens signed with RS256, userinfo.
 * Whoever is sent there is signed in at once as `person`. It checks what a provider must: client, secret, redirect URI, verifier.
 */
export class OidcProvider {
  person: Claims = {};
  behaviour: ProviderBehaviour = {};
  readonly asked: string[] = [];
  readonly redirectUris = new Set<string>();
  readonly clientId = 'parley';
  readonly clientSecret = 'secret of parley: +/%';
  private readonly key = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  private readonly otherKey = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  private readonly grants = new Map<string, Grant>();
  private readonly tokens = new Map<string, Claims>();
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => { response.writeHead(500).end(String(error)); });
  });

  private constructor(private readonly host: string) {}

  /** `host`: another name of this machine makes it another site for browsers. */
  static async start(host = '127.0.0.1'): Promise<OidcProvider> {
    const provider = new OidcProvider(host);
    await new Promise<void>((resolve) => provider.server.listen(0, provider.host, resolve));
    return provider;
  }

  get issuer(): string {
    return `http://${this.host}:${(this.server.address() as AddressInfo).port}/realm`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    this.asked.push(url.pathname);
    switch (url.pathname) {
      case '/realm/.well-known/openid-configuration': return this.json(response, 200, this.metadata());
      case '/realm/keys': return this.json(response, 200, { keys: [{ ...this.key.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] });
      case '/realm/authorize': return this.authorize(url.searchParams, response);
      case '/realm/end': return this.end(url.searchParams, response);
      case '/realm/token': return this.token(request, response);
      case '/realm/userinfo': {
        const claims = this.tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
        return this.json(response, claims === undefined ? 401 : 200, claims ?? { error: 'invalid_token' });
      }
      default: response.writeHead(404).end();
    }
  }

  private metadata(): Claims {
    return {
      issuer: this.behaviour.issuer ?? this.issuer, authorization_endpoint: `${this.issuer}/authorize`, token_endpoint: `${this.issuer}/token`, userinfo_endpoint: `${this.issuer}/userinfo`, end_session_endpoint: `${this.issuer}/end`,
      jwks_uri: `${this.issuer}/keys`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true,
    };
  }

  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isRight = query.get('client_id') === this.clientId && query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256' && (query.get('scope') ?? '').split(' ').includes('openid');
    if (!isRight || !this.redirectUris.has(redirectUri)) {
      response.writeHead(400).end('a request that no provider takes');
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', this.issuer);
    if (this.behaviour.error === undefined) {
      const code = randomBytes(16).toString('hex');
      this.grants.set(code, { clientId: this.clientId, redirectUri, challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce'), claims: this.person });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', this.behaviour.error);
    response.writeHead(302, { location: back.href }).end();
  }

  /** Signs out, and sends the browser back to an address that it was told of. */
  private end(query: URLSearchParams, response: ServerResponse): void {
    const back = query.get('post_logout_redirect_uri') ?? '';
    if (query.get('client_id') === this.clientId && this.redirectUris.has(back)) response.writeHead(302, { location: back }).end();
    else response.writeHead(400).end('nobody told me of this address');
  }

  private async token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await text(request));
    const [id = '', secret = ''] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', '%20')));
    const grant = this.grants.get(body.get('code') ?? '');
    this.grants.delete(body.get('code') ?? '');
    const verifier = createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url');
    if (id !== this.clientId || secret !== this.clientSecret) return this.json(response, 401, { error: 'invalid_client' });
    if (grant === undefined || grant.redirectUri !== body.get('redirect_uri') || grant.challenge !== verifier) return this.json(response, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1_000);
    const { userinfo, idToken = {}, wrongKey } = this.behaviour;
    const claims = { iss: this.issuer, aud: this.clientId, iat: now, exp: now + 300, nonce: grant.nonce, ...(userinfo === undefined ? grant.claims : { sub: grant.claims['sub'] }), ...idToken };
    const token = randomBytes(16).toString('hex');
    this.tokens.set(token, { ...grant.claims, ...userinfo });
    return this.json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 300, id_token: this.signed(claims, wrongKey === true ? this.otherKey.privateKey : this.key.privateKey) });
  }

  private signed(claims: Claims, key: KeyObject): string {
    const body = `${encoded({ alg: 'RS256', kid: 'one' })}.${encoded(claims)}`;
    return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
  }

  private json(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
