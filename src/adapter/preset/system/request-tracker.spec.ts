import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeRequestTracker, part } from '../../../../test/support/fakes/request-tracker.js';
import { requestTracker } from './request-tracker.js';

const there = new FakeRequestTracker();
const desk = useDesk(new PresetDesk(requestTracker, { auth: { type: 'header', name: 'Authorization', value: 'token secret' } }, '/REST/2.0'), (target) => there.attachTo(target));
beforeEach(() => there.reset());

describe('a ticket at Request Tracker', () => {
  it('is created with its files, and a look-up finds it', async () => {
    const made = await desk.create({ title: 'x'.repeat(300), description: 'Since 07:40', priority: '1', status: 'new', 'requester.email': 'anna@itsm.test' }, { attachments: [file('\u00e4\u2192.txt', 'hello')] });
    expect(made).toMatchObject({ outcome: 'success', ticketId: '1' });
    expect(there.tickets[0]).toMatchObject({ Subject: 'x'.repeat(200), Status: 'new', Priority: 100, requestor: 'anna@itsm.test' });
    expect(there.files).toEqual(['\u00e4\u2192.txt']);
    expect(await desk.lookUp()).toEqual({ found: '1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('that two carry the same reference of is not guessed', async () => {
    await desk.create({ title: 'one' });
    await desk.create({ title: 'two' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is taken to a state in which it cannot begin', async () => {
    expect(await desk.create({ title: 'VPN', status: 'pending', 'comment.text': 'wait', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ Status: 'stalled' });
    expect(there.history.at(-1)).toMatchObject({ Type: 'Correspond' });
    await desk.create({ title: 'VPN', status: 'inProgress' });
    expect(there.tickets[1]).toMatchObject({ Status: 'open' });
  });

  it('is replied to only where that is said, commented else; the author is named', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' }, { attachments: [file('a.txt', 'x')] });
    await desk.update('1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('1', { 'comment.text': 'who knows' });
    await desk.update('1', {}, { attachments: [file('b.txt', 'x'), file('c.txt', 'x')] });
    expect(there.history.slice(1).map(({ Type, parts }) => `${Type} ${parts[1]!.content.toString()}`)).toEqual(['Correspond Vera: for all', 'Comment for us', 'Comment who knows', 'Comment b.txt, c.txt']);
    expect(there.files).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });

  it('that is resolved with a last word stays resolved', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('1', { status: 'resolved', 'comment.text': 'done', 'comment.visibility': 'public' });
    expect(there.tickets[0]).toMatchObject({ Status: 'resolved' });
  });

  it('is not said to be changed where a sentence says that it was not', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('1', { title: 'New', status: 'bogus' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("isn't a valid status") });
    expect(await desk.update('1', { title: "Printer does not exist, Permission Denied" })).toMatchObject({ outcome: 'success' });
    expect(await desk.update('1', { title: 'Printer' })).toMatchObject({ outcome: 'success' });
  });

  it('is changed as it is now, also where somebody else is faster; not over and over', async () => {
    await desk.create({ title: 'VPN' });
    there.rivals = 1;
    expect(await desk.update('1', { title: 'New' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ Subject: 'New' });
    expect(lines(desk.target).slice(-4)).toEqual([expect.stringMatching(/^GET /), expect.stringMatching(/^PUT /), expect.stringMatching(/^GET /), expect.stringMatching(/^PUT /)]);
    there.rivals = 9;
    expect(await desk.update('1', { title: 'Newer' })).toMatchObject({ outcome: 'retryable', httpStatus: 412 });
    expect(there.tickets[0]).toMatchObject({ Subject: 'New' });
  });

  it('that is gone is told to be', async () => {
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', answer: { ticketGone: true } });
    // To a comment RT does not say so.
    expect(await desk.update('99', { 'comment.text': 'x' })).toMatchObject({ outcome: 'rejected', error: 'The target answered 400: Permission Denied' });
  });

  it('is refused by a queue without pausing the endpoint; an unknown token pauses it', async () => {
    desk.target.next(json(403, { message: "No permission to create tickets in the queue 'Nope'" }), json(401, { message: 'Unauthorized' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("queue 'Nope'") });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials' });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected' });
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' });
    expect(await desk.update('1', { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the history of a queue', () => {
  beforeEach(async () => { await desk.create({ title: 'VPN', 'requester.email': 'anna@itsm.test', priority: '2' }); });
  const position = { position: '2026-01-31T08:05:00Z' };
  const polled = async () => (await desk.poll(position)).messages;

  it('brings what people wrote, publicly or not, as plain text and with its files', async () => {
    there.said('Correspond', '<p>Hello &amp; welcome, Gr\u00fcn</p>', { files: [part('b.bin', Buffer.from([0, 1, 2, 255]))] });
    there.said('Comment', 'a < b', { contentType: 'text/plain' });
    expect(await polled()).toEqual([
      expect.objectContaining({
        ticketId: '1', messageType: 'Correspond', sender: { id: 'vera' }, occurredAt: '2026-01-31T08:05:12.000Z',
        attributes: expect.objectContaining({ title: 'VPN', 'comment.text': 'Hello & welcome, Gr\u00fcn', 'comment.author': 'vera', 'comment.visibility': 'public', 'requester.email': 'anna@itsm.test' }),
        attachments: [expect.objectContaining({ name: 'b.bin', content: Buffer.from([0, 1, 2, 255]) })],
      }),
      expect.objectContaining({ attributes: expect.objectContaining({ 'comment.text': 'a < b', 'comment.visibility': 'internal' }), attachments: [] }),
    ]);
  });

  it('brings a ticket that was made with all that it is, and of a change no more than what changed', async () => {
    there.said('Create', 'Since 07:40', { contentType: 'text/plain' });
    there.add({ Type: 'Status', Field: 'Status', NewValue: 'open', Creator: 'RT_System' });
    there.add({ Type: 'Status', Field: 'Status', NewValue: 'stalled' });
    there.add({ Type: 'Set', Field: 'Priority', NewValue: '90' });
    Object.assign(there.tickets[0]!, { Status: 'stalled', Priority: 90 });
    there.add({ Type: 'Set', Field: 'TimeWorked', NewValue: '5' });
    there.add({ Type: 'EmailRecord' });
    const found = (await polled()).map(({ attributes: { description, status, priority, 'comment.text': comment } }) => ({ description, status, priority, comment }));
    expect(found).toEqual([{ description: 'Since 07:40', status: 'pending', priority: '1' }, {}, { status: 'pending' }, { priority: '1' }]);
  });

  it('is asked for in the words of the user\'s zone, goes on behind pages that rights made short, and gives each entry once', async () => {
    for (let number = 0; number < 120; number++) there.add({ Type: 'Status', NewValue: 'open' });
    for (const { id } of there.history.slice(1, 101).filter((_, at) => at % 2 === 0)) there.hidden.add(id);
    const first = await desk.poll(position);
    expect(first.messages).toHaveLength(70);
    expect(lines(desk.target).find((line) => line.includes('/transactions?'))).toContain("TicketQueue = 'General' AND Creator != '__CurrentUser__' AND Created >= '2026-01-31 08:04:00'");
    const second = await desk.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
  });
});
