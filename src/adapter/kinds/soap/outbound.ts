import { asWord } from '../../place/place.js';
import type { ConnectedEndpoint, LookupResult, Outbound, OutboundDelivery, OutboundHttp, PreviewedRequest, SendResult } from '../../contract.js';
import { withFile } from '../../template/delivery-scope.js';
import { neverSent } from '../../answer/send-result.js';
import { call, wayOf, type Way } from './call.js';
import { compile, type CompiledLookup, type CompiledRequest } from './compiled.js';
import { operationOf, renderCall, renderMain, scopeOf, SHOWN_TOKEN, shownFreshness } from './render.js';

/** Tries of one file before it is given up; the ticket itself is there already. */
const FILE_TRIES = 3;

export const outbound: Outbound = {
  render: renderMain, preview, send, lookup,
  isIdempotent: (operation, entityType, endpoint) => {
    const found = compile(endpoint).entityType(entityType);
    return (operation === 'CREATE' ? found?.create : found?.update)?.isIdempotent ?? false;
  },
  keepsSteps: (_operation, entityType, endpoint) => (compile(endpoint).entityType(entityType)?.attach ?? null) !== null,
  canLookUp: (entityType, endpoint) => (compile(endpoint).entityType(entityType)?.lookup ?? null) !== null,
};

type Kept = Pick<SendResult, 'httpStatus' | 'ticketId' | 'answer'>;

async function send(delivery: OutboundDelivery, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<SendResult> {
  const found = operationOf(delivery, endpoint);
  if (!found.ok) return neverSent(found.error.message);
  const { entityType, operation } = found.value;
  const way = wayOf(endpoint, http, signal);
  const kept = delivery.steps?.read()['main'] as Kept | undefined;
  // A create that has a ticket already is one that a look-up found: only its files are left to do.
  const isDone = kept !== undefined || (delivery.operation === 'CREATE' && delivery.ticketId !== null);
  const main: SendResult = isDone ? { ...neverSent(''), outcome: 'success', error: null, ticketId: delivery.ticketId, ...kept } : await sendMain(delivery, found.value, way);
  const ticketId = main.ticketId ?? delivery.ticketId;
  if (main.outcome !== 'success' || delivery.attachments.length === 0 || carriesFiles(operation)) return main;
  if (entityType.attach === null || ticketId === null) return { ...main, warning: `The ticket was written, but not its files: ${entityType.attach === null ? 'this entity type takes none' : 'the target named no ticket'}.` };
  if (!isDone) await delivery.steps?.keep('main', { httpStatus: main.httpStatus, ticketId: main.ticketId, answer: main.answer } satisfies Kept);
  const lost = await attach({ ...delivery, ticketId }, entityType.attach, way);
  return lost.length === 0 ? main : { ...main, warning: `The ticket was written, but not these files: ${lost.join('; ')}.` };
}

/** Whether the files of a delivery travel in the call itself. */
const carriesFiles = ({ request }: CompiledRequest): boolean => request.swa === true || /\bfiles\b/.test(request.body);

async function sendMain(delivery: OutboundDelivery, { entityType, operation }: Extract<ReturnType<typeof operationOf>, { ok: true }>['value'], way: Way): Promise<SendResult> {
  const { result, isDuplicate } = await call(way, operation, { scope: scopeOf(delivery, way.connected), key: delivery.id, files: delivery.attachments });
  if (result.outcome !== 'success' || delivery.operation !== 'CREATE') return { ...result, ticketId: null };
  if (result.ticketId !== null || !(entityType.hasTicketId || isDuplicate)) return result;
  if (isDuplicate && entityType.lookup !== null) {
    const search = await lookUp(delivery.id, entityType.lookup, way);
    if ('found' in search && search.found !== null) return { ...result, ticketId: search.found };
  }
  return { ...result, outcome: 'unknown', error: `The target answered ${result.httpStatus} but named no ticket where one is expected.` };
}

/** Sends each file by a call of its own; answers those that did not arrive, with the reason. What an earlier attempt sent is not sent again. */
async function attach(delivery: OutboundDelivery, request: CompiledRequest, way: Way): Promise<string[]> {
  const done = delivery.steps?.read() ?? {};
  const scope = scopeOf(delivery, way.connected);
  const lost: string[] = [];
  for (const [index, file] of delivery.attachments.entries()) {
    const name = `file#${file.id}`;
    if (done[name] !== undefined) continue;
    const calling = { scope: withFile(scope, file, index), key: `${delivery.id}:${file.id}`, files: [file] };
    let { result } = await call(way, request, calling);
    for (let tries = 1; result.outcome === 'retryable' && result.retryAfterMs === null && tries < FILE_TRIES; tries++) ({ result } = await call(way, request, calling));
    if (result.outcome === 'success') await delivery.steps?.keep(name, true);
    else lost.push(`${file.name} (${result.error})`);
  }
  return lost;
}

async function lookup(...[deliveryId, entityType, endpoint, http, signal]: Parameters<NonNullable<Outbound['lookup']>>): Promise<LookupResult | null> {
  const search = compile(endpoint).entityType(entityType)?.lookup ?? null;
  return search === null ? null : lookUp(deliveryId, search, wayOf(endpoint, http, signal));
}

/** Looks for a ticket by the key of the delivery that made it. Its absence must be said: whoever takes another answer for it creates the ticket twice. */
async function lookUp(deliveryId: string, search: CompiledLookup, way: Way): Promise<LookupResult> {
  const { variables, secrets } = way.connected.settings;
  const known: Readonly<Record<string, unknown>> = { correlationKey: deliveryId };
  const read = (name: string): string | undefined => (name === 'correlationKey' ? deliveryId : name.startsWith('variables.') ? variables?.[name.slice(10)] : name.startsWith('secrets.') ? secrets?.[name.slice(8)] : undefined);
  const { result, view, document } = await call(way, { ...search, isIdempotent: true }, { scope: { read, document: () => known }, key: null, files: [] });
  if (view !== null && result.outcome !== 'unknown' && search.absentWhen(view)) return { found: null };
  const ticketId = result.outcome === 'success' && view !== null ? asWord(search.ticketId(view, document)) : null;
  if (ticketId !== null) return { found: ticketId };
  if (result.outcome !== 'success') return { failed: result };
  return { failed: { ...result, outcome: 'retryable', error: 'The look-up was answered with something that names neither a ticket nor its absence.', endpointFault: true } };
}

/** Every call that a delivery would come to. */
function preview(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): readonly PreviewedRequest[] {
  const found = operationOf(delivery, endpoint);
  const main = renderMain(delivery, endpoint);
  const shown: PreviewedRequest[] = [main.ok ? { step: 'main', request: main.value, note: null } : { step: 'main', request: null, note: main.error.message }];
  if (!found.ok || found.value.entityType.attach === null || carriesFiles(found.value.operation)) return shown;
  const connected = compile(endpoint);
  for (const [index, file] of delivery.attachments.entries()) {
    const request = renderCall(connected, found.value.entityType.attach, { scope: withFile(scopeOf(delivery, connected), file, index), key: `${delivery.id}:${file.id}`, files: [file], fresh: shownFreshness(delivery.id), token: SHOWN_TOKEN });
    shown.push(request.ok ? { step: 'attach', request: request.value, note: `file ${file.name}` } : { step: 'attach', request: null, note: request.error.message });
  }
  return shown;
}
