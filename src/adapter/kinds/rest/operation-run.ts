import type { Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Attributes, Value } from '../../../core/message/value.js';
import type { JudgedAnswer } from '../../answer/answer-rules.js';
import { elementsOf, fillText, withItem, type TemplateScope } from '../../template/body-template.js';
import type { ConnectedEndpoint, OutboundDelivery, RenderedRequest, SendResult } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { flatten } from '../../place/flatten.js';
import { asWord } from '../../place/place.js';
import { holds } from '../../place/query.js';
import { neverSent } from '../../answer/send-result.js';
import type { AuthorizedHttp } from './authorized.js';
import type { CompiledEndpoint, CompiledEntityType, CompiledOperation, CompiledRequest } from './compiled.js';
import { FileCarriage } from './file-carriage.js';
import { carriesInline, keyOf, renderingOf, renderRead, renderStep, type Rendering } from './render.js';
import { callStep, extractedBy, type WayOut } from './step-call.js';
import { callUnchanged } from './unchanged.js';

/** What is kept of a step that was done, so that a later attempt does not do it again. Plain JSON. */
interface Done {
  readonly values: Readonly<Record<string, unknown>>;
  readonly ticketId?: string | null;
  readonly status?: number | null;
  readonly answer?: Attributes;
}

export interface Running {
  readonly delivery: OutboundDelivery;
  readonly endpoint: ConnectedEndpoint;
  readonly connected: CompiledEndpoint;
  readonly entityType: CompiledEntityType;
  readonly operation: CompiledOperation;
  readonly http: AuthorizedHttp;
  readonly signal: AbortSignal;
  /** Instead of the client of the delivery: how a search answers for a duplicate that names no ticket. */
  readonly findTicket: () => Promise<string | null>;
}

const orNeverSent = (request: Result<RenderedRequest, Failure>): Result<RenderedRequest, SendResult> => (request.ok ? request : err(neverSent(request.error.message)));

type StepEnd = { readonly done: Done } | { readonly failed: SendResult };

/** Sends one delivery: files ahead of the ticket, the steps in order, files after it. What was done before by an earlier attempt is not done again. */
export class OperationRun {
  private readonly way: WayOut;
  private readonly files: FileCarriage;
  private readonly kept: Readonly<Record<string, unknown>>;
  private readonly mainStep: CompiledRequest | undefined;
  private readonly isInline: boolean;
  /** What the steps so far brought, by their ids. */
  private readonly values: Record<string, unknown> = {};
  /** What was not done once the ticket was written. */
  private readonly leftUndone: string[] = [];
  private delivery: OutboundDelivery;
  private rendering: Rendering;
  private main: SendResult | null = null;
  private mainBody: Uint8Array | null = null;

  constructor(private readonly run: Running) {
    const { delivery, endpoint, entityType, operation, http, signal } = run;
    this.way = { http, signal, limits: deliverySettings(endpoint.settings).limits };
    this.files = new FileCarriage(this.way, delivery.steps);
    this.kept = delivery.steps?.read() ?? {};
    this.mainStep = operation.steps[operation.main];
    this.isInline = carriesInline(entityType, operation);
    this.delivery = delivery;
    this.rendering = this.renderingOf(delivery);
  }

  async send(): Promise<SendResult> {
    const { operation, delivery, entityType } = this.run;
    const uploaded = await this.upload();
    if (uploaded !== null) return uploaded;
    for (const step of operation.steps) {
      const failed = await this.step(step);
      if (failed !== null && !this.mayGoOnAfter(failed)) return failed;
      if (failed !== null) this.leftUndone.push(`the step ${step.id} was not done: ${failed.error ?? ''}`);
    }
    const ticketId = this.main?.ticketId ?? delivery.ticketId;
    if (ticketId !== null && !this.isInline) {
      this.goOnWith({ ...this.delivery, ticketId });
      await this.files.attach(entityType.attach, this.rendering);
    }
    const result = this.main ?? { ...neverSent(''), outcome: 'success', error: null };
    return { ...result, answer: { ...result.answer, ...this.extracted() }, ...this.warning() };
  }

  private warning(): { readonly warning?: string } {
    const { lost } = this.files;
    const all = lost.length === 0 ? this.leftUndone : [...this.leftUndone, `not these files: ${lost.join('; ')}`];
    return all.length === 0 ? {} : { warning: `The ticket was written, but ${all.join('; ')}.` };
  }

  /**
   * Once the ticket is written it is not undone by what comes after it. What may be tried again is, as long as somebody remembers what was
   * done; else it is told as a warning.
   */
  private mayGoOnAfter(failed: SendResult): boolean {
    return this.main !== null && failed.outcome !== 'credentials' && (failed.outcome !== 'retryable' || this.delivery.steps === undefined);
  }

  private async step(step: CompiledRequest): Promise<SendResult | null> {
    const { request } = step;
    const { scope } = this.rendering;
    if (request.when !== undefined && !holds(scope.document(), request.when)) return null;
    if (request.each === undefined) return this.take(step, await this.once(step, scope, step.id));
    const all: unknown[] = [];
    this.values[step.id] = all;
    for (const [index, item] of elementsOf(request.each, scope).entries()) {
      const end = await this.once(step, withItem(scope, item, index), `${step.id}#${index}`);
      if ('failed' in end) return end.failed;
      all.push(end.done.values);
    }
    return this.refusal(step);
  }

