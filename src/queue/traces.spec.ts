import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from '@jest/globals';
import { StepIds, Traces, type Step } from './traces.js';

const MESSAGE = '019390a1-0000-7000-8000-00000000abcd';
const TRACE = '019390a10000700080000000' + '0000abcd';

function setup(part = 1) {
  const ids = new StepIds();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ idGenerator: ids, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const traces = new Traces();
  traces.tellTo(provider.getTracer('test'), ids, part);
  const record = (over: Partial<Step>) => traces.record({ name: 'accept', message: MESSAGE, startMs: 1_000, endMs: 1_004, attributes: {}, error: null, ...over });
  return { traces, record, told: () => exporter.getFinishedSpans() };
}

describe('traces', () => {
  it('make one trace of the steps of a message, below its first, whatever the order in which they are told', () => {
    const { record, told } = setup();
    record({ name: 'route' });
    record({ name: 'accept' });
    record({ name: 'deliver' });
    record({ name: 'deliver' });
    const spans = told();
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
    const first = spans.find(({ name }) => name === 'accept')?.spanContext().spanId;
    expect(first).toBe(TRACE.slice(16));
    expect(spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([['route', first], ['accept', undefined], ['deliver', first], ['deliver', first]]);
    expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(4);
  });

  it('keep messages apart', () => {
    const { record, told } = setup();
    record({});
    record({ message: MESSAGE.replace('abcd', 'abce') });
    expect(new Set(told().map((span) => span.spanContext().traceId)).size).toBe(2);
  });

  it('tell times, particulars and failures', () => {
    const { record, told } = setup();
    record({ name: 'deliver', attributes: { 'parley.endpoint': 'desk' }, error: 'The target answered 500.' });
    expect(told()[0]).toMatchObject({
      startTime: [1, 0], endTime: [1, 4_000_000], attributes: { 'parley.endpoint': 'desk', 'parley.message': MESSAGE }, status: { code: SpanStatusCode.ERROR, message: 'The target answered 500.' },
    });
  });

  it('point from a message to the request it was made from', () => {
    const { record, told } = setup();
    record({ name: 'normalize', madeFrom: MESSAGE.replace('abcd', '1234') });
    expect(told()[0]?.links[0]?.context).toMatchObject({ traceId: TRACE.replace('abcd', '1234'), spanId: '8000000000001234' });
  });

  it('tell all steps of some messages and none of the others', () => {
    const { record, told } = setup(0.5);
    for (const end of ['00000001', '7fffffff', '80000000', 'ffffffff']) for (const name of ['accept', 'route'] as const) record({ name, message: `019390a1-0000-7000-8000-0000${end}` });
    expect(told().map((span) => span.spanContext().traceId.slice(-8))).toEqual(['00000001', '00000001', '7fffffff', '7fffffff']);
  });

  it('are silent until somebody listens, and after that', () => {
    const { traces, record, told } = setup();
    expect(traces.isOn).toBe(true);
    traces.stop();
    record({});
    expect(traces.isOn).toBe(false);
    expect(told()).toEqual([]);
  });

  it('do not let a clock that was set back make a step end before it began', () => {
    const { record, told } = setup();
    record({ startMs: 2_000, endMs: 1_000 });
    expect(told()[0]?.duration).toEqual([0, 0]);
  });
});
