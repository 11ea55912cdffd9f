import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../store/database.js';
import { problemOf } from '../web/index.js';
import { apiRoutes, type Workshop } from './api-routes.js';
import { HookSender } from './hook-sender.service.js';
import { PAGE_POLICY, pageRoutes } from './page-routes.js';
import { html } from './page/html.js';
import { SCRIPT } from './page/script.js';
import { STYLE } from './page/style.js';
import { Refusal } from './refusal.js';
import { SandboxDirectory } from './sandbox-directory.service.js';
import { SandboxService } from './sandbox.service.js';

/** Puts the tools under `/sandbox/{name}`: systems of their own, with their own words for errors. */
@Injectable()
export class SandboxRoutes implements OnModuleInit {
  private readonly shop: Workshop;

  constructor(private readonly http: HttpAdapterHost, database: Database, directory: SandboxDirectory, sandboxes: SandboxService, hooks: HookSender) {
    this.shop = { database, directory, sandboxes, hooks, logger: new Logger('Sandbox') };
  }

  onModuleInit(): void {
    const fastify = this.http.httpAdapter?.getInstance<FastifyInstance | undefined>();
    // Not awaited: that would start Fastify before Nest has told it how errors are answered.
    void fastify?.register((scope, _options, ready) => {
      scope.get('/-/tool.css', { config: { public: true } }, (_request, reply) => sendAsset(reply, 'text/css', STYLE));
      scope.get('/-/tool.js', { config: { public: true } }, (_request, reply) => sendAsset(reply, 'text/javascript', SCRIPT));
      void scope.register((tools, _none, done) => {
        tools.setErrorHandler((error, request, reply) => this.refuse(error, request, reply));
        apiRoutes(tools, this.shop);
        pageRoutes(tools, this.shop);
        done();
      }, { prefix: '/:sandbox' });
      ready();
    }, { prefix: '/sandbox' });
  }

  /** Errors as this tool tells them: JSON to programs, a page to people. */
  private refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const refusal = this.refusalOf(error, request);
    void reply.code(refusal.status);
    if (wantsPage(request)) {
      const { sandbox } = request.params as { readonly sandbox: string };
      void reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(errorPage(sandbox, refusal.message));
    } else {
      if (refusal.status === 401) void reply.header('www-authenticate', 'Basic realm="sandbox", charset="UTF-8"');
      void reply.type('application/json; charset=utf-8').send(JSON.stringify(refusal.document()));
    }
  }

  private refusalOf(error: unknown, request: FastifyRequest): Refusal {
    if (error instanceof Refusal) return error;
    const problem = problemOf(error);
    if (problem !== undefined) return new Refusal(problem.status === 413 ? 'TOO_LARGE' : problem.status === 404 ? 'NOT_FOUND' : problem.status >= 500 ? 'BROKEN' : 'INVALID', problem.detail, [], problem.status);
    this.shop.logger.error({ message: 'a sandbox request failed', requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], err: error });
    return new Refusal('BROKEN', 'Something went wrong in this tool.');
  }
}

const wantsPage = (request: FastifyRequest): boolean =>
  !/^\/sandbox\/[^/]+\/api(?:[/?]|$)/.test(request.url) && (request.headers.accept ?? '').includes('text/html');

const errorPage = (sandbox: string, message: string): string => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>That did not work</title><link rel="stylesheet" href="/sandbox/-/tool.css"></head>
<body><main><div class="card narrow-card"><h1>That did not work</h1><p>${message}</p><p><a class="button" href="/sandbox/${encodeURIComponent(sandbox)}">To the tickets</a></p></div></main></body></html>`.text;

const sendAsset = (reply: FastifyReply, type: string, text: string): FastifyReply =>
  reply.header('cache-control', 'public, max-age=300').type(`${type}; charset=utf-8`).send(text);
