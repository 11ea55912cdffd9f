import { describe, expect, it } from '@jest/globals';
import { settledOf } from './settled-requests.js';

const delivery = (state: string) => ({ endpoint: 'target', entityType: 'incident', operation: 'CREATE', state, ticketId: null, error: null });
const outcome = (isRouted: boolean, ...states: string[]) => settledOf({ request: 'r', isRouted, deliveries: states.map(delivery) })?.outcome ?? null;

describe('what became of a request', () => {
  it('is not known while it is not routed, or something of it is under way', () => {
    expect(outcome(false)).toBeNull();
    expect(outcome(false, 'SENT')).toBeNull();
    for (const state of ['QUEUED', 'RETRYING']) expect(outcome(true, 'SENT', state)).toBeNull();
  });

  it('is told by all of its deliveries', () => {
    expect(outcome(true)).toBe('none');
    expect(outcome(true, 'SENT', 'SENT')).toBe('done');
    expect(outcome(true, 'SENT', 'DEAD')).toBe('failed');
    expect(outcome(true, 'DEAD', 'HELD')).toBe('held');
  });
});
