import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What it does differently from the book. */
export interface AuthorizationBehaviour {
  /** Sends the browser back with this error. */
  readonly error?: string;
  /** Answers token requests with this, whatever is asked. */
  readonly token?: { readonly status: number; readonly body: string; readonly contentType?: string };
  /** Waits before it answers token requests. */
  readonly slowMs?: number;
  /** Access tokens live for so long; what it says of it is left out where null. */
  readonly lifeS?: number | null;
  /** Gives no refresh token. */
  readonly withoutRefresh?: boolean;
  /** Leaves the token's type out, and tells who signed in with a signature that nobody could check. */
  readonly isSloppy?: boolean;
}

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
}

/**
 * A small OAuth 2 authorization server with the API that it guards (`/me`): codes with PKCE, good once; refresh tokens that each renewal
 * replaces, of which one used twice ends the whole consent. Whoever is sent there consents at once.
 */
export class AuthorizationServer {
  behaviour: AuthorizationBehaviour = {};
  readonly redirectUris = new Set<string>();
  /** Of all token requests: the grant, and what was exchanged. */
  readonly asked: string[] = [];
  readonly clientId = 'parley';
  readonly clientSecret = 'secret of parley: +/%';
  /** Every token that was given, for looking where they must not stand. */
  readonly given: string[] = [];
  private readonly codes = new Map<string, Grant>();
  private readonly access = new Set<string>();
  private readonly refresh = new Set<string>();
  private readonly used = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => { response.writeHead(500).end(String(error)); });
  });

  static async start(): Promise<AuthorizationServer> {
    const made = new AuthorizationServer();
    await new Promise<void>((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }

  /** Ends the consent, as an administrator there would. */
  revoke(): void {
    this.access.clear();
    this.refresh.clear();
  }

  /** A refresh token that somebody copied by hand. */
  issue(): string {
    return String(this.issued()['refresh_token']);
  }

  /** Ends access tokens as time does. */
  expire(): void {
    this.access.clear();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    switch (url.pathname) {
      case '/authorize': return this.authorize(url.searchParams, response);
      case '/token': return this.token(request, response);
      default: {
        const isKnown = this.access.has((request.headers.authorization ?? '').replace(/^Bearer /, ''));
        return this.json(response, isKnown ? 200 : 401, isKnown ? [] : { message: 'who are you?' });
      }
    }
  }

  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isRight = query.get('client_id') === this.clientId && query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256';
    if (!isRight || !this.redirectUris.has(redirectUri)) {
      response.writeHead(400).end('a request that nobody takes');
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', 'https://issuer.example');
    if (this.behaviour.error === undefined) {
      const code = randomBytes(16).toString('hex');
      this.given.push(code);
      this.codes.set(code, { redirectUri, challenge: query.get('code_challenge') ?? '' });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', this.behaviour.error);
    response.writeHead(302, { location: back.href }).end();
  }

  private async token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await text(request));
    const grant = body.get('grant_type') ?? '';
    this.asked.push(grant);
    const { token, slowMs } = this.behaviour;
    if (slowMs !== undefined) await new Promise((resolve) => { setTimeout(resolve, slowMs); });
    if (token !== undefined) return void response.writeHead(token.status, { 'content-type': token.contentType ?? 'application/json' }).end(token.body);
    const [id = '', secret = ''] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', '%20')));
    if (id !== this.clientId || secret !== this.clientSecret) return this.json(response, 401, { error: 'invalid_client' });
    const isGood = grant === 'authorization_code' ? this.isGoodCode(body) : grant === 'refresh_token' && this.isGoodRefresh(body.get('refresh_token') ?? '');
    return isGood ? this.json(response, 200, this.issued()) : this.json(response, 400, { error: 'invalid_grant', error_description: 'no longer' });
  }

  private isGoodCode(body: URLSearchParams): boolean {
    const grant = this.codes.get(body.get('code') ?? '');
    this.codes.delete(body.get('code') ?? '');
    return grant !== undefined && grant.redirectUri === body.get('redirect_uri') && grant.challenge === createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url');
  }

  private isGoodRefresh(token: string): boolean {
    // Used twice: one of the two has stolen it.
    if (this.used.has(token)) this.revoke();
    this.used.add(token);
    return this.refresh.delete(token);
  }

  private issued(): Readonly<Record<string, unknown>> {
    const [access, refresh] = [`access-${randomBytes(12).toString('hex')}`, `refresh-${randomBytes(12).toString('hex')}`];
    this.given.push(access, refresh);
    this.access.add(access);
    this.refresh.add(refresh);
    const { withoutRefresh, isSloppy, lifeS = 3_600 } = this.behaviour;
    return {
      access_token: access, ...(withoutRefresh === true ? {} : { refresh_token: refresh }), ...(lifeS === null ? {} : { expires_in: lifeS }),
      ...(isSloppy === true ? { id_token: 'e30.e30.e30' } : { token_type: 'Bearer' }),
    };
  }

  private json(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
