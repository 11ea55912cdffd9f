import { beforeEach, describe, expect, it } from '@jest/globals';
import { basic } from '../../../../test/support/fakes/fake-system.js';
import { FakeJira } from '../../../../test/support/fakes/jira.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { jiraServiceManagement } from './jira-service-management.js';

const there = new FakeJira();
const desk = useDesk(new PresetDesk(jiraServiceManagement, { auth: { type: 'basic', username: 'p@x', password: 'token' }, verification: { type: 'jira', secret: 'shared' } }), (target) => there.attachTo(target, basic('p@x', 'token')));
beforeEach(() => there.clear());

describe('a request at Jira Service Management', () => {
  it('is opened on behalf of a customer, with files that the customer sees, and found again', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40', priority: 2, 'requester.id': 'anna' }, { attachments: [file('a.txt', 'x')] })).toMatchObject({ outcome: 'success', ticketId: '10000', answer: { number: 'OPS-1' } });
    expect(there.issues[0]?.fields).toEqual({ summary: 'VPN', description: 'Since 07:40', labels: ['parley', 'parley-019a0000-0000-7000-8000-000000000001'], reporter: { accountId: 'anna' }, priority: { name: 'High' } });
    expect(there.shared).toEqual([{ name: 'a.txt', isPublic: true }]);
    expect(await desk.lookUp()).toEqual({ found: '10000' });
    expect(await desk.lookUp('another')).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is commented for the customer only where that is said, and gets files likewise', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('10000', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' }, { attachments: [file('a.txt', 'x')] });
    await desk.update('10000', { 'comment.text': 'for us', 'comment.visibility': 'internal' }, { attachments: [file('b.txt', 'x'), file('c.txt', 'x')] });
    await desk.update('10000', { 'comment.text': 'who knows' }, { attachments: [file('d.txt', 'x')] });
    await desk.update('10000', {}, { attachments: [file('e.txt', 'x')] });
    expect(there.comments).toEqual([{ body: 'Vera: for all', isPublic: true }, { body: 'for us', isPublic: false }, { body: 'who knows', isPublic: false }]);
    expect(there.shared).toEqual([{ name: 'a.txt', isPublic: true }, ...['b.txt', 'c.txt', 'd.txt', 'e.txt'].map((name) => ({ name, isPublic: false }))]);
  });

  it('is moved by a transition', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.seen.length = 0;
    expect(await desk.update('10000', { status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target)).toEqual(['GET /rest/api/3/issue/10000?fields=status&expand=transitions', 'POST /rest/api/3/issue/10000/transitions']);
    expect(await desk.update('10000', { status: 'cancelled' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('no transition to cancelled') });
  });

  it('is refused in the words of the desk', async () => {
    expect(await desk.create({ description: 'no title' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Please provide a valid value') });
    expect(await desk.update('99', { 'comment.text': 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('does not exist') });
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });
});
