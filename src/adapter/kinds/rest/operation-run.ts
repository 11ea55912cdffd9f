import { setTimeout as sleep } from 'node:timers/promises';
import type { Attributes, Value } from '../../../core/message/value.js';
import type { CallLimits, ConnectedEndpoint, OutboundDelivery, RenderedRequest, SendResult } from '../../contract.js';
import type { CarriedAttachment } from '../../contract.js';
import { elementsOf, fillText, withItem, type TemplateScope } from '../../body-template.js';
import { deliverySettings } from '../../delivery-settings.js';
import { flatten } from '../../flatten.js';
import { asWord } from '../../place.js';
import { holds } from '../../query.js';
import { neverSent } from '../../send-result.js';
import type { Failure } from '../../../core/message/failure.js';
import type { Result } from '../../../core/message/result.js';
import { judge, type JudgedAnswer } from '../../answer-rules.js';
import type { AuthorizedHttp } from './authorized.js';
import type { CompiledEntityType, CompiledOperation, CompiledRequest, CompiledEndpoint } from './compiled.js';
import { carriesInline, keyOf, renderFile, renderingOf, renderStep, type Rendering } from './render.js';

/** Tries of one file before it is given up; the ticket itself is there already. */
const FILE_TRIES = 3;

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

type StepEnd = { readonly done: Done } | { readonly failed: SendResult };

/** Sends one delivery: files ahead of the ticket, the steps in order, files after it. What was done before by an earlier attempt is not done again. */
export class OperationRun {
  private readonly limits: CallLimits;
  private readonly kept: Readonly<Record<string, unknown>>;
  private readonly values: Record<string, unknown> = {};
  private readonly uploads = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly lost: string[] = [];
  private delivery: OutboundDelivery;
  private rendering: Rendering;
  private main: SendResult | null = null;

  constructor(private readonly run: Running) {
    this.limits = deliverySettings(run.endpoint.settings).limits;
    this.kept = run.delivery.steps?.read() ?? {};
    this.delivery = run.delivery;
    this.rendering = this.renderingOf(run.delivery);
  }

  async send(): Promise<SendResult> {
    const { operation, delivery } = this.run;
    const uploaded = await this.upload();
    if (uploaded !== null) return uploaded;
    for (const step of operation.steps) {
      const failed = await this.step(step);
      if (failed === null) continue;
      const final = this.afterMain(step, failed);
      if (final !== null) return final;
    }
    const ticketId = this.main?.ticketId ?? delivery.ticketId;
    if (ticketId !== null && !carriesInline(this.run.entityType, operation)) await this.attach(ticketId);
    const result = this.main ?? { ...neverSent(''), outcome: 'success', error: null };
    const answer = { ...result.answer, ...this.extracted() };
    return { ...result, answer, ...(this.lost.length === 0 ? {} : { warning: `The ticket was written, but not these files: ${this.lost.join('; ')}.` }), ...(this.warning === null ? {} : { warning: this.warning }) };
  }

  private warning: string | null = null;

  /**
   * What the failure of a step means for the whole: once the ticket is written it is not undone by what comes after it. What may be tried
   * again is, as long as somebody remembers what was done; else it is told as a warning.
   */
  private afterMain(step: CompiledRequest, failed: SendResult): SendResult | null {
    if (this.main === null) return failed;
    if (failed.outcome === 'retryable' && this.delivery.steps !== undefined) return failed;
    if (failed.outcome === 'credentials') return failed;
    this.warning = `The ticket was written, but the step ${step.id} was not done: ${failed.error ?? ''}`;
    return null;
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
    const { done } = end;
    this.values[step.id] = done.values;
    if (this.run.operation.steps[this.run.operation.main] === step || typeof done.ticketId === 'string') this.found(step, done);
    return this.refusal(step);
  }

  private found(step: CompiledRequest, done: Done): void {
    const isMain = this.run.operation.steps[this.run.operation.main] === step;
    if (isMain) this.main = { ...neverSent(''), outcome: 'success', error: null, httpStatus: done.status ?? null, answer: done.answer ?? {}, ticketId: done.ticketId ?? this.named(), body: this.mainBody };
    const ticketId = done.ticketId ?? null;
    if (ticketId !== null && this.delivery.ticketId === null) {
      this.delivery = { ...this.delivery, ticketId };
      this.rendering = this.renderingOf(this.delivery);
    }
  }

