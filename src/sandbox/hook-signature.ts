import { createHmac } from 'node:crypto';

/** Headers of a webhook as Standard Webhooks writes them: HMAC-SHA-256 over `id.timestamp.body`, `timestampMs` fresh for each attempt. */
export function hookHeaders(id: string, body: Uint8Array, secret: string, timestampMs: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(timestampMs / 1_000));
  const signature = createHmac('sha256', hookKey(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'content-type': 'application/json', 'user-agent': 'Sandbox-ITSM', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** The key of a secret: `whsec_` announces base64, anything else is taken as it is. */
const hookKey = (secret: string): Buffer => (secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret));
