import type { ConnectedEndpoint, LookupResult, Outbound, OutboundDelivery, OutboundHttp, SendResult } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { flatten } from '../../place/flatten.js';
import { isAbsentAt, parseJsonPath } from '../../place/json-path.js';
import { asWord } from '../../place/place.js';
import { neverSent } from '../../answer/send-result.js';
import { compileAnswer, judge } from '../../answer/answer-rules.js';
import { authorized, type AuthorizedHttp } from './authorized.js';
import { compile, type CompiledEndpoint, type CompiledLookup } from './compiled.js';
import { OperationRun } from './operation-run.js';
import { operationOf, renderLookup, renderMain } from './render.js';
import { preview } from './preview.js';

type LookupArguments = Parameters<NonNullable<Outbound['lookup']>>;

export const outbound: Outbound = { render: renderMain, preview, send, readAnswer, keepsSteps, isIdempotent, canLookUp, lookup };

function canLookUp(entityType: string, endpoint: ConnectedEndpoint): boolean {
  return (compile(endpoint).entityType(entityType)?.lookup ?? null) !== null;
}

function isIdempotent(operation: OutboundDelivery['operation'], entityType: string, endpoint: ConnectedEndpoint): boolean {
  const compiled = compile(endpoint).entityType(entityType);
  const found = operation === 'CREATE' ? compiled?.create : compiled?.update;
  return found?.steps.every((step) => step.isIdempotent) ?? false;
}

function readAnswer(...[outcome, { operation, entityType, step: name }, endpoint]: Parameters<NonNullable<Outbound['readAnswer']>>): SendResult {
  const connected = compile(endpoint);
  const compiled = connected.entityType(entityType);
  const found = operation === 'CREATE' ? compiled?.create : compiled?.update;
  const step = found?.steps.find((one) => one.id === name) ?? found?.steps[found.main];
  if (step === undefined) return neverSent(`The entity type ${entityType} has no such operation.`);
  const { result, view, document } = judge(outcome, step.answer, { isIdempotent: step.isIdempotent, secrets: connected.secrets, nowMs: Date.now() });
  const values = Object.fromEntries(step.extract.map(([one, read]) => [one, view === null ? undefined : read(view, document)]).filter(([, value]) => value !== undefined));
  const ticketId = result.outcome === 'success' ? (result.ticketId ?? asWord((values as { readonly ticketId?: unknown }).ticketId)) : null;
  return { ...result, ticketId, answer: { ...result.answer, ...flatten(values) } };
}

function keepsSteps(operation: OutboundDelivery['operation'], entityType: string, endpoint: ConnectedEndpoint): boolean {
  const compiled = compile(endpoint).entityType(entityType);
  const found = operation === 'CREATE' ? compiled?.create : compiled?.update;
  return (found?.steps.length ?? 0) > 1 || found?.steps[0]?.request.each !== undefined || (compiled?.upload ?? compiled?.attach ?? null) !== null;
}

async function send(delivery: OutboundDelivery, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<SendResult> {
  const found = operationOf(delivery, endpoint);
  if (!found.ok) return neverSent(found.error.message);
  const connected = compile(endpoint);
  const out = authorized(http, endpoint);
  const findTicket = async (): Promise<string | null> => {
    const { lookup: search } = found.value.entityType;
    if (search === null) return null;
    const answer = await lookUp(delivery.id, search, { connected, endpoint, http: out, signal });
    return 'found' in answer ? answer.found : null;
  };
  return new OperationRun({ delivery, endpoint, connected, ...found.value, http: out, signal, findTicket }).send();
}

async function lookup(...[deliveryId, entityType, endpoint, http, signal]: LookupArguments): Promise<LookupResult | null> {
  const connected = compile(endpoint);
  const search = connected.entityType(entityType)?.lookup ?? null;
  return search === null ? null : lookUp(deliveryId, search, { connected, endpoint, http: authorized(http, endpoint), signal });
}

interface Searching {
  readonly connected: CompiledEndpoint;
  readonly endpoint: ConnectedEndpoint;
  readonly http: AuthorizedHttp;
  readonly signal: AbortSignal;
}

/** Looks for a ticket by the key of the delivery that made it. Its absence must be certain: whoever takes another answer for it creates the ticket twice. */
async function lookUp(deliveryId: string, search: CompiledLookup, { connected, endpoint, http, signal }: Searching): Promise<LookupResult> {
  const request = renderLookup(deliveryId, search, connected);
  if (!request.ok) return { failed: neverSent(request.error.message) };
  const outcome = await http.call(request.value, deliverySettings(endpoint.settings).limits, signal);
  if (outcome.kind === 'answered' && outcome.status === 404 && search.isByPath) return { found: null };
  const { ticketId: ticketIdAt, absentWhen } = search.reading(deliveryId);
  const { result, view, document } = judge(outcome, { ...compileAnswer([connected.settings.answers]), ticketId: ticketIdAt }, { isIdempotent: true, secrets: http.secrets(), nowMs: Date.now() });
  if (view !== null && absentWhen(view, result.outcome)) return { found: null };
  if (result.outcome !== 'success') return { failed: result };
  const ticketId = view === null ? null : asWord(ticketIdAt(view, document));
  if (ticketId !== null) return { found: ticketId };
  if (typeof search.ticketIdSetting === 'string' && isAbsentAt(document, parseJsonPath(search.ticketIdSetting))) return { found: null };
  return { failed: { ...result, outcome: 'retryable', error: 'The look-up was answered with something that names neither a ticket nor its absence.', endpointFault: true } };
}
