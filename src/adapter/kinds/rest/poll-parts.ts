import { judge, TICKET_GONE } from '../../answer/answer-rules.js';
import type { PollResult } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import type { MessageView } from '../../place/message-view.js';
import { compilePlace, type PlaceSetting } from '../../place/place.js';
import type { AuthorizedHttp } from './authorized.js';
import { readInstant } from '../../place/list-cursor.js';
import { lookedBackTo, partsRequestOf, type Polling } from './poll-request.js';
import type { RestParts } from './poll-settings.js';

type Failed = PollResult & { readonly kind: 'failed' | 'credentials' };

/** An item of a page, as it is by now, and what it is handed on as. */
export interface Handed {
  readonly item: unknown;
  readonly bodies: readonly unknown[];
}

/**
 * What each item of a page is handed on as: itself, or, where its parts (comments, journals, files) stand elsewhere, `{ item }` for a new one
 * and `{ item, part }` for each part that is as new as the poll looks back. One part that is old is no news, however often its item changes.
 */
export async function withParts(polling: Polling, items: readonly unknown[], http: AuthorizedHttp): Promise<readonly Handed[] | Failed> {
  const { parts } = polling.poll;
  if (parts === undefined) return items.map((item) => ({ item, bodies: [item] }));
  const all: Handed[] = [];
  for (const item of items) {
    const found = await partsOf(polling, parts, item, http);
    if ('kind' in found) return found;
    const isNew = newSince(polling, found.view);
    all.push({ item: found.item, bodies: [...(isNew(parts.made, found.item) ? [{ item: found.item }] : []), ...found.parts.filter((part) => isNew(parts.time, part)).map((part) => ({ item: found.item, part }))] });
  }
  return all;
}

interface Found {
  readonly item: unknown;
  readonly parts: readonly unknown[];
  readonly view: MessageView;
}

async function partsOf(polling: Polling, { list, item: place }: RestParts, item: unknown, http: AuthorizedHttp): Promise<Found | Failed> {
  const { connected, endpoint, context } = polling;
  const request = partsRequestOf(polling, item);
  if (typeof request === 'string') return { kind: 'failed', error: request };
  const outcome = await http.call(request, deliverySettings(endpoint.settings).limits, context.signal);
  const { result, view, document } = judge(outcome, connected.check, { isIdempotent: true, secrets: http.secrets(), nowMs: Date.now() });
  // It was removed, or hidden from us, since it was listed.
  if (view !== null && (result.httpStatus === 404 || result.httpStatus === 410 || result.answer[TICKET_GONE] === true)) return { item, parts: [], view };
  if (view === null || result.outcome !== 'success') return { kind: result.outcome === 'credentials' && result.httpStatus !== 403 ? 'credentials' : 'failed', error: `The parts of an item could not be read: ${result.error ?? ''}`, retryAfterMs: result.retryAfterMs };
  const found = compilePlace(list)(view, document);
  return Array.isArray(found) ? { item: (place === undefined ? undefined : compilePlace(place)(view, document)) ?? item, parts: found as unknown[], view } : { kind: 'failed', error: 'The answer has no list of parts where one is expected.' };
}

/** Tells whether something is as new as the poll looks back; what says no time is. */
function newSince(polling: Polling, view: MessageView): (place: PlaceSetting | undefined, of: unknown) => boolean {
  const { cursor } = polling.poll;
  const since = lookedBackTo(polling);
  if (since === null || cursor?.type !== 'timestamp') return () => true;
  return (place, of) => {
    const at = place === undefined ? null : readInstant(compilePlace(place)(view, of), cursor);
    return at === null || at >= since;
  };
}
