import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.js';
import { installBodyParser } from './body.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem.filter.js';
import { Problem } from './problem.js';
import { rewriteOrganizationPath } from './request-state.js';
import { installSecurityHeaders } from './security-headers.js';

const READ_AWAY_MS = 2_000;
/** What a process tells that serves nothing else: orchestrators and Prometheus ask every process. */
const WORKER_PATHS: readonly string[] = ['/healthz', '/readyz', '/metrics'];
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** Makes the HTTP server: limits, request ids, one body parser, security headers, organization paths. */
export function webAdapter(settings: Settings, log: Logger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.maxBody,
    // A client that sends slowly holds a connection, not a worker: but not for ever.
    requestTimeout: 120_000,
    keepAliveTimeout: 72_000, // longer than the 60 s that reverse proxies keep idle connections
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    trustProxy: settings.trustProxy === undefined ? false : settings.trustProxy.split(',').map((one) => one.trim()),
    rewriteUrl: rewriteOrganizationPath,
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => sendProblem(reply, problemOf(error) ?? new Problem(400, 'bad-request', 'The request cannot be routed.')),
    genReqId: (raw: IncomingMessage) => requestId(raw),
  });
  const fastify = adapter.getInstance();
  if (settings.role === 'worker') {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (WORKER_PATHS.includes(request.url.split('?', 1)[0] ?? '')) done();
      else sendProblem(reply, new Problem(421, 'not-served-here', 'This process only works (PARLEY_ROLE=worker): it tells its health and its metrics; ask one that serves the web.'));
    });
  }
  installBodyParser(fastify);
  installSecurityHeaders(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    // No name in here has a NUL character, and PostgreSQL takes none.
    if (/%00/.test(request.url)) sendProblem(reply, new Problem(400, 'bad-url', 'The address holds a NUL character.'));
    else done();
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode === 413 && !request.raw.complete) readAway(request.raw, () => done(null, payload));
    else done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (log.isLevelEnabled('debug')) {
      log.debug({ requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
    }
    done();
  });
  return adapter;
}

/** A sender that is still writing would lose the answer to a reset: what is left of its body is read and thrown away, for a moment. */
function readAway(body: IncomingMessage, then: () => void): void {
  const go = (): void => {
    clearTimeout(timer);
    body.off('end', go).off('close', go);
    then();
  };
  const timer = setTimeout(go, READ_AWAY_MS);
  body.once('end', go).once('close', go).resume();
}

function requestId(raw: IncomingMessage): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
