import { createHash } from 'node:crypto';
import { sameName } from '../../../core/message/fold.js';
import type { ConnectedEndpoint, FetchedItem, PollContext, PollResult, Source } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { compilePlace, type PlaceSetting } from '../../place/place.js';
import { holds } from '../../place/query.js';
import { judge, type JudgedAnswer } from '../../answer/answer-rules.js';
import { authorized } from './authorized.js';
import { compile } from './compiled.js';
import { nextPage } from './paging.js';
import { beginsNow, begun, newestOf, positionAfter, readCursor, type ListCursor } from '../../place/list-cursor.js';
import { withParts, type Handed } from './poll-parts.js';
import { lookedBackTo, requestOf, type Polling } from './poll-request.js';
import type { RestPoll } from './poll-settings.js';
import { restingUntil, restsUntil, timesOf } from '../../setting/poll-times.js';
import { NEWS_SINCE } from './recent.js';
import { restEntityType } from './settings.js';

/** Clocks differ, and some lists leave out their last minutes. */
const CLOCK_MARGIN_MS = 10 * 60_000;
/** Items that are remembered of a list without cursor. */
const MOST_KNOWN = 20_000;

export const source: Source = {
  channels: (endpoint) => endpoint.entityTypes.flatMap((one) => {
    const { poll } = restEntityType(one);
    return poll === undefined ? [] : [{ name: one.name, ...timesOf(poll) }];
  }),
  poll,
};

async function poll(endpoint: ConnectedEndpoint, channel: string, given: unknown, context: PollContext): Promise<PollResult> {
  const entityType = endpoint.entityTypes.find((one) => sameName(one.name, channel));
  const setting = entityType === undefined ? undefined : restEntityType(entityType).poll;
  if (entityType === undefined || setting === undefined) return { kind: 'failed', error: `The entity type ${channel} is not polled.` };
  const left = readCursor(given, fingerprint(setting));
  const cursor = begun(left, setting.cursor, context.nowMs);
  // What happens from now on is news, also where the system cannot be asked yet: the beginning is kept before anything is asked.
  if (left.position === null && beginsNow(setting.cursor)) return { kind: 'fetched', items: [], cursor, more: true };
  const rests = restsUntil(setting, context.nowMs);
  if (rests !== null) return restingUntil(rests, cursor);
  const polling: Polling = { endpoint, connected: compile(endpoint), entityType: entityType.name, poll: setting, cursor, context };
  const result = await page(polling);
  // A page that is not there any more (a token that has ended) is no reason to stop: the list is begun anew from the last position.
  return result === 'gone' ? ((await page({ ...polling, cursor: { ...cursor, page: null, newest: null, pages: 0, seen: [] } })) as PollResult) : result;
}

/** What the cursor's meaning depends on. */
const fingerprint = ({ path, cursor, paging }: RestPoll): string => createHash('sha256').update(JSON.stringify([path, cursor, paging])).digest('hex').slice(0, 16);

async function page(polling: Polling): Promise<PollResult | 'gone'> {
  const { endpoint, connected, poll: setting, cursor, context } = polling;
  const request = requestOf(polling);
  if (typeof request === 'string') return { kind: 'failed', error: request };
  const out = authorized(context.http, endpoint);
  const outcome = await out.call(request, deliverySettings(endpoint.settings).limits, context.signal);
  const judged = judge(outcome, connected.check, { isIdempotent: true, secrets: out.secrets(), nowMs: Date.now() });
  const { result } = judged;
  if (result.outcome !== 'success') {
    const isGone = cursor.page !== null && result.httpStatus !== null && [400, 404, 410, 416].includes(result.httpStatus);
    // Behind the last page of a list of whole pages there is none.
    if (isGone && setting.paging?.type === 'range') return fetched(polling, { ...judged, document: [] }, [], []);
    if (isGone) return 'gone';
    return { kind: result.outcome === 'credentials' && result.httpStatus !== 403 ? 'credentials' : 'failed', error: result.error ?? 'The poll did not work.', retryAfterMs: result.retryAfterMs };
  }
  const listed = setting.list === undefined ? judged.document : compilePlace(setting.list)(judged.view!, judged.document);
  // One element of XML is no list; the absence of a list is no empty one.
  const items = Array.isArray(listed) ? (listed as unknown[]) : typeof listed === 'object' && listed !== null && setting.list !== undefined ? [listed] : null;
  if (items === null) return result.httpStatus === 204 ? fetched(polling, judged, [], []) : { kind: 'failed', error: 'The answer has no list where one is expected.' };
  const found = await withParts(polling, items, out);
  return 'kind' in found ? found : fetched(polling, judged, items, found);
}

