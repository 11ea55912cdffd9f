import { describe, expect, it } from '@jest/globals';
import { aRule, aRuleSet, NOW } from '../../../test/support/routing.js';
import type { WaitingRow } from '../../store/pipeline/delayed.js';
import { KIND, type RouteItem, type RouteLane } from '../../store/pipeline/lane.js';
import { organizationId } from '../../store/organization.js';
import type { ConversationState, LinkState } from '../../store/pipeline/route-lanes.js';
import { ticketText } from '../../store/pipeline/ticket-history.js';
import { newId, uuidTimeMs } from '../../store/pipeline/uuid.js';
import { decideLane } from './decide-lane.js';
import { targetText, type RouteContext } from './route-context.js';

const NOW_MS = Date.parse(NOW);
const CONVERSATION = newId();
const copiesText = { mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'text' }] };
const INC: LinkState = { endpoint: 'acme_snc', entityKey: 'incident', ticketId: 'INC1', createDeliveryId: null, lastSeq: 0 };
const VX: LinkState = { endpoint: 'vendorx_jira', entityKey: 'issue', ticketId: 'VX-7', createDeliveryId: null, lastSeq: 3 };

const item = (seq: number, attributes: object, changes: Partial<RouteItem> = {}): RouteItem => ({
  id: newId(), seq, kind: KIND.normal, endpoint: 'acme_snc', entityType: 'Incident', entityKey: 'incident', messageType: '', ticketId: 'INC1', depth: 0,
  body: Buffer.from(JSON.stringify({ ticketId: changes.ticketId ?? 'INC1', attributes })), read: undefined, ...changes,
});
const answer = (seq: number, changes: Partial<RouteItem> = {}): RouteItem => item(seq, {}, {
  kind: KIND.response, endpoint: 'vendorx_jira', entityType: 'Issue', entityKey: 'issue', ticketId: 'VX-7', depth: 1,
  body: Buffer.from(JSON.stringify({ attributes: { key: 'VX-7' }, response: { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, error: null, ticketId: 'VX-7' } })), ...changes,
});

interface Given {
  readonly items: readonly RouteItem[];
  readonly rules: readonly object[];
  readonly state?: Partial<ConversationState>;
  readonly context?: Partial<RouteContext>;
  readonly byValue?: boolean;
}

/** Decides a lane and shows what it came to; mayTake: whether its deliveries could go at once. */
function setup({ items, rules, state = {}, context = {}, byValue = true }: Given) {
  const lane: RouteLane = { organization: organizationId(newId()), conversation: CONVERSATION, claim: 1n, fresh: false, crashCount: 1, lastSeq: items.at(-1)?.seq ?? 7, items };
  const states = new Map([[CONVERSATION, { conversation: CONVERSATION, attributes: {}, counters: {}, links: [INC], delayed: [], kept: [], ...state }]]);
  const decision = decideLane(lane, { states, attachments: new Map(), waiting: new Map(), absent: new Map(), histories: new Map(), recent: new Map(), loops: new Map(), nowMs: NOW_MS, ...context }, {
    rules: aRuleSet(...rules), byValue: () => byValue, known: () => ({}),
  });
  const result = decision.result(() => true);
  return {
    result, states: result.messages.map(({ state: one }) => one), reasons: result.messages.map(({ reason }) => reason),
    sent: result.deliveries.map(({ operation, seq, endpoint, body }) => `${operation} ${endpoint} ${seq} ${(JSON.parse(Buffer.from(body).toString()) as { attributes: { text?: string } }).attributes.text ?? ''}`.trim()),
  };
}

