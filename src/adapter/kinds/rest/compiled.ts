import { sameName } from '../../../core/message/fold.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { compilePlace, type PlaceReader, type PlaceSetting } from '../../place/place.js';
import { compilePredicates, type Predicate } from '../../answer/predicate.js';
import { secretForms } from '../../setting/secret-text.js';
import { compileAnswer, type AnswerRules, type AnswerSetting } from '../../answer/answer-rules.js';
import { lookupReading, type LookupReading } from './lookup-reading.js';
import { parsePathTemplate, type PathTemplate } from './path-template.js';
import { restEntityType, restSettings, type RestEntityType, type RestOperation, type RestRequest, type RestSettings, type RestStep } from './settings.js';
import { compileUnchanged, type CompiledUnchanged } from './unchanged.js';
import { authHeaders, secretsOf } from './wire.js';

/** A request with its path, places and conditions taken apart. */
export interface CompiledRequest {
  /** Under which later requests read what it brought. */
  readonly id: string;
  readonly request: RestRequest & Pick<RestStep, 'when' | 'each' | 'failWhen' | 'failMessage'>;
  readonly path: PathTemplate;
  readonly answer: AnswerRules;
  readonly extract: readonly (readonly [name: string, read: PlaceReader])[];
  readonly repeatUntil: { readonly holds: Predicate; readonly everyMs: number; readonly tries: number } | null;
  /** Whether the same once more does no harm. */
  readonly isIdempotent: boolean;
  /** How it is made only if nobody was faster; null where it is made in any case. */
  readonly unchanged: CompiledUnchanged | null;
}

/** A create or an update: its requests in order. */
export interface CompiledOperation {
  readonly steps: readonly CompiledRequest[];
  /** Index of the step whose answer is the delivery's. */
  readonly main: number;
}

export interface CompiledLookup {
  readonly method: string;
  readonly path: PathTemplate;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly form?: 'json' | 'form';
  readonly reading: (key: string) => LookupReading;
  readonly ticketIdSetting: PlaceSetting;
  /** Whether the key stands in the path itself: then 404 says that there is no such ticket, else that the address is wrong. */
  readonly isByPath: boolean;
}

export interface CompiledEntityType {
  readonly name: string;
  readonly settings: RestEntityType;
  readonly create: CompiledOperation | null;
  readonly update: CompiledOperation | null;
  readonly upload: CompiledRequest | null;
  readonly attach: CompiledRequest | null;
  readonly complete: readonly CompiledRequest[];
  readonly hasTicketId: boolean;
  readonly lookup: CompiledLookup | null;
}

/** What the settings of an endpoint come to, made once per endpoint object. */
export interface CompiledEndpoint {
  readonly settings: RestSettings;
  readonly baseUrl: string;
  /** Of every request, credentials that never change included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parameters of every request, a key that goes there included. */
  readonly query: readonly (readonly [string, string])[];
  /** Every form of a secret that may not be seen. */
  readonly secrets: readonly string[];
  readonly check: AnswerRules;
  entityType(name: string): CompiledEntityType | null;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['PUT', 'DELETE', 'GET']);

const known = new WeakMap<ConnectedEndpoint, CompiledEndpoint>();

export function compile(endpoint: ConnectedEndpoint): CompiledEndpoint {
  const found = known.get(endpoint);
  if (found !== undefined) return found;
  const settings = restSettings(endpoint);
  const entityTypes = endpoint.entityTypes.map((one) => compileEntityType(one.name, restEntityType(one), settings.answers));
  const lowerCase = Object.fromEntries(Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const made: CompiledEndpoint = {
    settings,
    baseUrl: settings.baseUrl.replace(/\/+$/, ''),
    headers: { accept: 'application/json', 'user-agent': 'Parley', ...lowerCase, ...authHeaders(settings.auth) },
    query: [...Object.entries(settings.query ?? {}), ...(settings.auth?.type === 'query' ? [[settings.auth.name, settings.auth.value] as const] : [])],
    secrets: secretForms(secretsOf(settings)),
    check: compileAnswer([settings.answers]),
    entityType: (name) => entityTypes.find((one) => sameName(one.name, name)) ?? null,
  };
  known.set(endpoint, made);
  return made;
}

function compileEntityType(name: string, settings: RestEntityType, answers: AnswerSetting | undefined): CompiledEntityType {
  const { lookup, operations, response, inbound } = settings;
  const general = [response, answers];
  const file = (request: RestRequest | undefined, id: string): CompiledRequest | null => (request === undefined ? null : compileRequest({ id, ...request }, [answers]));
  return {
    name, settings,
    create: compileOperation(operations?.create, general), update: compileOperation(operations?.update, general),
    upload: file(operations?.upload, 'upload'), attach: file(operations?.attach, 'attach'),
    complete: (inbound?.complete ?? []).map((step) => compileRequest(step, [answers])),
    hasTicketId: response?.ticketId !== undefined || answers?.ticketId !== undefined || (operations?.create?.answer?.ticketId ?? operations?.create?.steps?.find((one) => one.answer?.ticketId !== undefined)) !== undefined,
    lookup: lookup === undefined ? null : {
      method: lookup.method, path: parsePathTemplate(lookup.path), headers: lookup.headers ?? {}, body: lookup.body, ...(lookup.form === undefined ? {} : { form: lookup.form }), reading: lookupReading(lookup), ticketIdSetting: lookup.ticketId,
      isByPath: /\{\{\s*correlationKey\b/.test(lookup.path.split('?')[0] ?? ''),
    },
  };
}

function compileOperation(given: RestOperation | undefined, general: readonly (AnswerSetting | undefined)[]): CompiledOperation | null {
  if (given === undefined) return null;
  if (given.steps === undefined) return { steps: [compileRequest({ id: 'main', ...given } as RestStep, general)], main: 0 };
  const named = given.steps.findIndex((step) => step.main === true);
  const main = named >= 0 ? named : given.steps.length - 1;
  // What the entity type says of answers is meant for the answer that counts; a search before it names other things.
  return { main, steps: given.steps.map((step, at) => compileRequest(step, at === main ? general : general.slice(1))) };
}

function compileRequest(request: RestStep, general: readonly (AnswerSetting | undefined)[]): CompiledRequest {
  const { repeatUntil, unchanged } = request;
  return {
    id: request.id, request, path: parsePathTemplate(request.path), answer: compileAnswer([request.answer, ...general]),
    extract: Object.entries(request.extract ?? {}).map(([name, setting]) => [name, compilePlace(setting)] as const),
    repeatUntil: repeatUntil === undefined ? null : { holds: compilePredicates(repeatUntil.when), everyMs: repeatUntil.everyMs ?? 1_000, tries: repeatUntil.tries ?? 10 },
    // HTTP itself says it of PUT and DELETE, and of requests that only read; the settings may say otherwise.
    isIdempotent: request.idempotent ?? IDEMPOTENT.has(request.method),
    unchanged: unchanged === undefined ? null : compileUnchanged(unchanged, { ...request, unchanged: null }, compileRequest({ id: request.id, method: 'GET', path: unchanged.path ?? request.path, form: 'none' }, general.slice(-1))),
  };
}
