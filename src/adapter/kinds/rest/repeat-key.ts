import { hash } from 'node:crypto';
import type { ConnectedEndpoint, InboundRequest, JsonSchema, RepeatKey } from '../../contract.js';
import { object, text, whole } from '../../setting/setting-schema.js';
import { fillText, memberAt, type Inserted } from '../../template/body-template.js';
import { viewOf } from './inbound-view.js';
import { restSettings } from './settings.js';

/** What an endpoint's own settings call a repeat. */
export interface RestRepeats {
  readonly key: string;
  readonly seconds?: number;
}

/** Keys are kept as long. */
const WEEK_SECONDS = 604_800;

export const REPEATS_SCHEMA: JsonSchema = object('Repeats', {
  key: text('Key', 'What a request has in common with its repeats: {{headers.x-event-id}}, {{event.groupKey}}:{{event.status}}, {{query.id}}, {{body | sha256}}. One of which nothing is there has no repeats.', { maxLength: 1_024, 'x-template': true }),
  seconds: whole('For', 'Seconds after which the same is new again: longer than the sender tries.', [1, WEEK_SECONDS], WEEK_SECONDS),
}, ['key'], 'Which requests are repeats, whatever else they hold: answered like the first, and brought no further. Instead of Idempotency-Key, webhook-id and the headers of known senders.');

/**
 * Headers in which well-known senders tell their own id of a delivery, the same when they send it again. Never one that names the
 * webhook (X-GitHub-Hook-Id, X-Zendesk-Webhook-Id, X-Webhook-Id of many), nor GitLab's X-Gitlab-Event-UUID, which two events of one act share.
 */
const DELIVERY_ID_HEADERS = ['x-github-delivery', 'x-atlassian-webhook-identifier', 'x-zammad-delivery', 'x-zendesk-webhook-invocation-id'];

/** What a request has in common with its repeats, by the settings or by what is known of senders; null where nothing says so. */
export function repeatKey(request: InboundRequest, endpoint: Pick<ConnectedEndpoint, 'settings'>): RepeatKey | string | null {
  const { repeats } = restSettings(endpoint);
  return repeats === undefined ? keyOfSender(request) : chosenKey(request, repeats);
}

/** What a repeat of a webhook has in common with the first; null where the sender says nothing of it. Other bytes are another message: an id that is not what we take it for must not swallow any. */
function keyOfSender({ headers, body }: InboundRequest): string | null {
  const name = DELIVERY_ID_HEADERS.find((one) => (headers[one] ?? '').trim() !== '');
  return name === undefined ? null : hash('sha256', Buffer.concat([Buffer.from(`${name} ${headers[name]!}\0`), body]));
}

function chosenKey(request: InboundRequest, { key, seconds = WEEK_SECONDS }: RestRepeats): RepeatKey | null {
  const { document } = viewOf(request);
  const values = {
    headers: request.headers, query: Object.fromEntries(new URLSearchParams(request.query)), body: Buffer.from(request.body).toString(), event: document.ok ? document.value : undefined,
  };
  let isThere = false;
  const read = (name: string): Inserted | undefined => {
    const value = memberAt(values, name);
    isThere ||= value !== undefined && value !== null && value !== '';
    return value;
  };
  const filled = fillText(key, { read, document: () => values });
  return isThere ? { key: hash('sha256', `${request.entityType}\0${filled}`), isEnough: true, forMs: seconds * 1_000 } : null;
}
