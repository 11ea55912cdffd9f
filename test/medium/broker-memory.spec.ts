import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

describe('the memory of a conversation', () => {
  it('is what rules made of it, message by message, and its log says who did', async () => {
    const desk = await broker.desk();
    const ruleId = await desk.rule('remembers', {
      conversationAttributeMappings: [{ type: 'Single', template: '${text}', targetAttribute: 'last' }, { type: 'CounterIncrement', counterName: 'seen' }],
      mappings: [{ type: 'Single', template: '${text} after ${sf:conversation:last} (${sf:conversation:counter:seen})', targetAttribute: 'text' }],
    });
    const messages = [];
    for (const text of ['a', 'b', 'c']) messages.push(await desk.say('INC1', { text }));
    await desk.untilSeen(['POST /target/incidents a after  (0)', 'PUT /target/incidents/T-1 b after a (1)', 'PUT /target/incidents/T-1 c after b (2)']);
    await eventually(async () => expect(await desk.rows('SELECT attributes, counters FROM conversation_memory WHERE organization_id = $1')).toEqual([{ attributes: { last: 'c' }, counters: { seen: 3 } }]));
    const { body } = await desk.user.get(`/api/v1/conversations/${await desk.conversationOf(messages[0]!)}`);
    const log = (await desk.rows<{ name: string; before: unknown; after: unknown; message: string; rule: string }>('SELECT name, before, after, message_id AS message, rule_id AS rule FROM memory_change WHERE organization_id = $1 ORDER BY id')).filter(({ name }) => name === 'last');
    expect(log).toEqual([
      { name: 'last', before: null, after: 'a', message: messages[0], rule: ruleId }, { name: 'last', before: 'a', after: 'b', message: messages[1], rule: ruleId }, { name: 'last', before: 'b', after: 'c', message: messages[2], rule: ruleId },
    ]);
    expect(JSON.stringify(body)).toContain('"last"');
  });

  it('is changed by answers in the order in which they came', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    await desk.rule('counts answers', { sourceSystemId: 'target', targetCondition: 'RESPONSE_TO_UPDATE', action: 'PROCESS_ONLY', mappings: [], conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'answers' }, { type: 'Append', template: '${n}', targetAttribute: 'order', separator: ',' }] });
    desk.target.always(() => json(200, { id: 'T-1', n: desk.target.seen.length }));
    for (let n = 0; n < 12; n++) await desk.say('INC1', { text: `${n}` });
    await eventually(async () => expect(await desk.rows('SELECT attributes, counters FROM conversation_memory WHERE organization_id = $1')).toEqual([{ attributes: { order: '2,3,4,5,6,7,8,9,10,11,12' }, counters: { answers: 11 } }]));
  });
});

