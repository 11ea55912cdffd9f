import { nestAttributes } from '../../../core/delivery/nest-attributes.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Attributes } from '../../../core/message/value.js';
import { fillTemplate, fillText, type TemplateScope } from '../../template/body-template.js';
import type { CarriedAttachment, ConnectedEndpoint, OutboundDelivery, RenderedRequest } from '../../contract.js';
import { compile, type CompiledEndpoint, type CompiledEntityType, type CompiledLookup, type CompiledOperation, type CompiledRequest } from './compiled.js';
import { fillPath, type PathTemplate } from './path-template.js';
import { writeAsked, writeBody } from './request-body.js';
import { createdAt, deliveryScope, withFile, type StepValues } from '../../template/delivery-scope.js';
import type { BodyForm } from './settings.js';

/** The operation that a delivery asks for, or the reason why there is none. */
export function operationOf(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<{ readonly entityType: CompiledEntityType; readonly operation: CompiledOperation }, Failure> {
  const entityType = compile(endpoint).entityType(delivery.entityType);
  const operation = delivery.operation === 'CREATE' ? entityType?.create : entityType?.update;
  if (entityType === null || operation === null || operation === undefined) {
    return err(failure('invalid', 'operation-missing', `The entity type ${delivery.entityType} of endpoint ${endpoint.id} has no ${delivery.operation.toLowerCase()} operation.`));
  }
  return ok({ entityType, operation });
}

/** What the requests of one delivery have in common while it is sent. */
export interface Rendering {
  readonly connected: CompiledEndpoint;
  readonly entityType: CompiledEntityType;
  readonly delivery: OutboundDelivery;
  readonly scope: TemplateScope;
  readonly attributes: Attributes;
}

export interface RenderedSoFar {
  readonly steps: () => StepValues;
  readonly uploaded: (fileId: string) => Readonly<Record<string, unknown>> | undefined;
}

export function renderingOf(delivery: OutboundDelivery, connected: CompiledEndpoint, entityType: CompiledEntityType, sofar: RenderedSoFar): Rendering {
  const attributes = withFiles(delivery, entityType);
  return { connected, entityType, delivery, attributes, scope: deliveryScope({ delivery, attributes, settings: connected.settings, ...sofar }) };
}

/** The request of a create or an update: of its first step, where it has several. */
export function renderMain(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<RenderedRequest, Failure> {
  const found = operationOf(delivery, endpoint);
  if (!found.ok) return found;
  const { entityType, operation } = found.value;
  const rendering = renderingOf(delivery, compile(endpoint), entityType, { steps: () => ({}), uploaded: () => undefined });
  const first = operation.steps.length === 1 ? operation.steps[0]! : (operation.steps.find((step) => step.request.when === undefined && step.request.each === undefined) ?? operation.steps[0]!);
  return renderStep(rendering, first, rendering.scope, keyOf(delivery, operation, first));
}

/** The key under which the target may recognise a repeat of this request: the delivery's own for the request that counts. */
export const keyOf = (delivery: OutboundDelivery, operation: CompiledOperation, step: CompiledRequest): string =>
  (operation.steps[operation.main] === step ? delivery.id : `${delivery.id}:${step.id}`);

/** The request of one step. */
export function renderStep(rendering: Rendering, step: CompiledRequest, scope: TemplateScope, key: string): Result<RenderedRequest, Failure> {
  const { delivery, attributes } = rendering;
  const isMultipart = step.request.form === 'multipart';
  return render(rendering.connected, step, scope, {
    key, boundary: `parley-${delivery.id.replace(/[^\w-]/g, '')}-${step.id}`, files: isMultipart ? delivery.attachments : [], fallback: () => nestAttributes(attributes),
  });
}

/** The request that only reads, for a step. */
export const renderRead = ({ connected }: Rendering, read: CompiledRequest, scope: TemplateScope): Result<RenderedRequest, Failure> =>
  render(connected, read, scope, { key: null, boundary: 'parley', files: [], fallback: () => undefined });

/** The request that carries one file: to the ticket that the delivery names, or ahead of it. */
export function renderFile(file: CarriedAttachment, index: number, step: CompiledRequest, rendering: Rendering): Result<RenderedRequest, Failure> {
  const { delivery, connected } = rendering;
  const scope = withFile(rendering.scope, file, index);
  const form: BodyForm = step.request.form ?? 'json';
  return render(connected, step, scope, {
    // A key of its own for each file, the same on every attempt.
    key: step.id === 'attach' ? `${delivery.id}:${file.id}` : `${delivery.id}:${step.id}:${file.id}`,
    boundary: `parley-${file.id.replace(/[^\w-]/g, '')}-${file.size}`, files: form === 'binary' || form === 'multipart' ? [file] : [],
    fallback: () => (form === 'json' ? { name: file.name, contentType: file.contentType, contentBase64: scope.read('file.contentBase64') } : {}),
  });
}

/** Clocks differ: what a delivery made is looked for from a little before the delivery itself. */
const SEARCH_BEFORE_MS = 600_000;

/** From when on a ticket may have been made by a delivery, to the second. */
const searchFrom = (deliveryId: string): string => new Date(Math.max(0, Date.parse(createdAt(deliveryId) ?? '1970-01-01') - SEARCH_BEFORE_MS)).toISOString().replace(/\.\d+Z$/, 'Z');

/** The request that looks for what a create may have made. */
export function renderLookup(deliveryId: string, search: CompiledLookup, connected: CompiledEndpoint): Result<RenderedRequest, Failure> {
  const scope: TemplateScope = {
    read: (name) => {
      if (name === 'correlationKey') return deliveryId;
      if (name === 'searchFrom') return searchFrom(deliveryId);
      return name.startsWith('variables.') ? connected.settings.variables?.[name.slice(10)] : name.startsWith('secrets.') ? connected.settings.secrets?.[name.slice(8)] : undefined;
    },
    document: () => ({ correlationKey: deliveryId, variables: connected.settings.variables ?? {} }),
  };
  const url = urlOf(connected, search.path, {}, scope);
  if (!url.ok) return url;
  const written = writeAsked(search, scope);
  const headers = { ...connected.headers, ...filledHeaders(search.headers, scope), ...(written === null ? {} : { 'content-type': written.contentType }) };
  return ok({ method: search.method, url: url.value, headers, body: written?.body ?? null });
}

interface Carrying {
  readonly key: string | null;
  readonly boundary: string;
  readonly files: readonly CarriedAttachment[];
  readonly fallback: () => unknown;
}

/** A request from its settings. `key`: null where it changes nothing at the target. */
export function render(connected: CompiledEndpoint, { request, path }: CompiledRequest, scope: TemplateScope, { key, boundary, files, fallback }: Carrying): Result<RenderedRequest, Failure> {
  const url = urlOf(connected, path, request.query ?? {}, scope);
  if (!url.ok) return url;
  const written = writeBody(request, { scope, fallback, files, boundary });
  if (!written.ok) return written;
  const headers = {
    ...connected.headers, ...(written.value === null ? {} : { 'content-type': written.value.contentType }), ...(key === null ? {} : { 'idempotency-key': key }), ...filledHeaders(request.headers ?? {}, scope),
  };
  return ok({ method: request.method, url: url.value, headers, body: written.value?.body ?? null });
}

/** Files that travel with the ticket: in its body, or in its form. */
export const carriesInline = ({ settings, upload }: CompiledEntityType, operation: CompiledOperation): boolean =>
  settings.attachments !== undefined || upload !== null || operation.steps.some(({ request }) => request.form === 'multipart' || (request.body !== undefined && /\bfiles\b/.test(JSON.stringify(request.body))));

function urlOf(connected: CompiledEndpoint, path: PathTemplate, query: Readonly<Record<string, unknown>>, scope: TemplateScope): Result<string, Failure> {
  const filled = fillPath(path, scope.read);
  if (!filled.ok) return filled;
  const parameters = new URLSearchParams(connected.query.map(([name, value]): [string, string] => [name, value]));
  for (const [name, template] of Object.entries(query)) {
    const value = fillTemplate(template, scope);
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) if (one !== undefined && one !== null) parameters.append(name, (typeof one === 'object' ? JSON.stringify(one) : String(one)).toWellFormed());
  }
  const added = parameters.toString();
  return ok(connected.baseUrl + filled.value + (added === '' ? '' : `${filled.value.includes('?') ? '&' : '?'}${added}`));
}

/** What is inserted into a header is one line of Latin-1 at most. */
const inHeader = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]+/g, ' ');

const filledHeaders = (templates: Readonly<Record<string, string>>, scope: TemplateScope): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(templates).map(([name, template]) => [name.toLowerCase(), inHeader(fillText(template, scope))]));

function withFiles(delivery: OutboundDelivery, entityType: CompiledEntityType): Attributes {
  const attribute = entityType.settings.attachments?.attribute;
  if (attribute === undefined || delivery.attachments.length === 0) return delivery.attributes;
  return { ...delivery.attributes, [attribute]: delivery.attachments.map(({ name, contentType, content }) => ({ name, contentType, contentBase64: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64') })) };
}
