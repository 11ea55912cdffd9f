import { hash } from 'node:crypto';
import type { InboundRequest } from '../../contract.js';

/**
 * Headers in which well-known senders tell their own id of a delivery, the same when they send it again. Never one that names the
 * webhook (X-GitHub-Hook-Id, X-Zendesk-Webhook-Id, X-Webhook-Id of many), nor GitLab's X-Gitlab-Event-UUID, which two events of one act share.
 */
const DELIVERY_ID_HEADERS = ['x-github-delivery', 'x-atlassian-webhook-identifier', 'x-zammad-delivery', 'x-zendesk-webhook-invocation-id'];

/** What a repeat of a webhook has in common with the first; null where the sender says nothing of it. Other bytes are another message: an id that is not what we take it for must not swallow any. */
export function repeatKey({ headers, body }: InboundRequest): string | null {
  const name = DELIVERY_ID_HEADERS.find((one) => (headers[one] ?? '').trim() !== '');
  return name === undefined ? null : hash('sha256', Buffer.concat([Buffer.from(`${name} ${headers[name]!}\0`), body]));
}
