import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Problem, stateOf, type RouteFlags } from '../web/index.js';
import { Authenticator } from './authenticator.js';
import { isCrossSite } from './cross-site.js';

const API = '/api/';
const INBOUND = '/api/v1/inbound/';

/**
 * Finds the caller of API requests before their body is read, and refuses who has none: nobody unknown gets
 * megabytes parsed. Inbound addresses have credentials of their own. What the caller may do, the guard decides.
 */
@Injectable()
export class AuthenticationHook implements OnModuleInit {
  private readonly ownOrigins: readonly string[];

  constructor(private readonly http: HttpAdapterHost, private readonly authenticator: Authenticator, @Inject(SETTINGS) settings: Settings) {
    this.ownOrigins = settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).origin];
  }

  onModuleInit(): void {
    const fastify = this.http.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook('onRequest', (request: FastifyRequest, _reply: FastifyReply) => this.admit(request));
  }

  private async admit(request: FastifyRequest): Promise<void> {
    if (!request.url.startsWith(API) || request.url.startsWith(INBOUND) || request.is404) return;
    const { authorization, origin, host } = request.headers;
    const fetchSite = request.headers['sec-fetch-site'];
    // Browsers add cookies by themselves, keys only by a script that has them: only the former can be abused.
    if (authorization === undefined && isCrossSite({ method: request.method, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined, origin, host }, this.ownOrigins)) {
      throw Problem.denied('cross-site-request', 'A page of another site may not do this.');
    }
    const principal = await this.authenticator.authenticate(request);
    if (principal !== null) stateOf(request).caller = principal;
    else if ((request.routeOptions.config as RouteFlags | undefined)?.public !== true) throw Problem.unauthenticated();
  }
}
