import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBoth, openDesks, OPENS, unfaithful, type Desks, type ShownMessage } from '../support/desks.js';
import { eventually } from '../support/eventually.js';

const TOLD = 'Update failed to reach the target. The target ticket is locked. Try again later';
const RETRY = 'b: try again in a while';

let desks: Desks;
beforeAll(async () => {
  desks = await openDesks({ a: {}, b: { lockAnswer: 'ack', ackDelayMs: 100 } });
  const { api } = desks;
  await api.must('PUT', '/api/v1/config', { rules: [OPENS] });
  await api.must('POST', '/api/v1/templates/locked-ticket/apply', { parameters: { source: 'a', target: 'b', seconds: 1 } });
});
afterAll(() => desks.close());

const say = (id: string, text: string): Promise<void> => desks.a.change(id, { comment: { text, visibility: 'public' } });
/** Webhooks by which B took an update back. */
const refusals = async (inB: string): Promise<number> =>
  ((await desks.b.tool.must('GET', `/webhooks?ticket=${inB}`)).body as { event: string; state: string }[]).filter(({ event, state }) => event === 'ticket.update-rejected' && state === 'sent').length;
const deliveriesOf = (conversation: { deliveries: { rule: string; endpoint: string; state: string; createdAt: string }[] }, rule: string) => conversation.deliveries.filter((one) => one.rule === rule);

describe('an update that meets a locked ticket behind a tool that says yes at first', () => {
  it('is tried ten times, a second apart, and then its sender is told', async () => {
    const { inA, inB } = await openBoth(desks, { title: 'Printer' });
    await desks.b.lock(inB);
    await say(inA, 'Is it done?');
    await eventually(async () => expect(await desks.a.comments(inA)).toEqual(['Is it done?', TOLD]));
    const conversation = await desks.conversationOf(inA);
    const tries = deliveriesOf(conversation, RETRY);
    expect(tries.map(({ endpoint, state }) => `${endpoint} ${state}`)).toEqual(Array.from({ length: 10 }, () => 'b SENT'));
    const times = tries.map(({ createdAt }) => Date.parse(createdAt));
    for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(1_000);
    expect(await refusals(inB)).toBe(11); // the first one and ten more
    expect(await desks.b.comments(inB)).toEqual([]);
    expect(conversation.counters).toEqual({ retries: 0 });
    expect(conversation.delayed.filter((one: { state: string }) => one.state === 'WAITING')).toEqual([]);
    expect(conversation.memoryChanges.filter((one: { name: string }) => one.name === 'retries').map((one: { after: number }) => one.after).reverse()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0]);
    expect(await unfaithful(desks, conversation.messages as ShownMessage[])).toEqual([]);
  });

  it('arrives once the ticket is unlocked; what was said meanwhile follows it; the tries are counted anew', async () => {
    const { inA, inB } = await openBoth(desks, { title: 'Scanner' });
    await desks.b.lock(inB);
    await say(inA, 'First');
    await eventually(async () => expect(await refusals(inB)).toBe(1));
    await say(inA, 'Second');
    await eventually(async () => expect(await refusals(inB)).toBe(4)); // the third try was refused
    await desks.b.unlock(inB);
    await eventually(async () => expect(await desks.b.comments(inB)).toEqual(['First', 'Second']));
    await eventually(async () => expect(await desks.conversationOf(inA)).toMatchObject({ counters: { retries: 0 }, attributes: { locked: '', lastComment: '' } }));
    const conversation = await desks.conversationOf(inA);
    expect(deliveriesOf(conversation, RETRY)).toHaveLength(4);
    expect(conversation.messages.filter((one: { state: string }) => one.state === 'FAILED')).toEqual([]);
    expect(await unfaithful(desks, conversation.messages as ShownMessage[])).toEqual([]);
    expect(await desks.a.comments(inA)).toEqual(['First', 'Second']);
  });
});

const isFromB = ({ endpoint, kind }: ShownMessage): boolean => endpoint === 'b' && kind === 'normal';

describe('a past message of such a conversation', () => {
  it('decided again with a draft shows what would have been, with the memory as it was at that try', async () => {
    const { inA, inB } = await openBoth(desks, { title: 'Plotter' });
    await desks.b.lock(inB);
    await say(inA, 'Hello?');
    await eventually(async () => expect(await refusals(inB)).toBe(4));
    await desks.b.unlock(inB);
    await eventually(async () => expect(await desks.b.comments(inB)).toEqual(['Hello?']));
    // What was sent last comes back as an echo, and its answer ends the counting: then nothing more is to come.
    await eventually(async () => {
      const { counters, messages } = await desks.conversationOf(inA);
      expect([counters.retries, (messages as ShownMessage[]).filter(isFromB).at(-1)?.state]).toEqual([0, 'ECHO']);
    });
    const { messages } = await desks.conversationOf(inA);
    const taken = (messages as ShownMessage[]).filter((one) => isFromB(one) && one.state !== 'ECHO');
    expect(taken).toHaveLength(4);
    const retries: unknown[] = [];
    for (const { id } of taken) retries.push((await desks.api.must('POST', '/api/v1/simulate', { messageId: id })).body.case.conversation.counters.retries ?? 0);
    expect(retries).toEqual([0, 1, 2, 3]);
    const current = (await desks.api.must('GET', '/api/v1/rules/export')).body as Record<string, unknown>[];
    const rule = current.find(({ name }) => name === RETRY)!;
    const impatient = { ...rule, conversationConditions: [{ attribute: 'sf:conversation:counter:retries', operator: 'LESS_THAN', values: ['2'] }], delayConditions: [] };
    const outcomes: unknown[] = [];
    for (const { id } of taken) {
      const { body } = await desks.api.must('POST', '/api/v1/simulate', { messageId: id, ruleDraft: impatient });
      outcomes.push([body.past.state, body.outbound.map((one: { attributes: unknown }) => one.attributes)]);
    }
    const sent = [{ comment: 'Hello?', comment_author: 'ann', comment_visibility: 'public' }];
    expect(outcomes).toEqual([['ROUTED', sent], ['ROUTED', sent], ['ROUTED', []], ['ROUTED', []]]);
    expect((await desks.conversationOf(inA)).messages).toHaveLength(messages.length); // nothing happened
  });
});
