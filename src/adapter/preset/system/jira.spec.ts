import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { basic, header } from '../../../../test/support/fakes/fake-system.js';
import { FakeJira } from '../../../../test/support/fakes/jira.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { jiraCloud, jiraDataCenter } from './jira.js';

const [ofCloud, ofServer] = [new FakeJira(), new FakeJira('data center')];
const VERIFICATION = { type: 'jira', secret: 'shared' };
const cloud = useDesk(new PresetDesk(jiraCloud, { auth: { type: 'basic', username: 'p@x', password: 'token' }, verification: VERIFICATION }), (target) => ofCloud.attachTo(target, basic('p@x', 'token')));
const server = useDesk(new PresetDesk(jiraDataCenter, { auth: { type: 'bearer', token: 'pat' }, verification: VERIFICATION }), (target) => ofServer.attachTo(target, header('authorization', 'Bearer pat')));
const plain = useDesk(new PresetDesk(jiraDataCenter, { auth: { type: 'bearer', token: 'pat' }, variables: { project: 'OPS', issueType: 'Bug', serviceDesk: 'no' } }), (target) => ofServer.attachTo(target, header('authorization', 'Bearer pat')));
beforeEach(() => { ofCloud.clear(); ofServer.clear(); });

describe('an issue at Jira Cloud', () => {
  it('waits alone where the limit is its own', async () => {
    await cloud.create({ title: 'VPN' });
    cloud.target.next(json(429, {}, { 'retry-after': '5', 'ratelimit-reason': 'jira-per-issue-on-write' }));
    expect(await cloud.update('10000', { title: 'x' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 5_000, isOfTicket: true, endpointFault: false });
    for (const reason of ['jira-burst-based', 'jira-quota-tenant-based']) {
      cloud.target.next(json(429, {}, { 'retry-after': '5', 'ratelimit-reason': reason }));
      const limited = await cloud.update('10000', { title: 'x' });
      expect(limited).toMatchObject({ outcome: 'retryable', retryAfterMs: 5_000, endpointFault: true });
      expect(limited).not.toHaveProperty('isOfTicket');
    }
  });
});

describe.each([['Cloud', cloud, ofCloud, 3], ['Data Center', server, ofServer, 2]] as const)('an issue at Jira %s', (_, desk, there, version) => {
  it('is created with its fields, and its key comes along', async () => {
    expect(await desk.create({ title: 'y'.repeat(300), description: 'Since 07:40', priority: '1', status: 'new' }, { attachments: [file('a.txt', 'x')] })).toMatchObject({ outcome: 'success', ticketId: '10000', answer: { number: 'OPS-1' } });
    expect(there.issues[0]?.fields).toEqual({ project: { key: 'OPS' }, issuetype: { name: 'Incident' }, summary: 'y'.repeat(255), description: 'Since 07:40', priority: { name: 'Highest' }, labels: ['parley', 'parley-019a0000-0000-7000-8000-000000000001'] });
    expect(there.uploads).toEqual(['a.txt']);
    expect(await desk.lookUp()).toEqual({ found: '10000' });
  });

  it('is moved by the transition that leads to the status, from where it is', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('10000', { status: 'inProgress', title: 'VPN down' })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]).toMatchObject({ status: 'Work in progress', fields: { summary: 'VPN down' } });
    desk.target.seen.length = 0;
    expect(await desk.update('10000', { status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target)).toEqual([`GET /rest/api/${version}/issue/10000?fields=status&expand=transitions`]);
    expect(await desk.update('10000', { status: 'resolved' })).toMatchObject({ outcome: 'success' });
    expect(await desk.update('10000', { status: 'closed' })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]?.status).toMatch(/Resolved|Closed/);
  });

  it('is refused before anything is written where no transition leads there', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('10000', { status: 'pending', title: 'New title', 'comment.text': 'x' })).toMatchObject({ outcome: 'rejected', error: 'The workflow has no transition to pending from where the issue is.' });
    expect(there.issues[0]?.fields).toMatchObject({ summary: 'VPN' });
    expect(there.comments).toEqual([]);
  });

  it('is commented by the door of the service desk, publicly only where that is said', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('10000', { 'comment.text': 'for all', 'comment.visibility': 'public', 'comment.author': 'Vera' });
    await desk.update('10000', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('10000', { 'comment.text': 'who knows' });
    expect(there.comments).toEqual([{ body: 'Vera: for all', isPublic: true }, { body: 'for us', isPublic: false }, { body: 'who knows', isPublic: false }]);
  });

  it('says what is wrong in the words of Jira', async () => {
    desk.target.next(json(400, { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } }));
    expect(await desk.create({ priority: '1' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('You must specify a summary') });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Issue does not exist') });
    desk.target.next(json(429, {}, { 'retry-after': '5', 'ratelimit-reason': 'jira-burst-based' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 5_000 });
    desk.target.next(json(429, {}, { 'x-ratelimit-reset': new Date(Date.now() + 60_000).toISOString(), 'ratelimit-reason': 'jira-quota-global-based' }));
    expect((await desk.create({ title: 'VPN' })).retryAfterMs).toBeGreaterThan(30_000);
  });

  it('is not commented twice when a later attempt goes on', async () => {
    await desk.create({ title: 'VPN' });
    const kept: Record<string, unknown> = {};
    const steps = { read: () => kept, keep: (name: string, done: unknown) => { kept[name] = done; return Promise.resolve(); } };
    desk.target.next(json(204, undefined), json(503, {}));
    expect(await desk.update('10000', { title: 'A', 'comment.text': 'once', 'comment.visibility': 'public' }, { steps })).toMatchObject({ outcome: 'retryable' });
    expect(await desk.update('10000', { title: 'A', 'comment.text': 'once', 'comment.visibility': 'public' }, { steps })).toMatchObject({ outcome: 'success' });
    expect(there.comments).toHaveLength(1);
  });

  it('comes in by a signed webhook, in canonical words', () => {
    const body = JSON.stringify({
      timestamp: 1769846712345, webhookEvent: 'jira:issue_updated', user: { accountId: 'u1', name: 'vera', displayName: 'Vera' },
      issue: { id: '10000', key: 'OPS-1', fields: { summary: 'VPN', updated: '2026-01-31T10:05:12.345+0200', status: { name: 'Pending' }, priority: { name: 'High' }, labels: ['a'] } },
    });
    const signature = `sha256=${createHmac('sha256', 'shared').update(body).digest('hex')}`;
    expect(desk.receive(body, { 'x-hub-signature': signature })).toEqual([expect.objectContaining({
      ticketId: '10000', sender: { id: desk === cloud ? 'u1' : 'vera', name: 'Vera' }, occurredAt: '2026-01-31T08:05:12.345Z', attributes: expect.objectContaining({ title: 'VPN', 'ticket.number': 'OPS-1', status: 'pending', priority: '2' }),
    })]);
    expect(() => desk.receive(body, { 'x-hub-signature': 'sha256=00' })).toThrow();
  });

  it.each([[true, 'public'], [false, 'internal'], [undefined, 'internal']])('brings a comment that is public: %s as %s', (jsdPublic, visibility) => {
    const body = JSON.stringify({ webhookEvent: 'comment_created', issue: { id: '10000', fields: {} }, comment: { id: '9', body: 'hello', jsdPublic, updated: '2026-01-31T10:00:00.000+0000', author: { accountId: 'u1', name: 'vera', displayName: 'Vera' } } });
    const [message] = desk.receive(body, { 'x-hub-signature': `sha256=${createHmac('sha256', 'shared').update(body).digest('hex')}` });
    expect(message).toMatchObject({ sender: { id: desk === cloud ? 'u1' : 'vera' }, attributes: { 'comment.text': 'hello', 'comment.author': 'Vera', 'comment.visibility': visibility } });
  });
});

