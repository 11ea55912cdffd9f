import type { ConnectedEndpoint, FetchedItem, PollContext, PollResult, SendResult } from '../../../contract.js';
import { sendResult } from '../../../answer/send-result.js';
import { compileMail } from '../compiled.js';
import { callGraph, graphBase } from '../send/graph.js';
import type { GraphMailbox } from '../settings.js';
import { BATCH, fetchedMail, mostBytes } from './fetched-mail.js';

/** Where the list of changes was read to: a link that Graph gave. `taken`: what the last poll took, still to be settled. */
interface GraphCursor {
  readonly link: string;
  readonly taken: readonly string[];
  /** Mails of the page at `link` that were taken already; the page is read again for the others. */
  readonly done: readonly string[];
  /** Whether the folder is still being read for the first time. */
  readonly isFirst: boolean;
}

interface Listed {
  readonly id?: string;
  readonly isRead?: boolean;
  readonly '@removed'?: unknown;
}

interface Page {
  readonly value?: readonly Listed[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

const PAGE_BYTES = 8_388_608;
const PAGE = 25;

const graphSettings = (endpoint: ConnectedEndpoint): GraphMailbox => compileMail(endpoint).settings.incoming as GraphMailbox;

/** Reads what is new in a folder by a delta query, each mail as the MIME that it is. */
export async function pollGraph(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<PollResult> {
  const settings = graphSettings(endpoint);
  const first = `${graphBase(settings)}/mailFolders/${encodeURIComponent(settings.folder ?? 'inbox')}/messages/delta?changeType=created&$select=isRead`;
  const known = readCursor(cursor, graphBase(settings));
  const answer = await get(known?.link ?? first, endpoint, context, PAGE_BYTES);
  // The state behind a link ends after a time (410): the folder is read as at the first time.
  if (answer.result.httpStatus === 410 && known !== null) return { kind: 'fetched', items: [], cursor: null, more: true, warning: 'Microsoft Graph has forgotten where the folder was read to; it was read as at the first time.' };
  if (answer.result.outcome !== 'success') return failed(answer.result);
  const page = parse(answer.body);
  if (page === null) return { kind: 'failed', error: 'Microsoft Graph answered with something that is no list.' };
  const link = page['@odata.nextLink'] ?? page['@odata.deltaLink'] ?? null;
  if (link === null || !link.startsWith(graphBase(settings))) return { kind: 'failed', error: 'Microsoft Graph names no place to go on from.' };
  return take(page, { link, at: known?.link ?? first, done: known?.done ?? [], isFirst: known?.isFirst ?? true }, endpoint, context);
}

interface Place {
  readonly link: string;
  readonly at: string;
  readonly done: readonly string[];
  readonly isFirst: boolean;
}

async function take(page: Page, place: Place, endpoint: ConnectedEndpoint, context: PollContext): Promise<PollResult> {
  const onlyUnread = place.isFirst && (graphSettings(endpoint).after ?? 'seen') === 'seen';
  const wanted = (page.value ?? []).flatMap(({ id, isRead, '@removed': removed }) => (id === undefined || removed !== undefined || place.done.includes(id) || (onlyUnread && isRead === true) ? [] : [id]));
  const items: FetchedItem[] = [];
  const taken: string[] = [];
  let bytes = 0;
  let lost = 0;
  for (const id of wanted) {
    if (items.length >= BATCH.mails || bytes >= BATCH.bytes) break;
    const mail = await get(`${graphBase(graphSettings(endpoint))}/messages/${encodeURIComponent(id)}/$value`, endpoint, context, mostBytes(endpoint));
    if (mail.result.outcome === 'rejected' || mail.isTooLarge) lost += 1; // moved or deleted meanwhile
    else if (mail.result.outcome !== 'success') return failed(mail.result);
    else items.push(fetchedMail(mail.body, endpoint));
    taken.push(id);
    bytes += mail.body.byteLength;
  }
  const isWhole = taken.length === wanted.length;
  const isFirst = place.isFirst && (!isWhole || page['@odata.nextLink'] !== undefined);
  const cursor: GraphCursor = isWhole ? { link: place.link, taken, done: [], isFirst } : { link: place.at, taken, done: [...place.done, ...taken], isFirst };
  return { kind: 'fetched', items, cursor, more: !isWhole || page['@odata.nextLink'] !== undefined, ...(lost === 0 ? {} : { warning: `${lost} mails could not be fetched: gone meanwhile, or too large.` }) };
}

/** Marks what was taken as read, now that it is kept. */
export async function settleGraph(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<void> {
  const settings = graphSettings(endpoint);
  const known = readCursor(cursor, graphBase(settings));
  if (known === null || (settings.after ?? 'seen') !== 'seen') return;
  for (const id of known.taken) {
    const request = { method: 'PATCH', url: `${graphBase(settings)}/messages/${encodeURIComponent(id)}`, headers: { ...HEADERS, 'content-type': 'application/json' }, body: Buffer.from('{"isRead":true}') };
    const called = await callGraph(settings, request, { endpoint, http: context.http, signal: context.signal });
    const result = 'failed' in called ? called.failed : read(called.outcome, endpoint);
    if (result.outcome !== 'success' && result.httpStatus !== 404) throw new Error(result.error ?? 'a mail could not be marked as read');
  }
}

const HEADERS = { prefer: `IdType="ImmutableId", odata.maxpagesize=${PAGE}` } as const;

interface Got {
  readonly result: SendResult;
  readonly body: Uint8Array;
  readonly isTooLarge: boolean;
}

async function get(url: string, endpoint: ConnectedEndpoint, { http, signal }: PollContext, maxAnswerBytes: number): Promise<Got> {
  const larger: typeof http = { ...http, address: (host, port) => http.address(host, port), call: (request, limits, by) => http.call(request, { ...limits, maxAnswerBytes: Math.max(limits.maxAnswerBytes, maxAnswerBytes) }, by) };
  const called = await callGraph(graphSettings(endpoint), { method: 'GET', url, headers: HEADERS, body: null }, { endpoint, http: larger, signal });
  if ('failed' in called) return { result: called.failed, body: new Uint8Array(), isTooLarge: false };
  const { outcome } = called;
  return { result: read(outcome, endpoint), body: outcome.kind === 'answered' ? outcome.body : new Uint8Array(), isTooLarge: outcome.kind === 'failed' && outcome.reason === 'answer-too-large' };
}

const read = (outcome: Parameters<typeof sendResult>[0], endpoint: ConnectedEndpoint): SendResult =>
  sendResult(outcome, { idempotent: true, secrets: compileMail(endpoint).secrets, ticketId: null, needsTicketId: false, nowMs: Date.now() });

const failed = (result: SendResult): PollResult => ({ kind: result.outcome === 'credentials' ? 'credentials' : 'failed', error: result.error ?? '', retryAfterMs: result.retryAfterMs });

function parse(body: Uint8Array): Page | null {
  try {
    const page = JSON.parse(Buffer.from(body).toString()) as Page | null;
    return typeof page === 'object' && page !== null && (page.value === undefined || Array.isArray(page.value)) ? page : null;
  } catch {
    return null;
  }
}

/** Of other settings a cursor says nothing: its link leads elsewhere. */
function readCursor(cursor: unknown, base: string): GraphCursor | null {
  const given = cursor as Partial<GraphCursor> | null;
  if (typeof given !== 'object' || given === null || typeof given.link !== 'string' || !given.link.startsWith(`${base}/`)) return null;
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []);
  return { link: given.link, taken: texts(given.taken), done: texts(given.done), isFirst: given.isFirst === true };
}
