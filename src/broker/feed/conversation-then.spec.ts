import { describe, expect, it } from '@jest/globals';
import type { DelayedRow, KeptAttachmentRow, MemoryChangeRow } from '../../store/feed/conversation-feed.js';
import type { DeliveryRow } from '../../store/feed/delivery-feed.js';
import type { MessageRow } from '../../store/feed/message-feed.js';
import { conversationThen, type StoredConversation } from './conversation-then.js';

const at = (ms: number): Date => new Date(1_000_000 + ms);
const message = (id: string, changes: Partial<MessageRow>): MessageRow => ({
  id, endpoint: 'a', entityType: 'ticket', messageType: '', ticketId: 'A1', kind: 0, conversationId: 'c', seq: 1, state: 'ROUTED', reason: null, deliveryId: null,
  receivedAt: at(0), finishedAt: at(0), trace: null, conflicts: null, homeId: null, movedAt: null, ...changes,
});
const create = (changes: Partial<DeliveryRow>): DeliveryRow => ({
  id: 'd', conversationId: 'c', messageId: '1', endpoint: 'b', entityType: 'ticket', operation: 'CREATE', ruleId: 'r', rule: 'r', ruleVersion: 1, state: 'SENT', attempts: 1,
  httpStatus: 201, error: null, ticketId: 'B1', createdAt: at(0), nextAt: null, finishedAt: at(50), troubleReason: null, ...changes,
});
const change = (changes: Partial<MemoryChangeRow>): MemoryChangeRow => ({
  id: 'm', messageId: '2', kind: 'attribute', name: 'group', before: null, after: 'x', ruleId: null, rule: null, ruleVersion: null, actor: null, reason: null, changedAt: at(100), ...changes,
});

const waiting = (changes: Partial<DelayedRow>): DelayedRow => ({
  id: 'w', messageId: '1', ruleId: 'r', ruleVersion: 1, ruleName: 'r', endpoint: 'b', entityType: 'ticket', operation: 'UPDATE', state: 'WAITING', reason: null, dueAt: null, waitingFor: [],
  timeoutAt: null, createdAt: at(0), finishedAt: null, ...changes,
});

const first = message('1', {});
const echo = message('2', { endpoint: 'b', ticketId: 'B1', seq: null, state: 'ECHO', finishedAt: at(60) });
const second = message('3', { seq: 2, finishedAt: at(100) });
const stored: StoredConversation = {
  id: 'c', memory: { attributes: { group: 'third', other: 1 }, counters: { tries: 5 } }, messages: [second, echo, first], deliveries: [create({})], delayed: [], kept: [], previous: null,
  changes: [
    change({ messageId: '3', name: 'Group', before: 'second', after: 'third' }), change({ messageId: '3', kind: 'counter', name: 'tries', before: 4, after: 5 }),
    change({ messageId: '1', before: null, after: 'second', changedAt: at(0) }),
  ],
};

describe('a conversation as a message\'s rules saw it', () => {
  it('has no ticket that only its own deliveries made', () => {
    expect(conversationThen(stored, first)).toMatchObject({ ticketIds: [{ endpoint: 'a', ticketId: 'A1' }], pendingCreates: [] });
  });

  it('has the tickets that earlier deliveries made, and creates that were on their way', () => {
    expect(conversationThen(stored, second).ticketIds).toEqual([{ endpoint: 'a', entityType: 'ticket', ticketId: 'A1' }, { endpoint: 'b', entityType: 'ticket', ticketId: 'B1' }]);
    const slow = { ...stored, messages: [second, first], deliveries: [create({ finishedAt: at(500) })] };
    expect(conversationThen(slow, second)).toMatchObject({ ticketIds: [{ endpoint: 'a' }], pendingCreates: [{ endpoint: 'b', entityType: 'ticket' }] });
  });

  it('has the memory of before, whatever changed with the message or later', () => {
    expect(conversationThen(stored, second)).toMatchObject({ attributes: { Group: 'second', other: 1 }, counters: { tries: 4 } });
    const then = conversationThen(stored, first);
    expect(then.attributes).toEqual({ other: 1 });
    expect(then.counters).toEqual({ tries: 4 });
  });

  it('has what waited then, in the order in which it was routed, and not what was released since', () => {
    const delayed: DelayedRow[] = [waiting({ id: 'w3', ruleName: 'later', messageId: '3', createdAt: at(100) }), waiting({ id: 'w2', ruleName: 'second', finishedAt: at(100) }), waiting({ id: 'w1', ruleName: 'first' }), waiting({ id: 'w0', ruleName: 'over', finishedAt: at(50) })];
    expect(conversationThen({ ...stored, delayed }, second).delayed.map((one) => one.rule)).toEqual(['first', 'second']);
    expect(conversationThen({ ...stored, delayed }, first).delayed).toEqual([]);
  });

  it('has neither memory nor deliveries of what was released with the message or after it, whosever message that was', () => {
    const delayed = [waiting({ finishedAt: at(100) })];
    const changes = [change({ messageId: '1', before: 'before the release', after: 'third' })];
    expect(conversationThen({ ...stored, delayed, changes }, second).attributes).toMatchObject({ group: 'before the release' });
    const released = create({ createdAt: at(100), finishedAt: null, ticketId: null });
    expect(conversationThen({ ...stored, messages: [second, first], delayed, deliveries: [released] }, second)).toMatchObject({ pendingCreates: [], ticketIds: [{ endpoint: 'a' }] });
    // Without a release at that instant the same rows were written by the earlier message, decided together with this one.
    expect(conversationThen({ ...stored, changes }, second).attributes).toMatchObject({ group: 'third' });
  });

  it('has the files that earlier messages left, and the targets that had been sent anything by then', () => {
    const kept: KeptAttachmentRow[] = [
      { id: 'f1', messageId: '1', name: 'a.txt', contentType: 'text/plain', size: 1, relayedTo: [{ endpoint: 'B', entityType: 'Ticket' }, { endpoint: 'c', entityType: 'ticket' }] },
      { id: 'f2', messageId: '3', name: 'b.txt', contentType: 'text/plain', size: 1, relayedTo: [] },
    ];
    expect(conversationThen({ ...stored, kept }, second).attachments).toEqual([{ id: 'f1', name: 'a.txt', contentType: 'text/plain', size: 1, relayedTo: [{ endpoint: 'B', entityType: 'Ticket' }] }]);
  });

  it('has the values that its ticket was last known with', () => {
    expect(conversationThen({ ...stored, previous: { state: 'New' } }, second).previous).toEqual({ state: 'New' });
  });
});
