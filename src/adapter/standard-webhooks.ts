import { createHmac, timingSafeEqual } from 'node:crypto';
import { failure, type Failure } from '../core/message/failure.js';
import { err, ok, type Result } from '../core/message/result.js';
import type { InboundRequest } from './contract.js';

/** Clocks of sender and receiver may differ by this much. */
const TOLERANCE_MS = 300_000;

/**
 * Checks a webhook signed as Standard Webhooks has it: HMAC-SHA-256 over `id.timestamp.body` with the bytes as received,
 * `v1,` and base64; several signatures, separated by spaces, while a secret is being changed. `nowMs`: this machine's clock.
 */
export function verifyStandardWebhook(request: InboundRequest, secret: string, nowMs: number, toleranceMs = TOLERANCE_MS): Result<void, Failure> {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = request.headers;
  if (id === undefined || timestamp === undefined || signatures === undefined) return err(failure('denied', 'signature-missing', 'The webhook has no signature.'));
  const atMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (!(Math.abs(nowMs - atMs) <= toleranceMs)) return err(failure('denied', 'signature-too-old', `The time of the webhook's signature is more than ${Math.round(toleranceMs / 1_000)} s from now.`));
  const expected = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(request.body).digest();
  const fits = signatures.split(' ').some((one) => {
    const given = one.startsWith('v1,') ? Buffer.from(one.slice('v1,'.length), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return fits ? ok(undefined) : err(failure('denied', 'signature-wrong', 'The signature of the webhook does not fit its body.'));
}

/** `whsec_` announces base64, anything else is taken as it is. */
const keyOf = (secret: string): Buffer => (secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret));
