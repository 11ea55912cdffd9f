import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { FakeGitHub } from '../../../../test/support/fakes/github.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { gitHub } from './github.js';

const there = new FakeGitHub();
const OVER = { auth: { type: 'bearer', token: 'token' }, verification: { type: 'github', secret: 'shared' } };
const desk = useDesk(new PresetDesk(gitHub, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(gitHub, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => { there.issues.length = 0; there.comments.length = 0; });
const KEY = '019a0000-0000-7000-8000-000000000001';

describe('an issue at GitHub', () => {
  it('is opened with a mark that nobody sees, and is known by its number in the repository', async () => {
    expect(await desk.create({ title: 'x'.repeat(300), description: 'Since 07:40', tags: ['vpn'], status: 'new' }, { attachments: [file('a.txt', 'x')] })).toMatchObject({ outcome: 'success', ticketId: '1', warning: expect.stringContaining('a.txt') });
    expect(there.issues[0]).toMatchObject({ title: 'x'.repeat(256), body: `Since 07:40\n\n<!-- parley:${KEY} -->`, labels: [{ name: 'parley' }, { name: 'vpn' }] });
  });

  it('is found by its mark among those that were changed since, and is absent only where the list is whole', async () => {
    expect(await desk.lookUp()).toEqual({ found: null });
    there.add({ user: { login: 'vera' }, body: `a quotation: parley:${KEY}` });
    expect(await desk.lookUp()).toEqual({ found: null });
    await desk.create({ title: 'VPN' });
    expect(await desk.lookUp()).toEqual({ found: '2' });
    for (let n = 0; n < 100; n++) there.add({ user: { login: 'parley-bot' } });
    expect(await desk.lookUp('019a0000-0000-7000-8000-000000000002')).toMatchObject({ failed: { outcome: 'retryable' } });
    desk.target.next(json(404, { message: 'Not Found' }));
    expect(await desk.lookUp()).toMatchObject({ failed: { httpStatus: 404 } });
  });

  it.each([['resolved', 'closed', 'completed'], ['closed', 'closed', 'completed'], ['cancelled', 'closed', 'not_planned'], ['reopened', 'open', 'reopened']])('that is %s is %s there, as %s', async (status, state, reason) => {
    there.add();
    expect(await desk.update('1', { status })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]).toMatchObject({ state, state_reason: reason, title: 't' });
  });

  it('has no reason for going on', async () => {
    there.add();
    await desk.update('1', { status: 'inProgress', title: 'VPN', description: 'New' });
    expect(there.issues[0]).toMatchObject({ state: 'open', state_reason: null, title: 'VPN', body: 'New' });
  });

  it('gets public comments and no others: everybody reads them', async () => {
    there.add();
    await desk.update('1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('1', { 'comment.text': 'who knows' });
    expect(there.comments).toEqual(['Vera: for all']);
    expect(lines(desk.target)).toEqual(['POST /repos/acme/support/issues/1/comments']);
  });

  it('says what is wrong in the words of GitHub', async () => {
    expect(await desk.create({ description: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("Validation Failed; title can't be blank") });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Not Found') });
  });

  it('waits for a limit although it is told as 403, and pauses where rights are missing', async () => {
    const soon = String(Math.floor(Date.now() / 1_000) + 600);
    desk.target.next(
      json(403, { message: 'API rate limit exceeded' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon }), json(403, { message: 'You have exceeded a secondary rate limit.' }, { 'retry-after': '60' }),
      json(429, { message: 'slow down' }, { 'retry-after': '30' }), json(403, { message: 'Resource not accessible by personal access token' }, { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': soon }),
    );
    const limited = await desk.create({ title: 'VPN' });
    expect(limited).toMatchObject({ outcome: 'retryable' });
    expect(limited.retryAfterMs).toBeGreaterThan(500_000);
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 60_000 });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 30_000 });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials' });
  });
});

describe('what the webhook of GitHub brings', () => {
  const ISSUE = { id: 5, number: 7, html_url: 'https://github.com/acme/support/issues/7', title: 'VPN', body: `Since 07:40\n\n<!-- parley:${KEY} -->`, state: 'open', state_reason: null, labels: [{ name: 'vpn' }], user: { login: 'vera' }, assignee: { login: 'tom' }, updated_at: '2026-01-31T10:05:12Z' };
  const receive = (payload: object, event = 'issues') => {
    const body = JSON.stringify({ sender: { login: 'vera' }, repository: { full_name: 'acme/support' }, ...payload });
    return desk.receive(body, { 'x-github-event': event, 'x-github-delivery': 'uuid-1', 'x-hub-signature-256': `sha256=${createHmac('sha256', 'shared').update(body).digest('hex')}` });
  };

  it('is read in canonical words, without the mark', () => {
    expect(receive({ action: 'opened', issue: ISSUE })).toEqual([expect.objectContaining({
      ticketId: '7', messageType: 'issues', eventId: 'uuid-1', sender: { id: 'vera' }, occurredAt: '2026-01-31T10:05:12.000Z',
      attributes: expect.objectContaining({ title: 'VPN', description: 'Since 07:40', status: 'new', 'ticket.number': '#7', assignee: 'tom', 'requester.id': 'vera', tags: ['vpn'] }),
    })]);
    expect(receive({ action: 'opened', issue: { ...ISSUE, body: null } })[0]?.attributes).not.toHaveProperty('description');
  });

  it.each([['closed', 'closed', 'completed', 'resolved'], ['closed', 'closed', 'not_planned', 'cancelled'], ['closed', 'closed', 'duplicate', 'cancelled'], ['reopened', 'open', 'reopened', 'reopened'], ['edited', 'open', null, undefined], ['labeled', 'open', 'reopened', undefined]])('when it was %s (%s, %s) tells the status %4$s', (action, state, state_reason, status) => {
    expect(receive({ action, issue: { ...ISSUE, state, state_reason } })[0]?.attributes['status']).toBe(status);
  });

  it('is an internal comment once, and not again when that is edited or deleted', () => {
    const comment = { id: 9_007_199_254_740_993n.toString(), body: 'hello', created_at: '2026-01-31T10:06:00Z', user: { login: 'vera' } };
    expect(receive({ action: 'created', issue: ISSUE, comment }, 'issue_comment')[0]).toMatchObject({ occurredAt: '2026-01-31T10:06:00.000Z', attributes: { 'comment.text': 'hello', 'comment.author': 'vera', 'comment.visibility': 'internal' } });
    expect(receive({ action: 'created', issue: ISSUE, comment }, 'issue_comment')[0]?.attributes).not.toHaveProperty('status');
    expect(receive({ action: 'edited', issue: ISSUE, comment }, 'issue_comment')[0]?.attributes).not.toHaveProperty('comment.text');
    expect(receive({ action: 'deleted', issue: ISSUE, comment }, 'issue_comment')).toEqual([]);
  });

  it.each([['ping', { zen: 'Keep it logically awesome.', hook_id: 1 }], ['pull_request', { action: 'opened', number: 8, pull_request: { url: 'u' } }], ['issue_comment', { action: 'created', issue: { ...ISSUE, pull_request: { url: 'u' } }, comment: { body: 'x' } }], ['issues', { action: 'deleted', issue: ISSUE }]])('is no message where it is not about an issue: %s', (event, payload) => {
    expect(receive(payload, event)).toEqual([]);
  });

  it('is refused where the signature does not fit', () => {
    expect(() => desk.receive({ action: 'opened', issue: ISSUE }, { 'x-hub-signature-256': 'sha256=00' })).toThrow();
  });
});

describe('polling of GitHub', () => {
  it('follows the links of pages, leaves pull requests out, and gives each state once', async () => {
    for (let n = 0; n < 150; n++) there.add(n % 3 === 0 ? { pull_request: { url: 'u' } } : { updated_at: '2026-01-31T10:05:00Z' });
    const first = await polled.poll();
    expect(first.messages).toHaveLength(100);
    expect(first.messages[0]).toMatchObject({ ticketId: '2', attributes: { status: 'new', title: 't' }, occurredAt: '2026-01-31T10:05:00.000Z' });
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
    expect(lines(polled.target).at(-1)).toContain('since=2026-01-31T10:04:00Z');
  });
});
