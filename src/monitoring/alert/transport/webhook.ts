import { createHmac } from 'node:crypto';
import { hostOf, urlProblems, type AlertTransport } from './transport.js';

const LEAST_SECRET = 16;

/** `whsec_` announces base64, anything else is taken as it is. */
const keyOf = (secret: string): Buffer => (secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret));

/** Any program: JSON, signed as Standard Webhooks has it (`v1,` and HMAC-SHA-256 over `id.timestamp.body`). */
export const webhook: AlertTransport = {
  kind: 'webhook',
  needsVerification: false,
  problems: (target) => [
    ...urlProblems(target),
    ...(keyOf(target.secret ?? '').length >= LEAST_SECRET ? [] : [{ member: 'secret' as const, detail: `must have ${LEAST_SECRET} bytes or more` }]),
  ],
  shown: ({ url }) => hostOf(url),
  compose: ({ id, change, alert, title, advice, link }, { url = '', secret = '' }, nowMs) => {
    const body = JSON.stringify({
      type: `alert.${change.toLowerCase()}`, timestamp: (change === 'RESOLVED' ? alert.resolvedAt ?? alert.raisedAt : alert.raisedAt).toISOString(),
      data: { id: alert.id, kind: alert.kind, title, subject: alert.subject, detail: alert.detail, count: alert.count, since: alert.since.toISOString(), advice, link },
    });
    const timestamp = String(Math.floor(nowMs / 1_000));
    const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return { post: { url, body, headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` } } };
  },
};