describe('files', () => {
  const file = (name: string, text: string): object => ({ name, contentType: 'text/plain', contentBase64: Buffer.from(text).toString('base64') });
  const carried = (desk: Desk): string[][] => desk.target.seen.map(({ body }) => ((JSON.parse(body.toString()) as { files?: { name: string; contentBase64: string }[] }).files ?? []).map(({ name, contentBase64 }) => `${name}: ${Buffer.from(contentBase64, 'base64').toString()}`));

  it('go from a message into the conversation, and from there to a target, once', async () => {
    const desk = await broker.desk();
    await desk.endpoint('target', { entityType: { attachments: { attribute: 'files' } } });
    await desk.rule('keeps', { action: 'PROCESS_ONLY', mappings: [], saveAttachmentsToConversation: true, attachmentRequired: true });
    await desk.rule('sends', { attachmentMapping: { mapAttachmentsFromConversation: true }, entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }] });
    await desk.say('INC1', {}, { attachments: [file('a.txt', 'first'), file('b.txt', '')] });
    await desk.say('INC1', { text: '1' });
    await desk.say('INC1', {}, { attachments: [file('c.txt', 'later')] });
    await desk.say('INC1', { text: '2' });
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2']);
    expect(carried(desk)).toEqual([['a.txt: first', 'b.txt: '], ['c.txt: later']]);
    const kept = await desk.rows<{ name: string; relayed: object[] }>('SELECT name, relayed_to AS relayed FROM kept_attachment WHERE organization_id = $1 ORDER BY name');
    expect(kept.map(({ name, relayed }) => `${name} ${relayed.length}`)).toEqual(['a.txt 1', 'b.txt 1', 'c.txt 1']);
  });

  it('are taken for not sent again when the delivery that carried them dies, and a later one carries them', async () => {
    const desk = await broker.desk();
    await desk.endpoint('target', { entityType: { attachments: { attribute: 'files' } } });
    await desk.rule('keeps', { action: 'PROCESS_ONLY', mappings: [], saveAttachmentsToConversation: true, attachmentRequired: true });
    await desk.rule('sends', { attachmentMapping: { mapAttachmentsFromConversation: true }, entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }] });
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    await desk.say('INC1', {}, { attachments: [file('a.txt', 'first')] });
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC1', { text: '2' });
    await desk.untilDeliveries(['SENT', 'DEAD']);
    await desk.say('INC1', { text: '3' });
    await desk.say('INC1', { text: '4' });
    await desk.untilDeliveries(['SENT', 'DEAD', 'SENT', 'SENT']);
    expect(carried(desk)).toEqual([[], ['a.txt: first'], ['a.txt: first'], []]);
  });

  it('are taken for not sent when an operator skips what carried them, and for sent when one that died is sent again', async () => {
    const desk = await broker.desk();
    await desk.endpoint('target', { entityType: { attachments: { attribute: 'files' } } });
    await desk.rule('keeps', { action: 'PROCESS_ONLY', mappings: [], saveAttachmentsToConversation: true, attachmentRequired: true });
    await desk.rule('sends', { attachmentMapping: { mapAttachmentsFromConversation: true }, entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }] });
    const relayed = async (): Promise<number> => (await desk.rows<{ relayed: object[] }>('SELECT relayed_to AS relayed FROM kept_attachment WHERE organization_id = $1'))[0]!.relayed.length;
    await desk.say('INC1', {}, { attachments: [file('a.txt', 'first')] });
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['DEAD']);
    expect(await relayed()).toBe(0);
    desk.target.next(json(400, { message: 'no' }));
    expect((await desk.act('deliveries', (await desk.deliveries())[0]!.id, 'retry')).status).toBe(204);
    expect(await relayed()).toBe(1);
    await eventually(async () => expect(await relayed()).toBe(0));
    expect((await desk.act('deliveries', (await desk.deliveries())[0]!.id, 'skip')).status).toBe(204);
    await desk.say('INC1', { text: '2' });
    await desk.untilDeliveries(['SKIPPED', 'SENT']);
    expect(carried(desk)).toEqual([['a.txt: first'], ['a.txt: first'], ['a.txt: first']]);
    expect(await relayed()).toBe(1);
  });

  it('go straight from a message to a target', async () => {
    const desk = await broker.desk();
    await desk.endpoint('target', { entityType: { attachments: { attribute: 'files' } } });
    await desk.rule('sends', { attachmentMapping: { mapAttachmentsFromSourceMessage: true, extensionBlacklist: ['exe'] } });
    await desk.say('INC1', { text: '1' }, { attachments: [file('a.txt', 'hello'), file('b.exe', 'no')] });
    await desk.untilSeen(['POST /target/incidents 1']);
    expect(carried(desk)).toEqual([['a.txt: hello']]);
  });
});

describe('the loop guard', () => {
  it('stops a conversation at more than 120 deliveries in a minute, and lets it go on when it is released', async () => {
    const desk = await broker.desk();
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    await desk.rule('many', { iterate: 'BY_VALUE', iterateAttribute: 'list', mappings: [{ type: 'Single', template: '${sf:item}', targetAttribute: 'text' }] });
    const list = Array.from({ length: 13 }, (_, i) => i);
    const messages = [];
    for (let n = 0; n < 12; n++) messages.push(await desk.say('INC1', { list }));
    const conversation = await desk.conversationOf(messages[0]!);
    const blocked = async (): Promise<string | null> => (await desk.rows<{ blocked: string | null }>('SELECT blocked FROM conversation WHERE organization_id = $1'))[0]!.blocked;
    await eventually(async () => expect(await blocked()).toContain('deliveries in one conversation within 60 s'));
    await desk.untilMessage(messages[9]!, { state: 'ROUTED' });
    await desk.untilMessage(messages[10]!, { state: 'RECEIVED' });
    expect(await desk.deliveries()).toHaveLength(130);
    const late = await desk.say('INC1', { list: [1] });
    expect((await desk.act('conversations', conversation, 'release')).status).toBe(204);
    await desk.untilMessage(late, { state: 'ROUTED' });
    expect(await desk.deliveries()).toHaveLength(157);
    expect((await desk.act('conversations', conversation, 'release')).status).toBe(409);
    expect(await desk.auditOf(conversation)).toEqual(['conversation.release']);
  });

  it('stops answers that cause answers, and lets them end when it is released', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    await desk.rule('answers answers', { sourceSystemId: 'target', targetCondition: 'RESPONSE_TO_UPDATE', mappings: [{ type: 'Single', template: 'again', targetAttribute: 'text' }] });
    await desk.say('INC1', { text: '1' });
    const message = await desk.say('INC1', { text: '2' });
    const blocked = async (): Promise<string | null> => (await desk.rows<{ blocked: string | null }>('SELECT blocked FROM conversation WHERE organization_id = $1'))[0]!.blocked;
    await eventually(async () => expect(await blocked()).toContain('answers caused answers'));
    const before = desk.seen().length;
    expect((await desk.act('conversations', await desk.conversationOf(message), 'release')).status).toBe(204);
    await eventually(async () => expect(await blocked()).toBeNull());
    await eventually(() => expect(desk.seen()).toHaveLength(before + 1));
    await desk.untilIdle();
    expect(await blocked()).toBeNull();
  });
});
