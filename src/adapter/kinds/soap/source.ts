import { createHash } from 'node:crypto';
import { XMLSerializer, type Element } from '@xmldom/xmldom';
import { sameName } from '../../../core/message/fold.js';
import type { JudgedAnswer } from '../../answer/answer-rules.js';
import type { ConnectedEndpoint, FetchedItem, PollContext, PollResult, Source } from '../../contract.js';
import { begun, beginsNow, newestOf, positionAfter, printInstant, readCursor, type ListCursor } from '../../place/list-cursor.js';
import { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceSetting } from '../../place/place.js';
import { xmlToJson } from '../../place/xml-document.js';
import { restingUntil, restsUntil, timesOf } from '../../setting/poll-times.js';
import { memberAt, type TemplateScope } from '../../template/body-template.js';
import { withNamespaces } from './answer.js';
import { call, wayOf, type Way } from './call.js';
import { compile, type CompiledEndpoint, type CompiledPoll } from './compiled.js';
import { alone, elementsOf, readEnvelope } from './envelope-reader.js';
import { ENVELOPE } from './names.js';
import { soapEntityType, type SoapPoll } from './settings.js';

const DEFAULT_OVERLAP_S = 60;
const MOST_PAGES = 100;
/** Items that are remembered of a list without cursor. */
const MOST_KNOWN = 20_000;

/** Fetches lists by a call; each of their elements is handed on as an envelope that carries it alone, so that one mapping reads what is fetched and what is sent to us. */
export const source: Source = {
  channels: (endpoint) => endpoint.entityTypes.flatMap((one) => {
    const { poll: setting } = soapEntityType(one);
    return setting === undefined ? [] : [{ name: one.name, ...timesOf(setting) }];
  }),
  poll,
};

/** One page of a list that is polled. */
interface Polling {
  readonly way: Way;
  readonly connected: CompiledEndpoint;
  readonly entityType: string;
  readonly poll: CompiledPoll;
  readonly cursor: ListCursor;
  readonly context: PollContext;
}

async function poll(endpoint: ConnectedEndpoint, channel: string, given: unknown, context: PollContext): Promise<PollResult> {
  const entityType = endpoint.entityTypes.find((one) => sameName(one.name, channel));
  const connected = compile(endpoint);
  const compiled = entityType === undefined ? null : (connected.entityType(entityType.name)?.poll ?? null);
  if (entityType === undefined || compiled === null) return { kind: 'failed', error: `The entity type ${channel} is not polled.` };
  const { setting } = compiled;
  const left = readCursor(given, fingerprint(setting));
  const cursor = begun(left, setting.cursor, context.nowMs);
  // What happens from now on is news, also where the system cannot be asked yet: the beginning is kept before anything is asked.
  if (left.position === null && beginsNow(setting.cursor)) return { kind: 'fetched', items: [], cursor, more: true };
  const rests = restsUntil(setting, context.nowMs);
  if (rests !== null) return restingUntil(rests, cursor);
  return page({ way: wayOf(endpoint, context.http, context.signal), connected, entityType: entityType.name, poll: compiled, cursor, context });
}

/** What the cursor's meaning depends on. */
const fingerprint = ({ path, action, body, list, cursor, pageSize, next }: SoapPoll): string =>
  createHash('sha256').update(JSON.stringify([path, action, body, list, cursor, pageSize, next])).digest('hex').slice(0, 16);

/** What the templates of a poll may read. */
function scopeOf({ connected: { settings: { variables = {}, secrets = {} } }, poll: { setting }, cursor, context }: Polling): TemplateScope {
  const { cursor: kind, pageSize } = setting;
  const position = kind?.type === 'timestamp' && cursor.position !== null ? printInstant(Date.parse(cursor.position) - (kind.overlapSeconds ?? DEFAULT_OVERLAP_S) * 1_000, kind) : (cursor.position ?? undefined);
  const first = cursor.pages * (pageSize ?? 0);
  const window = pageSize === undefined ? {} : { first, last: first + pageSize, size: pageSize, number: cursor.pages + 1 };
  const known = { cursor: position, page: cursor.page ?? undefined, now: new Date(context.nowMs).toISOString(), variables, ...window };
  return { read: (name) => memberAt({ ...known, secrets }, name), document: () => known };
}

