import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';

let database: TestDatabase;
let application: Application;
let target: FakeTarget;
let service: FakeTarget;
let tickets = 0;

const translate = { type: 'Translate', target: 'en' };
const rule = (name: string, attribute: string, mappings: readonly object[]): object => ({
  name, changeDescription: 'made by a test', sourceSystemId: 'source', sourceEntityType: 'ticket', targetSystemId: 'target', targetEntityType: name, entityConditions: [{ attribute, operator: 'EXISTS', values: [] }], mappings,
});
const endpoint = (id: string, entityTypes: readonly string[]): object => ({
  id, name: id, adapter: 'rest', settings: { baseUrl: target.url, retry: { firstMs: 100, mostMs: 500 } },
  entityTypes: entityTypes.map((name) => ({ name, operations: { create: { method: 'POST', path: `/${name}` }, update: { method: 'PUT', path: `/${name}/{{ticketId}}` } }, response: { ticketId: 'id' } })),
});

beforeAll(async () => {
  [target, service, database] = await Promise.all([FakeTarget.start(), FakeTarget.start(), createDatabase({ isEmpty: true })]);
  application = await startApplication({ databaseUrl: database.url });
  const { api } = application;
  await api.must('PUT', '/api/v1/translation', { provider: 'libretranslate', url: service.url, timeLimitSeconds: 1 });
  await api.must('PUT', '/api/v1/config', {
    endpoints: [endpoint('source', ['ticket']), endpoint('target', ['translated', 'plain', 'timed', 'chained'])],
    rules: [
      rule('translated', 'title', [{ type: 'Single', template: '${title}', targetAttribute: 'title', sourceFormatters: [translate, { type: 'Uppercase' }] }]),
      rule('plain', 'title', [{ type: 'Single', template: '${title}', targetAttribute: 'title' }]),
      rule('timed', 'timed', [{ type: 'Single', template: 'now ${sf:now}', targetAttribute: 'title', sourceFormatters: [translate] }]),
      rule('chained', 'chained', [{ type: 'Single', template: '${chained}', targetAttribute: 'title', sourceFormatters: [translate, translate, translate, translate] }]),
    ],
  });
});
afterAll(async () => {
  await application.kill('SIGTERM');
  await Promise.all([target.stop(), service.stop(), database.drop()]);
});
const serves = (): FakeTarget => service.always((request) => json(200, { translatedText: `<${(JSON.parse(request.body.toString()) as { q: string }).q}>` }));
afterEach(() => {
  target.reset();
  service.reset();
});

const send = async (attributes: Readonly<Record<string, unknown>>, ticketId = `T${++tickets}`): Promise<string> => (await application.api.must('POST', '/api/v1/inbound/source/ticket', { ticketId, attributes })).body.messageId as string;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
const message = async (id: string): Promise<any> => (await application.api.must('GET', `/api/v1/messages/${id}`)).body;
const becomes = (id: string, expected: object): Promise<void> => eventually(async () => expect(await message(id)).toMatchObject(expected));
const arrived = (): string[] => target.seen.map(({ url, body }) => `${url.slice(1)} ${String((JSON.parse(body.toString()) as { title: string }).title)}`).sort();

describe('a rule that translates', () => {
  it('sends the translation, which is fetched once for all', async () => {
    serves();
    const ids = [await send({ title: 'hei' }), await send({ title: 'hei' })];
    for (const id of ids) await becomes(id, { state: 'ROUTED' });
    const arrivedOf = (count: number): string[] => ['plain hei', 'translated <HEI>'].flatMap((what) => Array.from({ length: count }, () => what));
    await eventually(() => expect(arrived()).toEqual(arrivedOf(2)));
    await becomes(await send({ title: 'hei' }), { state: 'ROUTED' });
    await eventually(() => expect(arrived()).toEqual(arrivedOf(3)));
    expect(service.seen.length).toBeLessThanOrEqual(2); // two that came together may both have asked
  });

  it('fails alone where the service does, the message says so, and trying again does only that', async () => {
    service.always(json(503, {}));
    const id = await send({ title: 'moi' });
    await becomes(id, { state: 'FAILED', reason: expect.stringContaining('rule "translated": mappings[0] (Single to title): Translate: "moi" cannot be translated: it answered 503') });
    await eventually(() => expect(arrived()).toEqual(['plain moi']));
    expect((await message(id)).trace.failed).toMatchObject([{ rule: 'translated' }]);
    serves();
    await application.api.must('POST', `/api/v1/messages/${id}/retry`);
    await becomes(id, { state: 'ROUTED' });
    await eventually(() => expect(arrived()).toEqual(['plain moi', 'translated <MOI>']));
  });

  it('fails where the service says nothing within its time limit; other conversations go on meanwhile', async () => {
    service.always({ do: 'hang' });
    const slow = await send({ title: 'hidas' });
    const others = await Promise.all(Array.from({ length: 20 }, () => send({ other: 'thing' })));
    for (const id of others) await becomes(id, { state: 'NO_ROUTE' });
    await becomes(slow, { state: 'FAILED', reason: expect.stringContaining('it did not answer within 1 s') });
    // By the database's clock, which does not count how long this test took to look.
    const { finishedAt: gaveUpAt } = await message(slow);
    const meanwhile = (await Promise.all(others.map(message))).filter(({ finishedAt }) => finishedAt < gaveUpAt);
    expect(meanwhile.map(({ id }) => id).sort()).toEqual(others.sort());
  });

  it('keeps the order of its conversation while it waits for the service', async () => {
    service.always((request) => ({ do: 'answer', status: 200, afterMs: 200, body: { translatedText: (JSON.parse(request.body.toString()) as { q: string }).q } }));
    for (const title of ['one', 'two', 'three', 'four']) await send({ title }, 'ORDER');
    await eventually(() => expect(target.seen.filter(({ url }) => url.startsWith('/translated')).map(({ body }) => (JSON.parse(body.toString()) as { title: string }).title)).toEqual(['ONE', 'TWO', 'THREE', 'FOUR']));
  });

  it('may translate what changes with the clock: the instant stays the same while it is fetched', async () => {
    serves();
    await becomes(await send({ timed: 'x' }), { state: 'ROUTED' });
    expect(service.seen).toHaveLength(1);
  });

  it('ends after three translations of translations', async () => {
    serves();
    await becomes(await send({ chained: 'x' }), { state: 'FAILED', reason: expect.stringContaining('more than 3 times in a row') });
    expect(service.seen).toHaveLength(3);
  });
});