/** `handed`: what each item is handed on as. */
function fetched(polling: Polling, judged: JudgedAnswer, all: readonly unknown[], handed: readonly Handed[]): PollResult {
  const { poll: setting, cursor, entityType, context } = polling;
  const { cursor: kind, paging = { type: 'none' } } = setting;
  const view = judged.view!;
  const next = nextPage(paging, cursor.page, { view, document: judged.document, items: all });
  const isWhole = kind === undefined || kind.type === 'none';
  const known = new Set(cursor.known ?? []);
  const run = cursor.run ?? 0;
  const since = newsSinceOf(polling);
  const items: FetchedItem[] = [];
  const seen: string[] = [...(cursor.seen ?? [])];
  let { newest } = cursor;
  // A list of ids tells no times: those of the items themselves do.
  for (const [at, item] of all.entries()) newest = newestOf(kind, newest, (place) => compilePlace(place)(view, item) ?? compilePlace(place)(view, handed[at]?.item));
  for (const body of handed.flatMap(({ bodies }) => bodies)) {
    const version = versionOf(setting, view, body);
    if (isWhole) seen.push(version);
    if ((isWhole && known.has(version)) || (setting.when !== undefined && !holds(body, setting.when))) continue;
    // A list without cursor may bring a state back that was there before: only within one run it is the same.
    items.push({ entityType, body: Buffer.from(JSON.stringify(body)), contentType: 'application/json', repeatKey: isWhole ? `${run}:${version}` : version, ...(since === null ? {} : { headers: { [NEWS_SINCE]: since } }) });
  }
  const pages = cursor.pages + 1;
  const isEnd = next === null;
  const theirs = Date.parse(view.received.headers['date'] ?? '');
  const reached = { newest, read: (place: PlaceSetting) => compilePlace(place)(view, judged.document), answeredMs: Number.isNaN(theirs) ? context.nowMs : theirs };
  const position = isEnd ? positionAfter(kind, cursor, reached) : cursor.position;
  const whole = isWhole ? { known: isEnd ? seen.slice(-MOST_KNOWN) : (cursor.known ?? []), seen: isEnd ? [] : seen.slice(-MOST_KNOWN), run: isEnd ? run + 1 : run } : {};
  const isPaused = pages % (setting.maxPages ?? 100) === 0;
  const begunMs = cursor.begunMs ?? context.nowMs;
  const times = isEnd ? { endedRunMs: begunMs } : { begunMs, ...(cursor.endedRunMs === undefined ? {} : { endedRunMs: cursor.endedRunMs }) };
  return { kind: 'fetched', items, more: !isEnd && !isPaused, cursor: { settings: cursor.settings, position, page: next, newest: isEnd ? null : newest, pages: isEnd ? 0 : pages, ...times, ...whole } satisfies ListCursor };
}

/** From when on comments of what is fetched are news, for mappings that leave out old ones; null where they do not, or nobody knows. */
function newsSinceOf(polling: Polling): string | null {
  const entityType = polling.endpoint.entityTypes.find((one) => sameName(one.name, polling.entityType));
  if (entityType === undefined || restEntityType(entityType).inbound?.recent === undefined) return null;
  const { endedRunMs } = polling.cursor;
  const sinceMs = lookedBackTo(polling) ?? (endedRunMs === undefined ? null : endedRunMs - CLOCK_MARGIN_MS);
  return sinceMs === null ? null : new Date(sinceMs).toISOString();
}

/** What tells this state of this item from any other. */
function versionOf({ version }: RestPoll, view: NonNullable<JudgedAnswer['view']>, item: unknown): string {
  const text = version === undefined ? JSON.stringify(item) : JSON.stringify(version.map((place) => compilePlace(place)(view, item) ?? null));
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}
