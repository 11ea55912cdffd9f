import { describe, expect, it } from 'vitest';
import { type WorkItem, itemOfExecution, withoutIds, workGroups } from './work-groups';

const item = (id: string, more: Partial<WorkItem> = {}): WorkItem => ({
  id, at: '2030-01-01T00:00:00Z', endpoint: 'x', entityType: 'issue', ticketId: null, httpStatus: null, reason: 'The target refuses connections.', messageId: id, conversationId: 'c', delivery: null, execution: null, ...more,
  alike: withoutIds((more.reason === undefined ? 'The target refuses connections.' : more.reason) ?? ''),
});

describe('a reason without its ids', () => {
  it.each([
    ['Ticket INC0010023 is closed', 'Ticket … is closed'], ['Issue ISSUE-42 and 8341 differ', 'Issue … and … differ'],
    ['No 0192f3a1-7c11-7abc-8def-0123456789ab here', 'No … here'], ['It answered 503 after 12 tries', 'It answered 503 after 12 tries'],
  ])('%j is %j', (reason, alike) => {
    expect(withoutIds(reason)).toBe(alike);
  });
});

describe('delayed executions', () => {
  const execution = (id: string, rule: string) => itemOfExecution({
    id, rule, ruleId: rule, ruleVersion: 1, messageId: 'm', conversationId: 'c', ticketId: 'INC1', endpoint: 'x', entityType: 'issue', operation: null, state: 'WAITING', reason: null,
    createdAt: '2030-01-01T00:00:00Z', dueAt: null, timeoutAt: null, finishedAt: null, waitingFor: [{ type: 'Time' }],
  });

  it('stand together by their rule and what they wait for, whatever digits are in its name', () => {
    expect(workGroups([execution('1', 'After 1000 s'), execution('2', 'After 2000 s'), execution('3', 'After 2000 s')]).map(({ reason, items }) => [reason, items.length])).toEqual([['After 2000 s waits for its time', 2], ['After 1000 s waits for its time', 1]]);
  });
});

describe('a work list', () => {
  it('puts one reason at one system together, the largest group first', () => {
    const groups = workGroups([item('1', { endpoint: 'y' }), item('2', { reason: 'Ticket INC100 is closed' }), item('3', { reason: 'Ticket INC200 is closed' })]);
    expect(groups.map((group) => [group.endpoint, group.reason, group.items.length])).toEqual([['x', 'Ticket … is closed', 2], ['y', 'The target refuses connections.', 1]]);
  });

  it('tells the whole reason of a single one, ids and all', () => {
    expect(workGroups([item('1', { reason: 'Ticket INC100 is closed' })])[0]?.reason).toBe('Ticket INC100 is closed');
  });

  it('keeps answers with different status apart', () => {
    expect(workGroups([item('1', { httpStatus: 400 }), item('2', { httpStatus: 500 })])).toHaveLength(2);
  });

  it('shows the newest first and says how old the oldest is', () => {
    const [group] = workGroups([item('old', { at: '2030-01-01T00:00:00Z' }), item('new', { at: '2030-01-02T00:00:00Z' })]);
    expect(group?.items.map((one) => one.id)).toEqual(['new', 'old']);
    expect(group?.oldestAt).toBe('2030-01-01T00:00:00Z');
  });

  it('has a group for those without a reason', () => {
    expect(workGroups([item('1', { reason: null })])[0]?.reason).toBeNull();
  });
});
