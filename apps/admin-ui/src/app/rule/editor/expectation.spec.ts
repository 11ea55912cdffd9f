import { describe, expect, it } from 'vitest';
import { expectationOf } from './expectation';

describe('what a test expects of a decision', () => {
  it('is what is sent, what waits and what is remembered', () => {
    expect(expectationOf({
      outcome: 'ROUTED', needs: [], trace: {}, warnings: [],
      outbound: [{ rule: 'a', endpoint: 'x', entityType: 'case', messageType: '', operation: 'CREATE', attributes: { title: 'T' }, attachments: ['a.png'] }],
      delayed: [{ rule: 'b', endpoint: 'y', entityType: 'case', dueAt: '2026-01-01T00:00:00.000Z', waitingFor: [] }], conversation: { attributes: { n: 1 }, counters: {}, attachments: [] },
    })).toEqual({
      outcome: 'ROUTED', outbound: [{ rule: 'a', endpoint: 'x', entityType: 'case', operation: 'CREATE', attributes: { title: 'T' }, attachments: ['a.png'] }],
      delayed: [{ rule: 'b', endpoint: 'y', entityType: 'case' }], conversation: { attributes: { n: 1 }, counters: {} },
    });
  });
});
