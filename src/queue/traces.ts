import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** One step of a message's way. */
export interface Step {
  readonly name: 'accept' | 'normalize' | 'route' | 'deliver';
  /** Id of the message (UUID) that the step belongs to; all its steps make one trace. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Why it failed; null: it did not. */
  readonly error: string | null;
  /** Of a message that was made from a request: the request's id, which has a trace of its own. */
  readonly madeFrom?: string;
}

const KINDS = { accept: SpanKind.SERVER, normalize: SpanKind.INTERNAL, route: SpanKind.INTERNAL, deliver: SpanKind.CLIENT } as const;

/** The id of the first span of a trace: the half of a UUIDv7 that is random. */
const firstSpanOf = (traceId: string): string => traceId.slice(16);

const hexOf = (uuid: string): string => uuid.replaceAll('-', '');

/** Answers the ids that it is told to: the first step's span has the id that its message gives it, so that later steps find it without asking. */
export class StepIds implements IdGenerator {
  traceId = '';
  spanId = '';
  private count = 0;

  generateTraceId(): string {
    return this.traceId;
  }

  generateSpanId(): string {
    const id = this.spanId;
    if (id !== '') this.spanId = '';
    else this.count = (this.count + 1) % 0xffff_ffff;
    return id !== '' ? id : randomHex(4) + this.count.toString(16).padStart(8, '0');
  }
}

const randomHex = (bytes: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');

/**
 * Tells an OpenTelemetry collector of the steps of messages. A message's id is its trace's id, so that nothing need be stored
 * between the stages, and whoever has the one finds the other. Off, and then free, until an exporter is set.
 */
export class Traces {
  private sink: { readonly tracer: Tracer; readonly ids: StepIds; readonly part: number } | null = null;

  /** Begins to tell; `part` (0 to 1) of the messages, always whole ones. */
  tellTo(tracer: Tracer, ids: StepIds, part: number): void {
    this.sink = { tracer, ids, part };
  }

  stop(): void {
    this.sink = null;
  }

  get isOn(): boolean {
    return this.sink !== null;
  }

  /** Tells of a step that is over. Never throws. */
  record({ name, message, startMs, endMs, attributes, error, madeFrom }: Step): void {
    const { sink } = this;
    if (sink === null) return;
    const traceId = hexOf(message);
    if (!isChosen(traceId, sink.part)) return;
    const first = firstSpanOf(traceId);
    const isFirst = name === 'accept' || name === 'normalize';
    if (isFirst) {
      sink.ids.traceId = traceId;
      sink.ids.spanId = first;
    }
    const parent = isFirst ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: first, traceFlags: TraceFlags.SAMPLED, isRemote: false });
    const links = madeFrom === undefined ? [] : [{ context: { traceId: hexOf(madeFrom), spanId: firstSpanOf(hexOf(madeFrom)), traceFlags: TraceFlags.SAMPLED } }];
    const span = sink.tracer.startSpan(name, { kind: KINDS[name], startTime: instant(startMs), attributes: { 'parley.message': message, ...attributes }, links }, parent);
    if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(instant(Math.max(endMs, startMs)));
  }
}

/** Seconds and nanoseconds: a mere number may be taken for a time since the process began. */
const instant = (ms: number): [number, number] => [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];

/** Whether a trace is among the part that is told; the end of a UUIDv7 is random. */
function isChosen(traceId: string, part: number): boolean {
  return part >= 1 || Number.parseInt(traceId.slice(-8), 16) < part * 0x1_0000_0000;
}

/** The process's traces. */
export const TRACES = new Traces();