describe('the search for an issue', () => {
  it('says nothing by finding nothing at Cloud, where it lags', async () => {
    ofCloud.isIndexed = ofServer.isIndexed = false;
    expect(await cloud.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
    expect(await server.lookUp()).toEqual({ found: null });
  });
});

describe('a project without service desk', () => {
  it('takes comments by its only door', async () => {
    await plain.create({ title: 'VPN' });
    await plain.update('10000', { 'comment.text': 'x' });
    expect(lines(plain.target).at(-1)).toBe('POST /rest/api/2/issue/10000/comment');
  });
});

describe.each([['Cloud', cloud, ofCloud], ['Data Center', server, ofServer]] as const)('what is typed for Jira %s', (_, desk, there) => {
  it('is text, and no markup', async () => {
    const text = 'Since [07:40]\n\n*all* {users} <b>';
    expect(await desk.create({ title: 'VPN', description: text, dueAt: '2026-02-01T23:30:00+02:00' })).toMatchObject({ outcome: 'success' });
    const { fields } = there.issues[0]!;
    expect(fields).toMatchObject({ duedate: '2026-02-01', description: desk === cloud ? text : 'Since \\[07:40\\]\n\n\\*all* \\{users\\} <b>' });
    await desk.update('10000', { 'comment.text': '{code}', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    expect(there.comments).toEqual([{ body: desk === cloud ? 'Vera: {code}' : 'Vera: \\{code\\}', isPublic: true }]);
  });
});