async function page(polling: Polling): Promise<PollResult> {
  const { way, connected, poll: { request, elements } } = polling;
  if (!elements.ok) return { kind: 'failed', error: `The list of a poll ${elements.error}.` };
  const judged = await call(way, { ...request, isIdempotent: true }, { scope: scopeOf(polling), key: null, files: [] });
  const { result, view } = judged;
  if (result.outcome !== 'success' || view === null) return { kind: result.outcome === 'credentials' && result.httpStatus !== 403 ? 'credentials' : 'failed', error: result.error ?? 'The poll did not work.', retryAfterMs: result.retryAfterMs };
  const document = view.xml;
  if (document === null) return { kind: 'failed', error: 'The answer carries no XML where a list is expected.' };
  return fetched(polling, judged, elements.value(document).map((element) => itemOf(element, connected.version)));
}

/** One element of a list, as an envelope of its own. */
interface Item {
  readonly body: Buffer;
  readonly view: MessageView;
  readonly document: unknown;
}

function itemOf(element: Element, version: CompiledEndpoint['version']): Item {
  const xml = new XMLSerializer().serializeToString(alone(element)!.documentElement!);
  const body = Buffer.from(`<soap:Envelope xmlns:soap="${ENVELOPE[version]}"><soap:Body>${xml}</soap:Body></soap:Envelope>`);
  const received = { body, contentType: CONTENT_TYPE, headers: {}, status: null, query: '' };
  const read = readEnvelope(received);
  const content = read.ok ? elementsOf(read.value.body)[0] : undefined;
  return { body, view: new MessageView(received), document: content === undefined ? undefined : Object.values(xmlToJson(alone(content)!))[0] };
}

const CONTENT_TYPE = 'text/xml; charset=utf-8';

function fetched(polling: Polling, { view, document }: JudgedAnswer, all: readonly Item[]): PollResult {
  const { poll: { setting }, connected, entityType, cursor, context } = polling;
  const { cursor: kind, next, pageSize, maxPages = MOST_PAGES } = setting;
  const at = (place: PlaceSetting, item: Item): unknown => compilePlace(withNamespaces(place, connected.namespaces))(item.view, item.document);
  const ofAnswer = (place: PlaceSetting): unknown => compilePlace(withNamespaces(place, connected.namespaces))(view!, document);
  const isWhole = kind === undefined || kind.type === 'none';
  const known = new Set(cursor.known ?? []);
  const seen: string[] = [...(cursor.seen ?? [])];
  const run = cursor.run ?? 0;
  const items: FetchedItem[] = [];
  let { newest } = cursor;
  for (const item of all) {
    newest = newestOf(kind, newest, (place) => at(place, item));
    const version = digest(setting.version === undefined ? item.body : JSON.stringify(setting.version.map((place) => at(place, item) ?? null)));
    if (isWhole) seen.push(version);
    // A list without cursor may bring a state back that was there before: only within one run it is the same.
    if (!isWhole || !known.has(version)) items.push({ entityType, body: item.body, contentType: CONTENT_TYPE, repeatKey: isWhole ? `${run}:${version}` : version });
  }
  const token = next === undefined ? null : asWord(ofAnswer(next));
  const isEnd = next === undefined ? pageSize === undefined || all.length < pageSize : token === null;
  const pages = cursor.pages + 1;
  const position = isEnd ? positionAfter(kind, cursor, { newest, read: ofAnswer, answeredMs: context.nowMs }) : cursor.position;
  const whole = isWhole ? { known: isEnd ? seen.slice(-MOST_KNOWN) : (cursor.known ?? []), seen: isEnd ? [] : seen.slice(-MOST_KNOWN), run: isEnd ? run + 1 : run } : {};
  return { kind: 'fetched', items, more: !isEnd && pages % maxPages !== 0, cursor: { settings: cursor.settings, position, page: isEnd ? null : token, newest: isEnd ? null : newest, pages: isEnd ? 0 : pages, ...whole } satisfies ListCursor };
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('base64url').slice(0, 27);
