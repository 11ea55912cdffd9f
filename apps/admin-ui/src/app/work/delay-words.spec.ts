import { describe, expect, it } from 'vitest';
import { delayWords } from './delay-words';

describe('why an execution waits', () => {
  it.each([
    [[{ type: 'Time', dueAt: '2030-01-01T00:00:00Z' }], 'Later waits for its time'],
    [[{ type: 'ConversationAttribute', attribute: 'approved', operator: 'EXISTS', values: [] }, { type: 'Order' }], 'Later waits for the conversation attribute approved and for what stands before it'],
    [[{ type: 'TicketId', endpoint: 'acme', entityType: 'ticket' }], 'Later waits for a ticket id at acme'],
    [[], 'Later waits for its turn'],
  ])('%j is told', (waitingFor, words) => {
    expect(delayWords({ rule: 'Later', waitingFor })).toBe(words);
  });
});
