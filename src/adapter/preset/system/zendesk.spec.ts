import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeZendesk } from '../../../../test/support/fakes/zendesk.js';
import { zendesk } from './zendesk.js';

const there = new FakeZendesk();
const OVER = { auth: { type: 'basic', username: 'parley@x/token', password: 'key' }, verification: { type: 'zendesk', secret: 'shared' }, integrationUser: '1' };
const desk = useDesk(new PresetDesk(zendesk, OVER), (target) => there.attachTo(target));
beforeEach(() => there.clear());
const said = (): unknown[] => (there.comments.get(4711) ?? []).map(({ body, public: isPublic }) => [body, isPublic]);

describe('a ticket at Zendesk', () => {
  it('is created with its first comment, its requester and a key by which it is found', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '1', status: 'assigned', assignmentGroup: '360001', tags: ['net'], 'requester.email': 'anna@x.example' })).toMatchObject({ outcome: 'success', ticketId: '4711' });
    expect(there.tickets[0]).toMatchObject({ subject: 'VPN', description: 'Since 07:40', priority: 'urgent', status: 'open', group_id: 360001, tags: ['parley', 'net'], requester: { email: 'anna@x.example', name: 'anna@x.example' } });
    expect(await desk.lookUp()).toEqual({ found: '4711' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('has its title for a description where there is none, and a comment of its own', async () => {
    await desk.create({ title: 'VPN', 'comment.text': 'for us', 'comment.author': 'Vera' });
    expect(said()).toEqual([['VPN', true], ['Vera: for us', false]]);
  });

  it('is made once by the same key, also where the first answer was lost', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'success', ticketId: '4711' });
    expect(there.tickets).toHaveLength(1);
    desk.target.next({ do: 'cut' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'unknown' });
    expect(await desk.create({ title: 'changed meanwhile' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('do not match') });
  });

  it('is not guessed where two carry the same external id', async () => {
    await desk.create({ title: 'one' });
    there.tickets.push({ ...there.tickets[0], id: 4712 });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('takes files by upload, and they hang on a comment, hidden where there is none', async () => {
    await desk.create({ title: 'VPN', description: 'x' }, { attachments: [file('a b.txt', 'hello')] });
    expect(lines(desk.target)).toEqual(['POST /api/v2/uploads.json?filename=a b.txt', 'POST /api/v2/tickets.json']);
    expect(there.uploads.get('up-1')).toEqual({ name: 'a b.txt', type: 'text/plain', text: 'hello' });
    await desk.update('4711', { status: 'pending' }, { attachments: [file('c.txt', 'x'), file('d.txt', 'y')] });
    expect(there.comments.get(4711)?.map(({ body, public: isPublic, attachments }) => [body, isPublic, attachments])).toEqual([['x', true, [{ file_name: 'a b.txt' }]], ['c.txt, d.txt', false, [{ file_name: 'c.txt' }, { file_name: 'd.txt' }]]]);
    expect(there.tickets[0]).toMatchObject({ status: 'pending' });
  });

  it('is commented for all only where that is said; the author is named', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('4711', { 'comment.text': 'for all', 'comment.visibility': 'public', 'comment.author': 'Vera' });
    await desk.update('4711', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('4711', { 'comment.text': 'who knows' });
    expect(said().slice(1)).toEqual([['Vera: for all', true], ['for us', false], ['who knows', false]]);
  });

  it('keeps the tags that it has', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('4711', { title: 'VPN down', tags: ['other'] });
    expect(there.tickets[0]).toMatchObject({ subject: 'VPN down', tags: ['parley'] });
  });

  it.each([['onHold', undefined, 'hold'], ['onHold', 'waitingCustomer', 'pending'], ['onHold', 'waitingSupplier', 'hold'], ['resolved', undefined, 'solved'], ['cancelled', undefined, 'solved'], ['reopened', undefined, 'open']])('that is %s for %s is %s', async (status, statusReason, theirs) => {
    await desk.create({ title: 'VPN' });
    await desk.update('4711', { status, ...(statusReason === undefined ? {} : { statusReason }) });
    expect(there.tickets[0]).toMatchObject({ status: theirs });
  });

  it('that is closed refuses for good, and the reason is told', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('4711', { status: 'closed' });
    expect(await desk.update('4711', { 'comment.text': 'too late' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('closed prevents ticket update') });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Not found') });
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next(json(200, { ticket: { id: 4711, updated_at: there.tickets[0]?.['updated_at'] as string } }), { do: 'cut' });
    expect(await desk.update('4711', { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
  });

  it('is read anew where somebody was faster than an update, and is written once', async () => {
    await desk.create({ title: 'VPN' });
    // What was read is old by the time that it is written.
    desk.target.next(json(200, { ticket: { id: 4711, updated_at: '2026-01-01T00:00:00Z' } }));
    desk.target.seen.length = 0;
    expect(await desk.update('4711', { status: 'pending', 'comment.text': 'once' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target).map((line) => line.split(' ')[0])).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    expect(said()).toEqual([['VPN', true], ['once', false]]);
    expect(there.tickets[0]).toMatchObject({ status: 'pending' });
    expect(there.tickets[0]).not.toHaveProperty('safe_update');
  });

  it('that changes under each try waits for its next attempt', async () => {
    await desk.create({ title: 'VPN' });
    const old = json(200, { ticket: { id: 4711, updated_at: '2026-01-01T00:00:00Z' } });
    const conflict = json(409, { error: 'UpdateConflict', description: 'Safe Update prevented the update' });
    desk.target.next(old, conflict, old, conflict, old, conflict);
    expect(await desk.update('4711', { status: 'pending' })).toMatchObject({ outcome: 'retryable', endpointFault: false });
    expect(there.tickets[0]).toMatchObject({ status: 'new' });
  });

  it('that somebody else writes at the same moment is tried again; limits are obeyed', async () => {
    desk.target.next(json(409, { error: 'DatabaseConflict', description: 'Database collision' }), json(429, { error: 'TooManyRequests' }, { 'retry-after': '17' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', error: 'Database collision' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 17_000 });
  });
});