  private take(step: CompiledRequest, end: StepEnd): SendResult | null {
    if ('failed' in end) return end.failed;
    const { values, status = null, answer = {}, ticketId = null } = end.done;
    this.values[step.id] = values;
    if (step === this.mainStep) this.main = { ...neverSent(''), outcome: 'success', error: null, httpStatus: status, answer, ticketId: ticketId ?? this.named(), body: this.mainBody };
    if (ticketId !== null && this.delivery.ticketId === null) this.goOnWith({ ...this.delivery, ticketId });
    return this.refusal(step);
  }

  /** A value that a step took under the name `ticketId` is the ticket's id. */
  private named(): string | null {
    if (this.run.delivery.operation !== 'CREATE') return null;
    return Object.values(this.values).map((values) => asWord((values as { readonly ticketId?: unknown } | null)?.ticketId)).find((id) => id !== null) ?? null;
  }

  /** The settings' own condition after a step. */
  private refusal({ request, id }: CompiledRequest): SendResult | null {
    if (request.failWhen === undefined || !holds(this.rendering.scope.document(), request.failWhen)) return null;
    return neverSent(request.failMessage === undefined ? `The step ${id} did not find what it needs.` : fillText(request.failMessage, this.rendering.scope));
  }

  private async once(step: CompiledRequest, scope: TemplateScope, name: string): Promise<StepEnd> {
    const before = this.kept[name] as Done | undefined;
    if (before !== undefined) return { done: before };
    const { operation, delivery } = this.run;
    // An earlier attempt made the ticket; what comes after it is left to do.
    if (step === this.mainStep && delivery.operation === 'CREATE' && delivery.ticketId !== null) return { done: { values: {}, ticketId: delivery.ticketId } };
    const key = name === step.id ? keyOf(delivery, operation, step) : `${keyOf(delivery, operation, step)}:${name.slice(step.id.length + 1)}`;
    const called = await this.call(step, scope, key);
    if (!called.ok) return { failed: called.error };
    if (called.value.result.outcome !== 'success') return { failed: called.value.result };
    const end = await this.endOf(step, called.value);
    if ('failed' in end) return end;
    const isLast = operation.steps.at(-1) === step && (delivery.attachments.length === 0 || this.isInline) && step.request.each === undefined;
    // What would be doubled is remembered before anything else is tried.
    if (!step.isIdempotent && !isLast) await delivery.steps?.keep(name, end.done);
    return end;
  }

  /** The judged answer of a step's request, or why it was not made. */
  private async call(step: CompiledRequest, scope: TemplateScope, key: string): Promise<Result<JudgedAnswer, SendResult>> {
    const request = (filled: TemplateScope): Result<RenderedRequest, SendResult> => orNeverSent(renderStep(this.rendering, step, filled, key));
    if (step.unchanged !== null) {
      const { read } = step.unchanged;
      return callUnchanged(this.way, step, step.unchanged, { scope, rules: read.answer, request, readRequest: (filled) => orNeverSent(renderRead(this.rendering, read, filled)) });
    }
    const made = request(scope);
    return made.ok ? ok(await callStep(this.way, made.value, step)) : made;
  }

  private async endOf(step: CompiledRequest, judged: JudgedAnswer): Promise<StepEnd> {
    const { result, isDuplicate } = judged;
    const { delivery, entityType, findTicket } = this.run;
    const values = extractedBy(step, judged);
    const isCreate = delivery.operation === 'CREATE';
    const isMain = step === this.mainStep;
    let ticketId = isCreate || entityType.settings.adoptIdOnUpdate === true ? (result.ticketId ?? asWord(values['ticketId'])) : null;
    if (isMain) this.mainBody = result.body;
    if (isMain && isCreate && ticketId === null) {
      if (isDuplicate) ticketId = await findTicket();
      ticketId ??= this.named();
      if (ticketId === null && (entityType.hasTicketId || isDuplicate)) {
        return { failed: { ...result, outcome: 'unknown', error: `The target answered ${result.httpStatus} but named no ticket where one is expected.` } };
      }
    }
    return { done: { values, ticketId, ...(isMain ? { status: result.httpStatus, answer: result.answer } : {}) } };
  }

  /** Files ahead of the ticket; what their uploads brought stands in `files`. */
  private async upload(): Promise<SendResult | null> {
    const { upload } = this.run.entityType;
    if (upload === null || this.delivery.attachments.length === 0) return null;
    const end = await this.files.upload(upload, this.rendering);
    if ('failed' in end) return end.failed;
    this.goOnWith({ ...this.delivery, attachments: end.taken });
    return null;
  }

  /** Values that steps took, as attributes of the answer. */
  private extracted(): Attributes {
    const all: Record<string, Value> = {};
    for (const values of Object.values(this.values)) if (!Array.isArray(values)) Object.assign(all, flatten(values));
    delete all['body'];
    return all;
  }

  private goOnWith(delivery: OutboundDelivery): void {
    this.delivery = delivery;
    this.rendering = this.renderingOf(delivery);
  }

  private renderingOf(delivery: OutboundDelivery): Rendering {
    return renderingOf(delivery, this.run.connected, this.run.entityType, { steps: () => this.values, uploaded: (id) => this.files.brought(id) });
  }
}
