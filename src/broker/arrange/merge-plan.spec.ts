import { describe, expect, it } from '@jest/globals';
import type { LockedConversation, LockedLink } from '../../store/lane/arrange.store.js';
import { planMerge } from './merge-plan.js';

const conversation = (id: string, changes: Partial<LockedConversation> = {}): LockedConversation => ({ id, lastSeq: 3, doneSeq: 2, isClaimed: false, blocked: null, ...changes });
const link = (owner: string, changes: Partial<LockedLink> = {}): LockedLink => ({ conversation: owner, endpoint: 'target', entityKey: 'issue', ticketId: null, createDeliveryId: null, lastSeq: 1, doneSeq: 1, isClaimed: false, isBlocked: false, waiting: 0, ...changes });

function plan(from: Partial<LockedLink> | null, into: Partial<LockedLink> | null): string {
  const links = [...(from === null ? [] : [link('a', from)]), ...(into === null ? [] : [link('b', into)])];
  const { lanes, problems } = planMerge(conversation('a'), conversation('b'), links);
  return [...lanes.map(({ move }) => move), ...problems.map(({ code }) => code)].join(' ');
}

describe('the lanes of a conversation that is merged', () => {
  it.each([
    ['goes along where the other one has none', { ticketId: 'T1', waiting: 2 }, null, 'MOVES'],
    ['stays where only the other one has it', null, { ticketId: 'T2' }, ''],
    ['joins one that was never used', { ticketId: 'T1', waiting: 2 }, {}, 'JOINS'],
    ['brings its create along to one that was never used', { createDeliveryId: 'd', waiting: 1 }, {}, 'JOINS'],
    ['joins one to the same ticket', { ticketId: 'T1', waiting: 2 }, { ticketId: 'T1', waiting: 1 }, 'JOINS'],
    ['ends beside one to another ticket', { ticketId: 'T1' }, { ticketId: 'T2' }, 'ENDS'],
    ['may not end while something waits for its ticket', { ticketId: 'T1', waiting: 1 }, { ticketId: 'T2' }, 'lane-not-empty'],
    ['may not lose its create', { createDeliveryId: 'd', waiting: 1 }, { ticketId: 'T2' }, 'lane-not-empty'],
    ['may not be given a second ticket', { ticketId: 'T1' }, { createDeliveryId: 'd', waiting: 1 }, 'create-under-way'],
    ['may not create twice', { createDeliveryId: 'd', waiting: 1 }, { createDeliveryId: 'e', waiting: 1 }, 'lane-not-empty'],
  ])('%s', (_what, from, into, expected) => {
    expect(plan(from, into)).toBe(expected);
  });

  it('are busy while somebody works on them; another lane of the staying conversation may be at work', () => {
    const busy = (from: LockedConversation, into: LockedConversation, ...links: LockedLink[]): boolean => planMerge(from, into, links).isBusy;
    expect(busy(conversation('a', { isClaimed: true }), conversation('b'))).toBe(true);
    expect(busy(conversation('a'), conversation('b', { isClaimed: true }))).toBe(true);
    expect(busy(conversation('a'), conversation('b'), link('a', { isClaimed: true }))).toBe(true);
    expect(busy(conversation('a'), conversation('b'), link('b', { isClaimed: true }))).toBe(false);
    expect(busy(conversation('a'), conversation('b'), link('a'), link('b', { isClaimed: true }))).toBe(true);
  });

  it('may settle by themselves while nothing blocks what waits in them', () => {
    const settles = (...links: LockedLink[]): boolean => planMerge(conversation('a'), conversation('b'), links).maySettle;
    expect(settles(link('a', { ticketId: 'T1', waiting: 1 }), link('b', { ticketId: 'T2' }))).toBe(true);
    expect(settles(link('a', { ticketId: 'T1', waiting: 1, isBlocked: true }), link('b', { ticketId: 'T2' }))).toBe(false);
    expect(settles(link('a', { ticketId: 'T1' }), link('b', { createDeliveryId: 'd', isBlocked: true }))).toBe(false);
    expect(settles(link('a'))).toBe(false);
  });

  it('wait for a conversation that is not settled itself', () => {
    expect(planMerge(conversation('a', { blocked: 'AWAITING_CREATE' }), conversation('b'), []).problems).toMatchObject([{ code: 'awaits-create' }]);
  });
});
