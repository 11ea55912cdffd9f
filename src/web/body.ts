import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readJsonBody } from './json-body.js';
import { Problem } from './problem.js';
import type { RouteFlags } from './route-flags.js';

const INBOUND = '/api/v1/inbound/';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/i;

/**
 * One parser for all bodies: inbound addresses and `@RawBody()` routes get the bytes, whatever their type;
 * every other route reads strict JSON. Replaces Fastify's own parsers.
 */
export function installBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      refuseCompressed(request);
      done(null, wantsBytes(request) ? bytes : readAdministrative(request, bytes as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** Nobody unpacks bodies here: one that came compressed would only be told to be broken. */
function refuseCompressed(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw new Problem(415, 'unsupported-encoding', `Send the body as it is: the content encoding ${encoding.slice(0, 40)} is not read here.`);
}

const wantsBytes = (request: FastifyRequest): boolean =>
  request.url.startsWith(INBOUND) || (request.routeOptions.config as RouteFlags).rawBody === true || request.is404;

function readAdministrative(request: FastifyRequest, bytes: Buffer): unknown {
  const type = request.headers['content-type'] ?? '';
  if (!JSON_TYPE.test(type) || OTHER_CHARSET.test(type)) {
    throw new Problem(415, 'unsupported-media-type', 'Send the body as application/json in UTF-8.');
  }
  return readJsonBody(bytes);
}
