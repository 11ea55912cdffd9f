import { elementsOf, memberAt, withItem, type TemplateScope } from '../../template/body-template.js';
import type { Completed, ConnectedEndpoint, InboundRequest, PollContext } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import type { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceSetting } from '../../place/place.js';
import { compilePredicate } from '../../answer/predicate.js';
import { holds } from '../../place/query.js';
import { judge, type JudgedAnswer } from '../../answer/answer-rules.js';
import { authorized } from './authorized.js';
import { compile, type CompiledEndpoint, type CompiledRequest } from './compiled.js';
import { mappedDocument, type Completion } from './completion.js';
import { fetchFiles, type Fetching } from './fetch-files.js';
import { mappingOf, viewOf } from './inbound-view.js';
import { lookedBack, newsSince, recentOf } from './recent.js';
import { render } from './render.js';
import { restEntityType, type RestInbound } from './settings.js';

const MOST_FILES = 100;

/** Whether requests of an endpoint may have to be completed at all. */
export const completes = (endpoint: ConnectedEndpoint): boolean =>
  endpoint.entityTypes.some((one) => restEntityType(one).inbound?.complete !== undefined || restEntityType(one).inbound?.attachments?.url !== undefined);

/** Whether a request must be completed before it can be mapped. One that cannot be read, or is not wanted, need not. */
export function lacks(request: InboundRequest, endpoint: ConnectedEndpoint): boolean {
  const mapping = mappingOf(endpoint, request.entityType);
  if (mapping === undefined || (request.completion !== undefined && request.completion !== null)) return false;
  if (mapping.complete === undefined && mapping.attachments?.url === undefined) return false;
  const view = viewOf(request);
  if (!view.document.ok || (mapping.when !== undefined && !compilePredicate(mapping.when)(view))) return false;
  const event = view.document.value;
  const scope = { event, ticketId: null, steps: {}, variables: compile(endpoint).settings.variables ?? {} };
  const isAsked = mapping.complete?.some(({ when }) => when === undefined || holds(scope, when)) === true;
  return isAsked || addressesOf(mapping, { view, document: mappedDocument(event, mapping.complete !== undefined), sinceMs: sinceOf(request, mapping) }).length > 0;
}

/** Fetches what a request leaves out: the answers of its steps, then the files that it or they name. */
export async function complete(request: InboundRequest, endpoint: ConnectedEndpoint, context: PollContext): Promise<Completed> {
  const mapping = mappingOf(endpoint, request.entityType);
  const connected = compile(endpoint);
  const view = viewOf(request);
  if (mapping === undefined || !view.document.ok) return { kind: 'failed', error: 'The request cannot be read.', isFinal: true };
  const fetching: Fetching = { endpoint, connected, context, http: authorized(context.http, endpoint) };
  const event = view.document.value;
  const answers: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  const scope = scopeOf({ event, ticketId: read(mapping.ticketId, view, event), steps: values, answers }, connected);
  for (const step of connected.entityType(request.entityType)?.complete ?? []) {
    const failed = await completeBy(step, scope, { answers, values, fetching });
    if (failed !== null) return failed;
  }
  const sinceMs = sinceOf(request, mapping);
  const files = await fetchFiles(addressesOf(mapping, { view, document: mappedDocument(event, mapping.complete !== undefined, answers), sinceMs }), fetching);
  if (!files.ok) return files.error;
  return { kind: 'completed', completion: Buffer.from(JSON.stringify({ answers, files: files.value, ...(Number.isNaN(sinceMs) ? {} : { since: sinceMs }) } satisfies Completion)) };
}

const read = (place: PlaceSetting | undefined, view: MessageView, document: unknown): string | null => (place === undefined ? null : asWord(compilePlace(place)(view, document)));

function scopeOf(values: Readonly<Record<string, unknown>>, { settings }: CompiledEndpoint): TemplateScope {
  const document = (): Readonly<Record<string, unknown>> => ({ ...values, variables: settings.variables ?? {} });
  return { read: (name) => (name.startsWith('secrets.') ? memberAt(settings.secrets, name.slice('secrets.'.length)) : memberAt(document(), name)), document };
}

interface Into {
  readonly answers: Record<string, unknown>;
  readonly values: Record<string, unknown>;
  readonly fetching: Fetching;
}

async function completeBy(step: CompiledRequest, scope: TemplateScope, { answers, values, fetching }: Into): Promise<Completed | null> {
  const { when, each } = step.request;
  if (when !== undefined && !holds(scope.document(), when)) return null;
  const scopes = each === undefined ? [scope] : elementsOf(each, scope).map((item, index) => withItem(scope, item, index));
  const all: unknown[] = [];
  for (const one of scopes) {
    const judged = await ask(step, one, fetching);
    if (judged.result.outcome !== 'success') return failedBy(judged, step.id);
    all.push(judged.document ?? judged.view?.text ?? null);
    values[step.id] = Object.fromEntries(step.extract.map(([name, from]) => [name, judged.view === null ? undefined : from(judged.view, judged.document)]));
  }
  answers[step.id] = each === undefined ? all[0] : all;
  return null;
}

async function ask(step: CompiledRequest, scope: TemplateScope, { endpoint, connected, context, http }: Fetching): Promise<JudgedAnswer> {
  const request = render(connected, step, scope, { key: null, boundary: 'parley', files: [], fallback: () => undefined });
  if (!request.ok) return { result: { outcome: 'rejected', httpStatus: null, ticketId: null, answer: {}, error: request.error.message, retryAfterMs: null, endpointFault: false, body: null }, view: null, document: undefined, isDuplicate: false };
  const outcome = await http.call(request.value, deliverySettings(endpoint.settings).limits, context.signal);
  return judge(outcome, step.answer, { isIdempotent: true, secrets: http.secrets(), nowMs: Date.now() });
}

/** A ticket that is refused will not come later; everything else may. */
const failedBy = ({ result }: JudgedAnswer, step: string): Completed =>
  ({ kind: 'failed', error: `The step ${step} did not work: ${result.error ?? ''}`, isFinal: result.outcome === 'rejected', retryAfterMs: result.retryAfterMs });

/** A webhook that waits until its ticket can be fetched finds it changed later: what is news is told by when the webhook came. */
function sinceOf(request: InboundRequest, { recent }: RestInbound): number {
  if (recent === undefined) return Number.NaN;
  const fetched = newsSince(request, null);
  return Number.isNaN(fetched) && request.acceptedMs !== undefined ? lookedBack(recent, request.acceptedMs) : fetched;
}

/** Where the files of all messages of a request are. */
function addressesOf({ attachments, each, recent }: RestInbound, { view, document, sinceMs }: { readonly view: MessageView; readonly document: unknown; readonly sinceMs: number }): string[] {
  if (attachments?.url === undefined) return [];
  view.top = document;
  const elements = each === undefined ? [document] : compilePlace(each)(view, document);
  const found = recentOf(Array.isArray(elements) ? (elements as unknown[]) : [], recent, { view, document, sinceMs }).flatMap((element) => {
    const listed = compilePlace(attachments.list)(view, element);
    return (Array.isArray(listed) ? (listed as unknown[]) : []).flatMap((file) => read(attachments.url, view, file) ?? []);
  });
  return [...new Set(found)].slice(0, MOST_FILES);
}
