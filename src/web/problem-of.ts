import { HttpException } from '@nestjs/common';
import { Problem } from './problem.js';

/** PostgreSQL and socket codes that say the store is away or overloaded, not that the statement was wrong. */
const STORE_AWAY = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EPIPE|08...|57P0.|53...)$/;
const STORE_AWAY_SENTENCE = /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout/i;

const FASTIFY_CODES: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'The body is larger than this server accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'The content type is missing or cannot be read here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'wrong-content-length', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: [400, 'bad-url', 'The address is not well-formed.'],
};

/** Finds the problem behind anything thrown; undefined when it is a fault of ours. */
export function problemOf(thrown: unknown): Problem | undefined {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) return ofHttpException(thrown);
  if (!(thrown instanceof Error)) return undefined;
  const code = codeOf(thrown);
  const known = FASTIFY_CODES[code];
  if (known !== undefined) return new Problem(...known);
  if (STORE_AWAY.test(code) || STORE_AWAY_SENTENCE.test(thrown.message)) {
    return new Problem(503, 'store-down', 'The database does not answer; try again shortly.', { headers: { 'retry-after': '2' }, cause: thrown });
  }
  return undefined;
}

/** Whether an error says that a unique constraint refused the write (PostgreSQL 23505). */
export const isUniqueViolation = (error: unknown): boolean => error instanceof Error && codeOf(error) === '23505';

function codeOf(error: Error): string {
  const own = (error as { code?: unknown }).code;
  if (typeof own === 'string') return own;
  const driver = (error as { driverError?: { code?: unknown } }).driverError?.code;
  return typeof driver === 'string' ? driver : '';
}

function ofHttpException(thrown: HttpException): Problem | undefined {
  const known = thrown.cause instanceof Error ? FASTIFY_CODES[codeOf(thrown.cause)] : undefined;
  if (known !== undefined) return new Problem(...known);
  const status = thrown.getStatus();
  if (status >= 500) return undefined;
  if (status === 404) return new Problem(404, 'not-found', 'There is nothing at this address.');
  return new Problem(status, `http-${status}`, thrown.message);
}
