import type { ConversationDetail, DelayedExecution, DeliveryDetail, MemoryChange, MessageSummary } from '../api/models';
import { timelineOf } from './timeline';

const minute = (at: number): string => new Date(Date.UTC(2026, 10, 21, 12, at)).toISOString();
const message = (id: string, at: number, endpoint: string, entityType: string, ticketId: string | null): MessageSummary =>
  ({ id, endpoint, entityType, ticketId, kind: 'normal', conflicts: [], state: 'ROUTED', reason: null, conversationId: 'c', receivedAt: minute(at), finishedAt: null, rules: [], deliveries: [] });
const delivery = (id: string, messageId: string, at: number, endpoint: string, entityType: string, ticketId: string | null = null): DeliveryDetail => ({
  id, messageId, conversationId: 'c', endpoint, entityType, operation: 'UPDATE', ruleId: 'r', rule: 'r', ruleVersion: 1, state: 'SENT', attempts: 1, httpStatus: 200, error: null, ticketId,
  createdAt: minute(at), nextAt: null, finishedAt: null, attributes: {}, attachments: [], attemptList: [],
} as unknown as DeliveryDetail);
const waits = (id: string, messageId: string, endpoint: string, state = 'WAITING'): DelayedExecution =>
  ({ id, messageId, ruleId: 'r', rule: 'r', ruleVersion: 1, endpoint, entityType: 'ticket', operation: null, state, reason: null, dueAt: null, waitingFor: [], createdAt: minute(0) });
const change = (id: string, messageId: string | null): MemoryChange =>
  ({ id, messageId, kind: 'attribute', name: 'group', before: null, after: 'x', ruleId: 'r', rule: 'r', ruleVersion: 1, actor: null, reason: null, changedAt: minute(0) });
const conversation = (parts: Partial<ConversationDetail>): ConversationDetail =>
  ({ id: 'c', updatedAt: minute(9), tickets: [], lanes: [], attributes: {}, counters: {}, memoryChanges: [], messages: [], deliveries: [], delayed: [], attachments: [], timeline: [], ...parts } as ConversationDetail);

describe('the timeline of a conversation', () => {
  const both = conversation({
    messages: [message('m1', 0, 'acme', 'incident', 'INC1'), message('m2', 5, 'vendor', 'Issue', 'VX-1')],
    deliveries: [delivery('d1', 'm1', 0, 'vendor', 'Issue', 'VX-1'), delivery('d2', 'm2', 5, 'acme', 'incident', 'INC1')],
    tickets: [{ endpoint: 'acme', entityType: 'incident', ticketId: 'INC1' }, { endpoint: 'vendor', entityType: 'issue', ticketId: 'VX-1' }],
  });

  it('has one column per system, in order of first appearance, whatever the case of the entity type', () => {
    expect(timelineOf(both).columns.map((column) => [column.endpoint, column.ticketId])).toEqual([['acme', 'INC1'], ['vendor', 'VX-1']]);
  });

  it('points from where a message came to where it went', () => {
    expect(timelineOf(both).events.map((event) => [event.column, event.deliveries[0]?.column, event.deliveries[0]?.direction])).toEqual([[0, 1, 'right'], [1, 0, 'left']]);
  });

  it('runs downwards in time whatever the order of the answer', () => {
    const mixed = conversation({ messages: [...both.messages].reverse(), deliveries: both.deliveries });
    expect(timelineOf(mixed).events.map((event) => event.key)).toEqual(['m1', 'm2']);
  });

  it('keeps a delivery whose message is no longer shown', () => {
    const [event] = timelineOf(conversation({ deliveries: [delivery('d1', 'gone', 3, 'vendor', 'Issue')] })).events;
    expect(event).toMatchObject({ message: null, at: minute(3) });
    expect(event?.deliveries[0]?.direction).toBe('same');
  });

  it('learns a ticket id from whoever knows it first', () => {
    const created = conversation({ messages: [message('m1', 0, 'acme', 'incident', 'INC1')], deliveries: [delivery('d1', 'm1', 0, 'vendor', 'Issue', null), delivery('d2', 'm1', 1, 'vendor', 'Issue', 'VX-1')] });
    expect(timelineOf(created).columns[1]?.ticketId).toBe('VX-1');
  });

  it('shows what waits and what was remembered beside the message that caused it', () => {
    const [event] = timelineOf(conversation({
      messages: [message('m1', 0, 'acme', 'incident', 'INC1')], delayed: [waits('x1', 'm1', 'netops'), waits('x2', 'm1', 'netops', 'RELEASED')], memoryChanges: [change('c1', 'm1'), change('c2', null)],
    })).events;
    expect(event?.delayed.map((item) => item.execution.id)).toEqual(['x1']);
    expect(event?.memory.map((item) => item.id)).toEqual(['c1']);
  });

  it('marks the first event of a day', () => {
    const days = conversation({ messages: [message('m1', 0, 'a', 't', '1'), message('m2', 1, 'a', 't', '1'), { ...message('m3', 2, 'a', 't', '1'), receivedAt: '2026-11-24T12:00:00.000Z' }] });
    expect(timelineOf(days).events.map((event) => event.startsDay)).toEqual([true, false, true]);
  });
});
