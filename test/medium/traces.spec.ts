import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { openBroker } from './broker-setup.js';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

let broker: Awaited<ReturnType<typeof openBroker>>;
let collector: FakeTarget;

beforeAll(async () => {
  collector = (await FakeTarget.start()).always(json(200, {}));
  broker = await openBroker({ otlpUrl: collector.url });
});
afterAll(async () => {
  await broker.close();
  await collector.stop();
});

/** Everything the collector was told so far. */
function spans(): Span[] {
  return collector.seen.flatMap(({ body }) => (JSON.parse(body.toString()) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
}

describe('a collector', () => {
  it('is told the way of a message, from its acceptance to each attempt, as one trace', async () => {
    const desk = await broker.desk();
    await desk.rule('copy');
    desk.target.next(json(503, {}));
    const message = await desk.say('T1', { text: 'hello' });
    await desk.untilIdle();
    const trace = message.replaceAll('-', '');
    const ofMessage = () => spans().filter(({ traceId }) => traceId === trace);
    await eventually(() => { expect(ofMessage().map(({ name }) => name).sort()).toEqual(['accept', 'deliver', 'deliver', 'route']); });
    const first = ofMessage().find(({ name }) => name === 'accept');
    for (const { name, parentSpanId = '' } of ofMessage()) expect([name, parentSpanId]).toEqual([name, name === 'accept' ? '' : first?.spanId]);
    const outcomes = ofMessage().filter(({ name }) => name === 'deliver').map(({ attributes }) => attributes.find(({ key }) => key === 'parley.outcome')?.value['stringValue']);
    expect(outcomes.sort()).toEqual(['retryable', 'success']);
    expect(collector.seen[0]?.url).toBe('/v1/traces');
  });

  it('that is away costs nothing but traces', async () => {
    const port = await collector.goDown();
    const desk = await broker.desk();
    await desk.rule('copy');
    await desk.say('T1', { text: 'hello' });
    await desk.untilSeen(['POST /target/incidents hello']);
    await collector.comeBack(port);
  });
});
