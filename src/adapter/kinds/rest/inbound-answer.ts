import type { InboundAnswer, InboundRequest, InboundTold, JsonSchema } from '../../contract.js';
import { HEADER_VALUE, map, object, oneOf, whole } from '../../setting/setting-schema.js';
import { fillTemplate, fillText, memberAt, type TemplateScope } from '../../template/body-template.js';
import { FILTERS } from '../../template/template-filter.js';
import { viewOf } from './inbound-view.js';

type Form = 'json' | 'text' | 'xml';

/** What a sender is answered whose request was taken, where it wants something else than our JSON. */
export interface RestInboundAnswer {
  readonly status?: number;
  readonly form?: Form;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly wait?: { readonly seconds: number; readonly status?: number; readonly body?: unknown };
}

/** Headers of the answer are the sender's business; those that browsers or proxies act upon are not. */
const OWN_HEADER = '^(?:[Xx]|[Ww]eb[Hh]ook)-[\\w-]{1,80}$';
const TYPES = { json: 'application/json', text: 'text/plain; charset=utf-8', xml: 'application/xml; charset=utf-8' } as const;

export const INBOUND_ANSWER_SCHEMA: JsonSchema = object('Answer to the sender', {
  status: whole('Status', 'Of a request that was taken.', [200, 299], 202),
  form: oneOf('Form of the body', 'json; text and xml: a text whose values are filled in (in xml escaped).', ['json', 'text', 'xml'], 'json'),
  headers: map('Headers', 'X-… and WebHook-… alone; {{messageId}} is filled in.', { type: 'string', maxLength: 1_024, pattern: HEADER_VALUE }, { pattern: OWN_HEADER }),
  body: { 'x-template': true, 'x-label': 'Body', 'x-help': 'Reads {{messageId}}, {{replayed}} and, of the request, {{event.x}}; none without it.' },
  wait: object('Wait for the outcome', {
    seconds: whole('Seconds', 'At most; less than the sender itself waits.', [1, 25]),
    status: whole('Status', 'Of an answer that tells the outcome, also a bad one.', [200, 299], 200),
    body: { 'x-template': true, 'x-label': 'Body', 'x-help': 'Reads besides {{outcome}} (done, failed, held, none: no rule sent anything), {{ticketId}}, {{endpoint}} and {{error}} of the first delivery, and the list deliveries. Without it messageId, outcome, ticketId, endpoint and error.' },
  }, ['seconds'], 'For senders that want to know at once which ticket was made of it. What is not known in time is told as above, and goes on.'),
}, [], 'Instead of 202 and { "messageId" }, for senders that expect something else; sent once the request is stored. What is refused is told as ever.');

export const waitMs = (setting: RestInboundAnswer | undefined): number => (setting?.wait?.seconds ?? 0) * 1_000;

type Accepted = Extract<InboundTold, { kind: 'accepted' }>;

/** What the sender of a request is told by these settings; null where that is the usual. */
export function inboundAnswer(setting: RestInboundAnswer | undefined, told: InboundTold, request: InboundRequest): InboundAnswer | null {
  if (setting === undefined || told.kind === 'refused') return null;
  const { wait, status = 202, form = 'json', headers = {}, body } = setting;
  const scope = scopeOf(told, request);
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fillText(value, scope).replace(/[^\t\x20-\x7e\x80-\xff]+/g, ' ').slice(0, 1_024)]));
  if (told.settled !== undefined) {
    const { status: known = 200, body: outcome } = wait ?? {};
    return { status: known, ...(outcome === undefined ? { contentType: TYPES.json, body: JSON.stringify(outcomeOf(told)) } : { contentType: TYPES[form], body: known === 204 ? '' : written(form, outcome, scope) }), headers: own };
  }
  // Settings that only wait leave the rest as it is.
  if (wait !== undefined && Object.keys(setting).length === 1) return null;
  return { status, contentType: TYPES[form], body: status === 204 || body === undefined ? '' : written(form, body, scope), headers: own };
}

function outcomeOf({ messageId, settled }: Accepted): Readonly<Record<string, unknown>> {
  const first = settled?.deliveries[0];
  return settled === undefined ? { messageId } : { messageId, outcome: settled.outcome, ticketId: first?.ticketId ?? null, endpoint: first?.endpoint ?? null, error: first?.error ?? null };
}

function scopeOf(told: Accepted, request: InboundRequest): TemplateScope {
  const { document } = viewOf(request);
  const values = { ...outcomeOf(told), deliveries: told.settled?.deliveries, replayed: told.replayed, event: document.ok ? document.value : undefined };
  return { read: (name) => memberAt(values, name), document: () => values };
}

function written(form: Form, body: unknown, scope: TemplateScope): string {
  if (form === 'json') return JSON.stringify(fillTemplate(body, scope) ?? null);
  return fillText(String(body), scope, form === 'xml' ? (value) => String(FILTERS['xml']!.apply(value, [])) : undefined);
}
