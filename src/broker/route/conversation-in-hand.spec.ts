import { describe, expect, it } from '@jest/globals';
import type { OutboundMessage } from '../../core/rule/decision.js';
import type { ConversationState } from '../../store/pipeline/route-lanes.js';
import { ConversationInHand } from './conversation-in-hand.js';

const outbound = (operation: 'CREATE' | 'UPDATE', entityType = 'Issue'): OutboundMessage =>
  ({ ruleId: 'r', rule: 'r', ruleVersion: 1, endpoint: 'vendor', entityType, messageType: '', operation, attributes: {}, attachments: [] });
const carried = (id: string) => ({ id, messageId: 'm', source: 'a', ruleId: 'r', ruleVersion: 1, depth: 0, body: Buffer.alloc(0) });

function setup(state: Partial<Omit<ConversationState, 'conversation'>> = {}): ConversationInHand {
  return new ConversationInHand('c', {
    attributes: {}, counters: {}, delayed: [], kept: [],
    links: [{ endpoint: 'acme', entityKey: 'incident', ticketId: 'INC1', createDeliveryId: null, lastSeq: 0 }], ...state,
  });
}

describe('a conversation in hand', () => {
  it('shows rules its tickets, and creates that are on their way', () => {
    const conversation = setup({ links: [
      { endpoint: 'acme', entityKey: 'incident', ticketId: 'INC1', createDeliveryId: null, lastSeq: 0 },
      { endpoint: 'vendor', entityKey: 'issue', ticketId: null, createDeliveryId: 'd1', lastSeq: 1 },
      { endpoint: 'other', entityKey: 'case', ticketId: null, createDeliveryId: null, lastSeq: 2 },
    ] }).asSeenByRules(null);
    expect(conversation.ticketIds).toEqual([{ endpoint: 'acme', entityType: 'incident', ticketId: 'INC1' }]);
    expect(conversation.pendingCreates).toMatchObject([{ endpoint: 'vendor', entityType: 'issue' }]);
  });

  it('gives places in the lane of each target, whatever the case of its entity type, and counts a create as on its way from then on', () => {
    const conversation = setup();
    const placed = [conversation.place(outbound('CREATE'), carried('d1')), conversation.place(outbound('UPDATE', 'ISSUE'), carried('d2')), conversation.place(outbound('CREATE', 'Task'), carried('d3'))];
    expect(placed.map(({ entityKey, seq }) => [entityKey, seq])).toEqual([['issue', 1], ['issue', 2], ['task', 1]]);
    expect(conversation.asSeenByRules(null).pendingCreates).toHaveLength(2);
    expect(conversation.deliveryCount).toBe(3);
    expect([conversation.hasSentTo('vendor', 'issue'), conversation.hasSentTo('acme', 'incident')]).toEqual([true, false]);
  });

  it('writes only links that got deliveries, with the place at which they were read', () => {
    const conversation = setup({ links: [{ endpoint: 'vendor', entityKey: 'issue', ticketId: 'V1', createDeliveryId: 'old', lastSeq: 4 }, { endpoint: 'acme', entityKey: 'incident', ticketId: 'INC1', createDeliveryId: null, lastSeq: 0 }] });
    conversation.place(outbound('UPDATE'), carried('d5'));
    conversation.place(outbound('UPDATE'), carried('d6'));
    expect(conversation.linkWrites(() => false)).toEqual([{ endpoint: 'vendor', entityKey: 'issue', createDeliveryId: null, previousSeq: 4, lastSeq: 6, take: false, firstDelivery: 'd5' }]);
  });

  it('shows an execution that is released only those that were routed before it', () => {
    const waiting = ['x', 'y', 'z'].map((id) => ({ id, rule: id, endpoint: 'vendor', entityType: 'Issue', creates: false, dueAt: null }));
    const conversation = setup({ delayed: waiting });
    expect(conversation.asSeenByRelease('y').delayed.map(({ rule }) => rule)).toEqual(['x']);
    conversation.waitNoMore('x');
    expect(conversation.asSeenByRelease('y').delayed).toEqual([]);
    conversation.wait({ ...waiting[0]!, id: 'new', rule: 'new' });
    expect(conversation.asSeenByRules(null).delayed.map(({ rule }) => rule)).toEqual(['y', 'z', 'new']);
  });

  it('says whether what it keeps of files has changed', () => {
    const conversation = setup();
    const memory = { attributes: {}, counters: {} };
    expect(conversation.take({ memory, changes: [], keptAttachments: conversation.keptNow }, 'm1')).toBe(false);
    expect(conversation.take({ memory, changes: [], keptAttachments: [{ id: 'f', name: 'a', contentType: 'text/plain', size: 1, relayedTo: [] }] }, 'm1')).toBe(true);
  });
});
