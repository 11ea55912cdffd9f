import { fillTemplate, fillText, memberAt, type TemplateScope } from '../../template/body-template.js';
import type { ConnectedEndpoint, PollContext, RenderedRequest } from '../../contract.js';
import type { CompiledEndpoint } from './compiled.js';
import { askPage } from './paging.js';
import { fillPath, parsePathTemplate } from './path-template.js';
import { printInstant, type ListCursor } from '../../place/list-cursor.js';
import type { RestPoll } from './poll-settings.js';
import { writeAsked } from './request-body.js';

const DEFAULT_OVERLAP_S = 60;

/** One page of a list that is polled. */
export interface Polling {
  readonly endpoint: ConnectedEndpoint;
  readonly connected: CompiledEndpoint;
  readonly entityType: string;
  readonly poll: RestPoll;
  readonly cursor: ListCursor;
  readonly context: PollContext;
}

/** The instant from which a list with times is asked for, in milliseconds; null where it has none. */
export function lookedBackTo({ poll: { cursor: kind }, cursor }: Polling): number | null {
  if (kind?.type !== 'timestamp' || cursor.position === null) return null;
  return Date.parse(cursor.position) - (kind.overlapSeconds ?? DEFAULT_OVERLAP_S) * 1_000;
}

/** What templates of a poll may read; `more`: what is in hand besides. */
function scopeOf(polling: Polling, more: Readonly<Record<string, unknown>> = {}): TemplateScope {
  const { connected: { settings: { variables = {}, secrets = {} } }, cursor, entityType, context, poll: { cursor: kind } } = polling;
  const backTo = lookedBackTo(polling);
  const position = kind?.type === 'timestamp' && backTo !== null ? printInstant(backTo, kind) : (cursor.position ?? undefined);
  const known = { cursor: position, page: cursor.page ?? undefined, now: new Date(context.nowMs).toISOString(), entityType, variables, ...more };
  return { read: (name) => memberAt({ ...known, secrets }, name), document: () => known };
}

const headersOf = ({ connected, poll }: Polling, scope: TemplateScope): Readonly<Record<string, string>> =>
  ({ ...connected.headers, ...Object.fromEntries(Object.entries(poll.headers ?? {}).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)])) });

/** The address of a request; a sentence where its path cannot be filled. */
function addressOf(connected: CompiledEndpoint, { path, query = {} }: Pick<RestPoll, 'path' | 'query'>, scope: TemplateScope): URL | string {
  const filled = fillPath(parsePathTemplate(path), scope.read);
  if (!filled.ok) return filled.error.message;
  const url = new URL(connected.baseUrl + filled.value);
  for (const [name, value] of connected.query) url.searchParams.append(name, value);
  for (const [name, template] of Object.entries(query)) {
    const value = fillTemplate(template, scope);
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, (typeof value === 'object' ? JSON.stringify(value) : String(value)).toWellFormed());
  }
  return url;
}

/** The request for a page; a sentence where there can be none. */
export function requestOf(polling: Polling): RenderedRequest | string {
  const { connected, poll: setting, cursor } = polling;
  const scope = scopeOf(polling);
  const headers = headersOf(polling, scope);
  const asked = askPage(setting.paging ?? { type: 'none' }, cursor.page);
  const position = cursor.position ?? '';
  const isAddress = setting.cursor?.type === 'token' && cursor.page === null && /^https?:/.test(position);
  if ('address' in asked || isAddress) return followed(connected, 'address' in asked ? asked.address : position, headers);
  const url = addressOf(connected, setting, scope);
  if (typeof url === 'string') return url;
  for (const [name, value] of Object.entries(asked.parameters)) url.searchParams.set(name, value);
  const written = writeAsked(setting, scope);
  return { method: setting.method ?? 'GET', url: url.href, headers: { ...(written === null ? {} : { 'content-type': written.contentType }), ...headers }, body: written?.body ?? null };
}

/** The request for the parts of an item. */
export function partsRequestOf(polling: Polling, item: unknown): RenderedRequest | string {
  const scope = scopeOf(polling, { item });
  const parts = polling.poll.parts!;
  const url = addressOf(polling.connected, parts, scope);
  const written = writeAsked(parts, scope);
  return typeof url === 'string' ? url : { method: parts.method ?? 'GET', url: url.href, headers: { ...(written === null ? {} : { 'content-type': written.contentType }), ...headersOf(polling, scope) }, body: written?.body ?? null };
}

/** An address that an answer gave; our credentials go nowhere else than to the system that they are for. */
function followed(connected: CompiledEndpoint, address: string, headers: Readonly<Record<string, string>>): RenderedRequest | string {
  const url = URL.canParse(address, `${connected.baseUrl}/`) ? new URL(address, `${connected.baseUrl}/`) : null;
  if (url === null || url.origin !== new URL(connected.baseUrl).origin) return 'The next page is said to be at another host; it is not asked there.';
  for (const [name, value] of connected.query) url.searchParams.set(name, value);
  return { method: 'GET', url: url.href, headers, body: null };
}