describe('deciding a lane', () => {
  it('makes the first message of an unseen target its create, and the others updates behind it', () => {
    const { sent, states, result } = setup({ items: [item(1, { text: 'a' }), item(2, { text: 'b' })], rules: [aRule(copiesText)] });
    expect(sent).toEqual(['CREATE vendorx_jira 1 a', 'UPDATE vendorx_jira 2 b']);
    expect(states).toEqual(['ROUTED', 'ROUTED']);
    expect(result.links).toMatchObject([{ endpoint: 'vendorx_jira', entityKey: 'issue', previousSeq: 0, lastSeq: 2, createDeliveryId: result.deliveries[0]!.id, firstDelivery: result.deliveries[0]!.id, take: true }]);
    expect(result.doneSeq).toBe(2);
  });

  it('goes on from the places that the lane has', () => {
    const { sent, result } = setup({ items: [item(4, { text: 'c' })], rules: [aRule(copiesText)], state: { links: [INC, VX] } });
    expect(sent).toEqual(['UPDATE vendorx_jira 4 c']);
    expect(result.links).toMatchObject([{ previousSeq: 3, lastSeq: 4, createDeliveryId: null }]);
  });

  it('fans out to several targets, each with places of its own', () => {
    const { sent } = setup({ items: [item(1, { text: 'a' })], rules: [aRule({ ...copiesText, priority: 2 }), aRule({ ...copiesText, ruleId: 'r2', name: 'r2', targetSystemId: 'other', targetEntityType: 'Case' }), aRule({ ...copiesText, ruleId: 'r3', name: 'r3', priority: 1 })] });
    expect(sent).toEqual(['CREATE vendorx_jira 1 a', 'UPDATE vendorx_jira 2 a', 'CREATE other 1 a']);
  });

  it('offers answers to response rules alone', () => {
    const { sent, states } = setup({
      items: [answer(2)], state: { links: [INC, VX] },
      rules: [aRule({ sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue', targetSystemId: 'acme_snc', targetEntityType: 'Incident', targetCondition: 'RESPONSE_TO_CREATE', mappings: [{ type: 'Single', template: 'is ${sf:response:ticketId}', targetAttribute: 'text' }] }),
        aRule({ ruleId: 'r2', name: 'r2', sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue', targetSystemId: 'acme_snc', targetEntityType: 'Incident' })],
    });
    expect(sent).toEqual(['UPDATE acme_snc 1 is VX-7']);
    expect(states).toEqual(['ROUTED']);
  });

  it('drops what a rule drops, and goes on', () => {
    const { states, sent } = setup({ items: [item(1, { text: 'spam' }), item(2, { text: 'b' })], rules: [aRule(copiesText), aRule({ ruleId: 'd', name: 'd', action: 'DROP', entityConditions: [{ attribute: 'text', operator: 'EQUALS', values: ['spam'] }] })] });
    expect(states).toEqual(['DROPPED', 'ROUTED']);
    expect(sent).toEqual(['CREATE vendorx_jira 1 b']);
  });

  it('fails a message whose body cannot be read, and goes on', () => {
    const { states, reasons, sent } = setup({ items: [item(1, {}, { body: Buffer.from('{') }), item(2, { text: 'b' })], rules: [aRule(copiesText)] });
    expect(states).toEqual(['FAILED', 'ROUTED']);
    expect(reasons[0]).toContain('cannot be read');
    expect(sent).toEqual(['CREATE vendorx_jira 1 b']);
  });

  it('lets each message see the memory that the ones before it left', () => {
    const { sent, result } = setup({ items: [item(1, { text: 'a' }), item(2, { text: 'b' })], rules: [aRule({
      mappings: [{ type: 'Single', template: '${text} after ${sf:conversation:last}', targetAttribute: 'text' }], conversationAttributeMappings: [{ type: 'Single', template: '${text}', targetAttribute: 'last' }],
    })] });
    expect(sent).toEqual(['CREATE vendorx_jira 1 a after', 'UPDATE vendorx_jira 2 b after a']);
    expect(result.memory).toMatchObject({ attributes: '{"last":"b"}', changes: [{ before: undefined, after: 'a' }, { before: 'a', after: 'b' }] });
  });

  it('has nothing done where it only looks at what waits', () => {
    expect(setup({ items: [], rules: [] }).result).toMatchObject({ doneSeq: 7, messages: [], memory: null, links: [] });
  });
});

describe('echoes', () => {
  const fromVendor = (seq: number, attributes: object, changes: Partial<RouteItem> = {}): RouteItem => item(seq, attributes, { endpoint: 'vendorx_jira', entityType: 'Issue', entityKey: 'issue', ticketId: 'VX-7', ...changes });
  const back = aRule({ ...copiesText, sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue', targetSystemId: 'acme_snc', targetEntityType: 'Incident' });
  const place = { conversation: CONVERSATION, endpoint: 'vendorx_jira', entityKey: 'issue' };
  const known = (attributes: object, beganMs: number) => ({
    histories: new Map([[ticketText({ ...place, ticketId: 'VX-7' }), { ...place, ticketId: 'VX-7', attributes: { text: 'old' }, lastReceivedMs: beganMs - 60_000, since: [], filtered: [] }]]),
    recent: new Map([[targetText(CONVERSATION, 'vendorx_jira', 'issue'), [{ ...place, id: 'd1', operation: 'UPDATE' as const, beganMs, body: Buffer.from(JSON.stringify({ attributes, attachments: [] })) }]]]),
  });

  it('by value are not routed, name their delivery, and teach the last known values', () => {
    const message = fromVendor(5, { text: 'new' });
    const { states, result } = setup({ items: [message], rules: [back], state: { links: [INC, VX] }, context: known({ text: 'new' }, uuidTimeMs(message.id) - 100) });
    expect(states).toEqual(['ECHO']);
    expect(result.messages[0]).toMatchObject({ receipt: 'd1' });
    expect(result.snapshots).toMatchObject([{ ticketId: 'VX-7', uptoSeq: 5, attributes: { text: 'new' } }]);
  });

  it('by value are none where the endpoint does not want them, or the values differ', () => {
    const message = fromVendor(5, { text: 'new' });
    const at = uuidTimeMs(message.id) - 100;
    expect(setup({ items: [message], rules: [back], state: { links: [INC, VX] }, context: known({ text: 'new' }, at), byValue: false }).states).toEqual(['ROUTED']);
    expect(setup({ items: [message], rules: [back], state: { links: [INC, VX] }, context: known({ text: 'other' }, at) }).states).toEqual(['ROUTED']);
  });

  it('by sender are echoes whatever they bring', () => {
    const message = fromVendor(5, {}, { kind: KIND.ours, body: Buffer.from(JSON.stringify({ ticketId: 'VX-7', attributes: { text: 'x' }, sender: { id: 'bot' } })) });
    expect(setup({ items: [message], rules: [back], state: { links: [INC, VX] } })).toMatchObject({ states: ['ECHO'], reasons: ['sent by our integration user'] });
  });
});

describe('the loop guard', () => {
  it('stops before the message at which there are too many deliveries; what came before it is done', () => {
    const { states, result } = setup({ items: [item(5, { text: 'a' }), item(6, { text: 'b' }), item(7, { text: 'c' })], rules: [aRule(copiesText)], context: { loops: new Map([[CONVERSATION, { releasedMs: null, recentDeliveries: 119 }]]) } });
    expect(states).toEqual(['ROUTED', 'ROUTED']);
    expect(result).toMatchObject({ doneSeq: 6, blocked: expect.stringContaining('121 deliveries') });
  });

  it('stops a long chain of answers, unless an operator has released the conversation since', () => {
    const deep = answer(5, { depth: 6 });
    expect(setup({ items: [deep], rules: [] }).result).toMatchObject({ doneSeq: 4, blocked: expect.stringContaining('answers caused answers') });
    expect(setup({ items: [deep], rules: [], context: { loops: new Map([[CONVERSATION, { releasedMs: uuidTimeMs(deep.id) + 1, recentDeliveries: 0 }]]) } }).result).toMatchObject({ doneSeq: 5, blocked: null });
  });

  it('releases nothing that waits while the conversation stands still', () => {
    const row = waits('a', { ordered: 'RELEASE' });
    expect(setup({ items: [answer(5, { depth: 6 })], rules: [aRule(copiesText)], context: { waiting: new Map([[CONVERSATION, [row]]]) } }).result.ended).toEqual([]);
  });
});

const waits = (text: string, changes: Partial<WaitingRow> = {}): WaitingRow => ({
  id: newId(), conversation: CONVERSATION, messageId: newId(), ruleId: 'r1', ruleVersion: 1, ruleName: 'r', endpoint: 'vendorx_jira', entityType: 'Issue', operation: 'CREATE', dueAt: null, timeoutAt: null, onTimeout: null,
  ordered: null, orderedBy: null, depth: 0, nowMs: NOW_MS,
  message: Buffer.from(JSON.stringify({ id: 'm', endpoint: 'acme_snc', entityType: 'Incident', ticketId: 'INC1', messageType: '', attributes: { text }, attachments: [], sender: null, receivedAt: NOW, response: null })), ...changes,
});

describe('executions that wait', () => {
  const approved = { delayConditions: [{ type: 'ConversationAttribute', attribute: 'approved' }] };
  const state = (rows: readonly WaitingRow[], attributes: Record<string, string> = {}): Partial<ConversationState> => ({
    attributes, delayed: rows.map(({ id, dueAt }) => ({ id, rule: 'r', endpoint: 'vendorx_jira', entityType: 'Issue', creates: true, dueAt })),
  });
  const decide = (rows: readonly WaitingRow[], rules: readonly object[], attributes: Record<string, string> = {}, items: readonly RouteItem[] = []) =>
    setup({ items, rules, state: state(rows, attributes), context: { waiting: new Map([[CONVERSATION, rows]]) } });

  it('are released in the order in which they were routed, each behind the one before it', () => {
    const rows = [waits('1'), waits('2'), waits('3')];
    const { sent, result } = decide(rows, [aRule({ ...copiesText, ...approved })], { approved: 'yes' });
    expect(sent).toEqual(['CREATE vendorx_jira 1 1', 'UPDATE vendorx_jira 2 2', 'UPDATE vendorx_jira 3 3']);
    expect(result.ended.map(({ id, state: one }) => [id, one])).toEqual(rows.map(({ id }) => [id, 'RELEASED']));
  });

  it('wait on, also those behind one that waits', () => {
    const { result, sent } = decide([waits('1', { dueAt: new Date(NOW_MS + 1).toISOString() }), waits('2')], [aRule(copiesText)]);
    expect([result.ended, sent]).toEqual([[], []]);
  });

  it('are due by the database\'s clock at which they were read', () => {
    const due = new Date(NOW_MS + 5).toISOString();
    expect(decide([waits('1', { dueAt: due, nowMs: NOW_MS + 4 })], [aRule(copiesText)]).sent).toEqual([]);
    expect(decide([waits('1', { dueAt: due, nowMs: NOW_MS + 5 })], [aRule(copiesText)]).sent).toEqual(['CREATE vendorx_jira 1 1']);
  });

  it('go behind the messages that were routed with them, and are seen by them as on their way', () => {
    const { sent } = decide([waits('1')], [aRule({ ...copiesText, delayConditions: [{ type: 'ConversationAttribute', attribute: 'approved' }], entityConditions: [{ attribute: 'approved', operator: 'NOT_EXISTS', values: [] }] }),
      aRule({ ruleId: 'm', name: 'm', action: 'PROCESS_ONLY', entityConditions: [{ attribute: 'approved', operator: 'EXISTS', values: [] }], conversationAttributeMappings: [{ type: 'Single', template: '${approved}', targetAttribute: 'approved' }] })], {}, [item(3, { approved: 'yes' })]);
    expect(sent).toEqual(['CREATE vendorx_jira 1 1']);
  });

  it('are cancelled by an operator whoever they are, and the one behind goes', () => {
    const { result, sent } = decide([waits('1', { ordered: 'CANCEL', orderedBy: 'Ann' }), waits('2')], [aRule(copiesText)]);
    expect(result.ended).toMatchObject([{ state: 'CANCELLED', reason: 'cancelled by Ann' }, { state: 'RELEASED' }]);
    expect(sent).toEqual(['CREATE vendorx_jira 1 2']);
  });

  it('are cancelled where their rule is gone', () => {
    expect(decide([waits('1')], []).result.ended).toMatchObject([{ state: 'CANCELLED', reason: 'the rule is gone' }]);
  });
});
