import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json, type SeenRequest } from '../support/fake-target.js';

const TICKETS = 30;
const STEPS = 3;

let database: TestDatabase;
let application: Application;
let up: FakeTarget;
let down: FakeTarget;
let port: number;

const endpoint = (id: string, baseUrl: string): Record<string, unknown> => ({
  id, name: id, adapter: 'rest', settings: { baseUrl, retry: { firstMs: 100, mostMs: 500 }, circuit: { openMs: 500, mostOpenMs: 1_000 } },
  entityTypes: [{ name: 'ticket', operations: { create: { method: 'POST', path: '/tickets' }, update: { method: 'PUT', path: '/tickets/{{ticketId}}' } }, response: { ticketId: 'id' } }],
});
const rule = (target: string, words: string): Record<string, unknown> => ({
  ruleId: `to-${target}`, name: `source to ${target}`, changeDescription: words, sourceSystemId: 'source', sourceEntityType: 'ticket', targetSystemId: target, targetEntityType: 'ticket',
  mappings: ['ticket', 'step'].map((name) => ({ type: 'Single', template: `\${${name}}`, targetAttribute: name })).concat([{ type: 'Single', template: words, targetAttribute: 'words' }]),
});

beforeAll(async () => {
  [up, down, database] = await Promise.all([FakeTarget.start(), FakeTarget.start(), createDatabase({ isEmpty: true })]);
  for (const target of [up, down]) target.always(({ method, body }) => json(method === 'POST' ? 201 : 200, { id: `of ${(JSON.parse(body.toString()) as { ticket: string }).ticket}` }));
  application = await startApplication({ databaseUrl: database.url });
  await application.api.must('PUT', '/api/v1/config', {
    endpoints: [endpoint('source', up.url), endpoint('up', up.url), endpoint('down', down.url)], rules: [rule('up', 'first words'), rule('down', 'first words')],
  });
});
afterAll(async () => {
  await application.kill('SIGTERM');
  await Promise.all([up.stop(), down.stop(), database.drop()]);
});

const send = (ticket: string, step: number): Promise<unknown> => application.api.must('POST', '/api/v1/inbound/source/ticket', { ticketId: ticket, attributes: { ticket, step } });
/** By ticket: method, step and words of every request that was served, in order. */
function arrived(target: FakeTarget): Map<string, string[]> {
  const byTicket = new Map<string, string[]>();
  for (const { method, body } of target.seen as readonly SeenRequest[]) {
    const { ticket, step, words } = JSON.parse(body.toString()) as { ticket: string; step: number; words: string };
    byTicket.set(ticket, [...(byTicket.get(ticket) ?? []), `${method} ${step} ${words}`]);
  }
  return byTicket;
}
const everything = (words: (step: number) => string): string[] => Array.from({ length: STEPS }, (_, step) => `${step === 0 ? 'POST' : 'PUT'} ${step} ${words(step)}`);
const tickets = Array.from({ length: TICKETS }, (_, i) => `T${i + 1}`);

describe('a message for two targets of which one is down', () => {
  it('reaches the other, and so does everything that follows it', async () => {
    port = await down.goDown();
    for (let step = 0; step < STEPS - 1; step++) await Promise.all(tickets.map((ticket) => send(ticket, step)));
    await eventually(() => expect([...arrived(up).values()]).toEqual(tickets.map(() => everything(() => 'first words').slice(0, -1))));
    const { body } = await application.api.must('GET', '/api/v1/deliveries?endpoint=down&status=SENT');
    expect(body.items).toEqual([]);
  });

  it('is sent as it was decided, even by a version of its rule that is current no more', async () => {
    for (const target of ['up', 'down']) await application.api.must('POST', `/api/v1/rules/to-${target}/versions`, rule(target, 'second words'));
    await Promise.all(tickets.map((ticket) => send(ticket, STEPS - 1)));
    const expected = tickets.map(() => everything((step) => (step < STEPS - 1 ? 'first words' : 'second words')));
    await eventually(() => expect([...arrived(up).values()]).toEqual(expected));
    await down.comeBack(port);
    await eventually(() => expect([...arrived(down).values()].map((steps) => steps.join())).toEqual(expected.map((steps) => steps.join())));
  });

  it('is shown with what became of it at each', async () => {
    const { body } = await application.api.must('GET', '/api/v1/messages?ticketId=T1');
    const versions = body.items.map((message: { deliveries: { endpoint: string; state: string; ruleVersion: number }[] }) => message.deliveries.map((one) => `${one.endpoint} ${one.state} ${one.ruleVersion}`).sort());
    expect(versions).toEqual([['down SENT 2', 'up SENT 2'], ['down SENT 1', 'up SENT 1'], ['down SENT 1', 'up SENT 1']]);
  });
});