  private mainBody: Uint8Array | null = null;

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
    const isMain = operation.steps[operation.main] === step;
    // An earlier attempt made the ticket; what comes after it is left to do.
    if (isMain && delivery.operation === 'CREATE' && delivery.ticketId !== null) return { done: { values: {}, ticketId: delivery.ticketId } };
    const key = name === step.id ? keyOf(delivery, operation, step) : `${keyOf(delivery, operation, step)}:${name.slice(step.id.length + 1)}`;
    const request = renderStep(this.rendering, step, scope, key);
    if (!request.ok) return { failed: neverSent(request.error.message) };
    const judged = await this.call(request.value, step);
    if (judged.result.outcome !== 'success') return { failed: judged.result };
    const done = await this.doneOf(step, judged, isMain);
    if ('failed' in done) return done;
    const isLast = operation.steps.at(-1) === step && (delivery.attachments.length === 0 || carriesInline(this.run.entityType, operation)) && step.request.each === undefined;
    // What would be doubled is remembered before anything else is tried.
    if (!step.isIdempotent && !isLast) await delivery.steps?.keep(name, done.done);
    return done;
  }

  private async doneOf(step: CompiledRequest, { result, view, document, isDuplicate }: JudgedAnswer, isMain: boolean): Promise<StepEnd> {
    const values = Object.fromEntries(step.extract.map(([name, read]) => [name, view === null ? undefined : read(view, document)]).filter(([, value]) => value !== undefined)) as Readonly<Record<string, unknown>>;
    const { operation: kind } = this.run.delivery;
    const isCreate = kind === 'CREATE';
    const adopts = isCreate || this.run.entityType.settings.adoptIdOnUpdate === true;
    let ticketId = adopts ? (result.ticketId ?? asWord(values['ticketId'])) : null;
    if (isMain) this.mainBody = result.body;
    if (isMain && isCreate && ticketId === null) {
      if (isDuplicate) ticketId = await this.run.findTicket();
      ticketId ??= this.named();
      if (ticketId === null && (this.run.entityType.hasTicketId || isDuplicate)) {
        return { failed: { ...result, outcome: 'unknown', error: `The target answered ${result.httpStatus} but named no ticket where one is expected.` } };
      }
    }
    return { done: { values, ticketId, ...(isMain ? { status: result.httpStatus, answer: result.answer } : {}) } };
  }

  private async call(request: RenderedRequest, step: CompiledRequest): Promise<JudgedAnswer> {
    const { http, signal } = this.run;
    const once = async (): Promise<JudgedAnswer> => judge(await http.call(request, this.limits, signal), step.answer, { isIdempotent: step.isIdempotent, secrets: http.secrets(), nowMs: Date.now() });
    let judged = await once();
    const { repeatUntil } = step;
    if (repeatUntil === null) return judged;
    for (let tries = 1; judged.result.outcome === 'success' && judged.view !== null && !repeatUntil.holds(judged.view); tries++) {
      if (tries >= repeatUntil.tries) return { ...judged, result: { ...judged.result, outcome: 'retryable', error: `The step ${step.id} did not come to an end.` } };
      try {
        await sleep(repeatUntil.everyMs, undefined, { signal });
      } catch {
        return { ...judged, result: { ...judged.result, outcome: 'retryable', error: 'The call was given up by this process.' } };
      }
      judged = await once();
    }
    return judged;
  }

  /** Files ahead of the ticket; what their uploads brought stands in `files`. A refused file is left out and told. */
  private async upload(): Promise<SendResult | null> {
    const { upload } = this.run.entityType;
    if (upload === null || this.delivery.attachments.length === 0) return null;
    const taken: CarriedAttachment[] = [];
    for (const [index, file] of this.delivery.attachments.entries()) {
      const name = `upload#${file.id}`;
      const before = this.kept[name] as Done | undefined;
      const request = renderFile(file, index, upload, this.rendering);
      if (before === undefined) {
        const judged = request.ok ? await this.call(request.value, upload) : null;
        const result = judged?.result ?? neverSent(request.ok ? '' : request.error.message);
        // A file that nobody refers to does no harm: an upload of unknown outcome is done again.
        if (result.outcome === 'retryable' || result.outcome === 'unknown' || result.outcome === 'credentials') return { ...result, outcome: result.outcome === 'unknown' ? 'retryable' : result.outcome };
        if (result.outcome === 'rejected' || judged === null) {
          this.lost.push(`${file.name} (${result.error})`);
          continue;
        }
        const values = Object.fromEntries(upload.extract.map(([one, read]) => [one, judged.view === null ? undefined : read(judged.view, judged.document)])) as Readonly<Record<string, unknown>>;
        await this.run.delivery.steps?.keep(name, { values });
        this.uploads.set(file.id, values);
      } else this.uploads.set(file.id, before.values);
      taken.push(file);
    }
    this.delivery = { ...this.delivery, attachments: taken };
    this.rendering = this.renderingOf(this.delivery);
    return null;
  }

  /** Sends each file by a request of its own; notes those that did not arrive, with the reason. */
  private async attach(ticketId: string): Promise<void> {
    const { attach } = this.run.entityType;
    this.delivery = { ...this.delivery, ticketId };
    this.rendering = this.renderingOf(this.delivery);
    for (const [index, file] of this.delivery.attachments.entries()) {
      if (attach === null) {
        this.lost.push(`${file.name} (this entity type takes no files)`);
        continue;
      }
      if (this.kept[`attach#${file.id}`] !== undefined) continue;
      const request = renderFile(file, index, attach, this.rendering);
      const error = request.ok ? await this.attachOne(request, attach) : request.error.message;
      if (error !== null) this.lost.push(`${file.name} (${error})`);
      else await this.run.delivery.steps?.keep(`attach#${file.id}`, { values: {} } satisfies Done);
    }
  }

  private async attachOne(request: Result<RenderedRequest, Failure> & { ok: true }, attach: CompiledRequest): Promise<string | null> {
    for (let tries = 1; ; tries++) {
      const { result } = await this.call(request.value, attach);
      if (result.outcome !== 'retryable' || result.retryAfterMs !== null || tries >= FILE_TRIES) return result.error;
    }
  }

  /** Values that steps took, as attributes of the answer. */
  private extracted(): Attributes {
    const all: Record<string, Value> = {};
    for (const values of Object.values(this.values)) if (!Array.isArray(values)) Object.assign(all, flatten(values));
    delete all['body'];
    return all;
  }

  private renderingOf(delivery: OutboundDelivery): Rendering {
    return renderingOf(delivery, this.run.connected, this.run.entityType, { steps: () => this.values, uploaded: (id) => this.uploads.get(id) });
  }
}
