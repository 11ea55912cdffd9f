import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { FakeGitLab } from '../../../../test/support/fakes/gitlab.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { rest } from '../../kinds/rest/index.js';
import { gitLab } from './gitlab.js';

const there = new FakeGitLab();
const OVER = { auth: { type: 'header', name: 'PRIVATE-TOKEN', value: 'token' }, verification: { type: 'sharedToken', header: 'x-gitlab-token', secret: 'shared' } };
const SIGNING = `whsec_${Buffer.from('a key of 32 bytes, as it is given').toString('base64')}`;
const desk = useDesk(new PresetDesk(gitLab, OVER, '/api/v4'), (target) => there.attachTo(target));
const signed = useDesk(new PresetDesk(gitLab, { ...OVER, verification: { type: 'standardWebhooks', secret: SIGNING }, variables: { login: 'parley-bot', project: 'acme/support', confidential: 'yes' } }, '/api/v4'), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(gitLab, OVER, '/api/v4', true), (target) => there.attachTo(target));
beforeEach(() => there.reset());
const KEY = '019a0000-0000-7000-8000-000000000001';

describe('an issue at GitLab', () => {
  it('is opened with its files in the text and a mark that nobody sees, and is known by its number in the project', async () => {
    expect(await desk.create({ title: 'x'.repeat(300), description: 'Since 07:40', tags: ['vpn'], status: 'new' }, { attachments: [file('a.txt', 'x'), file('b.txt', 'y')] })).toMatchObject({ outcome: 'success', ticketId: '1' });
    expect(there.issues[0]).toMatchObject({ title: 'x'.repeat(255), description: `Since 07:40\n\n[a.txt](/uploads/1/a.txt)\n\n[b.txt](/uploads/2/b.txt)\n\n<!-- parley:${KEY} -->`, labels: ['parley', 'vpn'], confidential: false });
    expect(desk.target.seen[0]?.url).toBe('/api/v4/projects/acme%2Fsupport/uploads');
  });

  it('is confidential where that is wanted', async () => {
    await signed.create({ title: 'VPN' });
    expect(there.issues[0]).toMatchObject({ confidential: true, description: `<!-- parley:${KEY} -->` });
  });

  it('is found by its mark, and is absent only where the list is whole', async () => {
    expect(await desk.lookUp()).toEqual({ found: null });
    await desk.create({ title: 'VPN' });
    expect(await desk.lookUp()).toEqual({ found: '1' });
    for (let n = 0; n < 100; n++) there.add({ author: { username: 'parley-bot' } });
    expect(await desk.lookUp('019a0000-0000-7000-8000-000000000002')).toMatchObject({ failed: { outcome: 'retryable' } });
    desk.target.next(json(404, { message: '404 Project Not Found' }));
    expect(await desk.lookUp()).toMatchObject({ failed: { httpStatus: 404 } });
  });

  it('is closed and opened again by events, where it is not so already', async () => {
    there.add();
    for (const status of ['inProgress', 'resolved', 'closed', 'cancelled', 'reopened', 'pending']) expect(await desk.update('1', { status })).toMatchObject({ outcome: 'success' });
    expect(there.events).toEqual(['close', 'reopen']);
    await desk.update('1', { status: 'inProgress', title: 'VPN', description: 'New' });
    expect(there.issues[0]).toMatchObject({ state: 'opened', title: 'VPN', description: 'New' });
    desk.target.seen.length = 0;
    await desk.update('1', { title: 'VPN' });
    expect(lines(desk.target)).toEqual(['PUT /api/v4/projects/acme/support/issues/1']);
  });

  it('is commented for all only where that is said; files hang on the comment, or on an internal one of their own', async () => {
    there.add();
    await desk.update('1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' }, { attachments: [file('a.txt', 'x')] });
    await desk.update('1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('1', { 'comment.text': 'who knows' });
    await desk.update('1', {}, { attachments: [file('b.txt', 'x')] });
    expect(there.notes).toEqual([
      { body: 'Vera: for all\n\n[a.txt](/uploads/1/a.txt)', internal: false }, { body: 'for us', internal: true }, { body: 'who knows', internal: true }, { body: '[b.txt](/uploads/2/b.txt)', internal: true },
    ]);
  });

  it('says what is wrong in the words of GitLab, whichever form they have', async () => {
    expect(await desk.create({ description: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('title is missing') });
    desk.target.next(json(400, { message: { title: ['is too long (maximum is 255 characters)'] } }));
    expect(await desk.create({ title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('is too long') });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('404 Issue Not Found') });
    desk.target.next(json(429, { message: 'Retry later' }, { 'ratelimit-remaining': '0', 'ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 600) }));
    expect((await desk.create({ title: 'x' })).retryAfterMs).toBeGreaterThan(500_000);
  });
});

describe('what the webhook of GitLab brings', () => {
  const issueHook = (action: string, over: object = {}) => ({
    object_kind: 'issue', event_type: 'issue', user: { username: 'vera', name: 'Vera' }, assignees: [{ username: 'tom' }],
    object_attributes: { id: 301, iid: 23, title: 'VPN', description: `Since 07:40\n\n<!-- parley:${KEY} -->`, state: 'opened', action, url: 'https://gitlab.com/acme/support/-/issues/23', updated_at: '2026-01-31 10:05:12 UTC', labels: [{ title: 'vpn' }], type: 'Incident', ...over },
  });
  const note = (over: object = {}, event_type = 'note') => ({
    object_kind: 'note', event_type, user: { username: 'vera', name: 'Vera' }, object_attributes: { id: 1244, note: 'hello', noteable_type: 'Issue', system: false, action: 'create', url: 'https://gitlab.com/acme/support/-/issues/23#note_1244', updated_at: '2026-01-31T10:06:00Z', ...over },
    issue: { id: 301, iid: 23, title: 'VPN', state: 'closed', url: 'https://gitlab.com/acme/support/-/issues/23', updated_at: '2026-01-31T10:05:12Z', labels: [{ title: 'vpn' }] },
  });
  const receive = (body: object) => desk.receive(body, { 'x-gitlab-token': 'shared', 'x-gitlab-event': 'Issue Hook' });

  it('is read in canonical words, without the mark', () => {
    expect(receive(issueHook('open'))).toEqual([expect.objectContaining({
      ticketId: '23', messageType: 'issue', sender: { id: 'vera', name: 'Vera' }, occurredAt: '2026-01-31T10:05:12.000Z',
      attributes: expect.objectContaining({ title: 'VPN', description: 'Since 07:40', status: 'new', 'ticket.number': '#23', 'ticket.type': 'Incident', assignee: 'tom', tags: ['vpn'] }),
    })]);
  });

  it.each([['close', 'resolved'], ['reopen', 'reopened'], ['update', undefined]])('after the action %s has the status %s', (action, status) => {
    expect(receive(issueHook(action))[0]?.attributes['status']).toBe(status);
  });

  it.each([[{}, 'note', 'public'], [{ internal: true }, 'note', 'internal'], [{}, 'confidential_note', 'internal'], [{}, 'something_new', 'internal']])('is a comment: %o of the type %s is %s', (over, type, visibility) => {
    const [message] = receive(note(over, type));
    expect(message).toMatchObject({ ticketId: '23', occurredAt: '2026-01-31T10:06:00.000Z', attributes: { 'comment.id': '1244', 'comment.text': 'hello', 'comment.author': 'Vera', 'comment.visibility': visibility, 'ticket.url': 'https://gitlab.com/acme/support/-/issues/23', tags: ['vpn'] } });
    expect(message?.attributes).not.toHaveProperty('status');
  });

  it('does not say an edited comment again, and nothing of other things', () => {
    expect(receive(note({ action: 'update' }))[0]?.attributes).not.toHaveProperty('comment.text');
    for (const other of [note({ noteable_type: 'MergeRequest' }), note({ system: true }), { object_kind: 'push' }, { object_kind: 'merge_request', object_attributes: { iid: 4 } }]) expect(receive(other)).toEqual([]);
  });

  it('is refused without the token', () => {
    expect(() => desk.receive(issueHook('open'), { 'x-gitlab-token': 'other' })).toThrow();
  });

  it('may be signed instead, as newer versions do', () => {
    const body = JSON.stringify(issueHook('open'));
    const at = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', Buffer.from(SIGNING.slice(6), 'base64')).update(`id-1.${at}.${body}`).digest('base64');
    expect(signed.receive(body, { 'webhook-id': 'id-1', 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` })).toHaveLength(1);
    expect(() => signed.receive(body, { 'webhook-id': 'id-1', 'webhook-timestamp': at, 'webhook-signature': 'v1,AAAA' })).toThrow();
  });

  it('is no repeat where two events of one act share an event id', () => {
    expect(rest.inbound.repeatKey({ entityType: 'Issue', body: Buffer.from('{}'), contentType: 'application/json', headers: { 'x-gitlab-event-uuid': 'same' }, query: '' }, { organization: 'o', id: 'g', name: 'G', settings: {}, entityTypes: [] })).toBeNull();
  });
});

describe('polling of GitLab', () => {
  it('follows the links of pages and gives each state once', async () => {
    for (let n = 0; n < 150; n++) there.add({ state: n === 1 ? 'closed' : 'opened', labels: ['vpn'] });
    const first = await polled.poll();
    expect(first.messages).toHaveLength(150);
    expect(first.messages[1]).toMatchObject({ ticketId: '2', attributes: { status: 'resolved', title: 't', tags: ['vpn'], 'requester.id': 'vera' }, occurredAt: '2026-01-31T10:05:00.000Z' });
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
    expect(lines(polled.target).at(-1)).toMatch(/updated_after=2026-01-31T10:04:00/);
  });
});
