import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeTopdesk } from '../../../../test/support/fakes/topdesk.js';
import { topdesk } from './topdesk.js';

const there = new FakeTopdesk();
const OVER = { auth: { type: 'basic', username: 'parley', password: 'key' }, integrationUser: 'op-parley', variables: { line: 'firstLine', caller: 'parley@x.example' } };
const desk = useDesk(new PresetDesk(topdesk, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(topdesk, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => there.clear());
const actions = (): unknown[] => there.entries.filter((one) => !one['isRequest']).map((one) => [one['memoText'], one['invisibleForCaller']]);

describe('an incident at TOPdesk', () => {
  it('is created with a short title, its caller looked up, both ids, and found again', async () => {
    expect(await desk.create({ title: 'x'.repeat(200), description: 'Since 07:40\na < b', priority: '1', status: 'assigned', category: 'Network', assignmentGroup: 'g1', 'requester.email': 'anna@x.example' }, { attachments: [file('a.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: 'uuid-1', answer: { number: 'I 2601 001' } });
    expect(there.incidents[0]).toMatchObject({
      briefDescription: 'x'.repeat(80), externalNumber: '019a0000-0000-7000-8000-000000000001', status: 'firstLine', priority: { name: 'P1' }, category: { name: 'Network' }, operatorGroup: { id: 'g1' },
      processingStatus: { name: 'In progress' }, completed: false, closed: false, onHold: false, caller: { email: 'anna@x.example' },
    });
    expect(there.entries).toEqual([expect.objectContaining({ isRequest: true, memoText: 'Since 07:40<br>a &lt; b' })]);
    expect(there.files).toEqual([expect.objectContaining({ fileName: 'a.txt', content: 'hello', invisibleForCaller: false })]);
    expect(await desk.lookUp()).toEqual({ found: 'uuid-1' });
  });

  it('that is not there is known by an answer without content; of two none is taken', async () => {
    expect(await desk.lookUp()).toEqual({ found: null });
    await desk.create({ title: 'one' });
    await desk.create({ title: 'two' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('gets actions that the caller sees only where that is said, and files likewise', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('uuid-1', { 'comment.text': 'for all\n<b>', 'comment.visibility': 'public', 'comment.author': 'Vera' }, { attachments: [file('a.txt', 'x')] });
    await desk.update('uuid-1', { 'comment.text': 'for us', 'comment.visibility': 'internal' }, { attachments: [file('b.txt', 'y')] });
    await desk.update('uuid-1', { 'comment.text': 'who knows' });
    expect(actions()).toEqual([['Vera: for all<br>&lt;b&gt;', false], ['for us', true], ['who knows', true]]);
    expect(there.files.map((one) => [one['fileName'], one['invisibleForCaller']])).toEqual([['a.txt', false], ['b.txt', true]]);
  });

  it.each([
    ['new', undefined, { processingStatus: { name: 'Registered' }, completed: false, closed: false, onHold: false }], ['onHold', undefined, { processingStatus: { name: 'Waiting for supplier' }, onHold: true }],
    ['onHold', 'waitingCustomer', { processingStatus: { name: 'Waiting for user' }, onHold: true }], ['resolved', undefined, { processingStatus: { name: 'Completed' }, completed: true, closed: false }],
    ['closed', undefined, { processingStatus: { name: 'Closed' }, completed: true, closed: true }], ['reopened', undefined, { processingStatus: { name: 'In progress' }, completed: false, closed: false }],
  ])('that is %s for %s has the status and the flags for it', async (status, statusReason, expected) => {
    await desk.create({ title: 'VPN' });
    await desk.update('uuid-1', { status, ...(statusReason === undefined ? {} : { statusReason }) });
    expect(there.incidents[0]).toMatchObject(expected);
  });

  it('is not described a second time: what is sent as a request is added there', async () => {
    await desk.create({ title: 'VPN', description: 'first' });
    expect(await desk.update('uuid-1', { title: 'VPN down', description: 'second' })).toMatchObject({ outcome: 'success' });
    expect(there.entries).toHaveLength(1);
  });

  it('is escalated by an act, and only from where it is', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('uuid-1', { supportLine: 'secondLine', title: 'VPN down' });
    expect(there.incidents[0]).toMatchObject({ status: 'secondLine', briefDescription: 'VPN down' });
    desk.target.seen.length = 0;
    expect(await desk.update('uuid-1', { supportLine: 'secondLine' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target)).toEqual(['GET /tas/api/incidents/id/uuid-1']);
    await desk.update('uuid-1', { supportLine: 'firstLine' });
    expect(there.incidents[0]).toMatchObject({ status: 'firstLine' });
  });

  it('that is archived, or names what is not there, is refused with the reason', async () => {
    expect(await desk.create({ title: 'VPN', status: 'unheard of' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("'processingStatus' cannot be found") });
    expect(await desk.create({ title: 'VPN', 'requester.email': 'who@elsewhere' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('No caller could be found') });
    await desk.create({ title: 'VPN' });
    there.incidents[0]!['status'] = 'firstLineArchived';
    expect(await desk.update('uuid-1', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('archived') });
    expect(await desk.update('uuid-9', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Incident not found') });
  });

  it('of unknown outcome gets no action twice; a busy server is waited for', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' }, json(429, [], { 'retry-after': '9' }));
    expect(await desk.update('uuid-1', { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
    expect(await desk.update('uuid-1', { 'comment.text': 'once' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 9_000 });
  });
});

describe('an action that names its incident by the number', () => {
  beforeEach(async () => { await desk.create({ title: 'VPN', description: 'a < b', priority: '2', 'requester.email': 'anna@x.example' }); });

  it('is completed, blanks in the number and all, and read in canonical words', async () => {
    there.say('uuid-1', { memoText: 'see', operator: { id: 'op-7', name: 'Vera' } });
    const [state] = await desk.receiveWhole({ number: 'I 2601 001' });
    expect(state).toMatchObject({
      ticketId: 'uuid-1', sender: { id: 'op-7', name: 'Vera' }, occurredAt: '2026-01-31T10:00:00.000Z', eventId: null,
      attributes: { 'ticket.number': 'I 2601 001', 'ticket.externalId': '019a0000-0000-7000-8000-000000000001', title: 'VPN', description: 'a < b', status: 'new', priority: '2', supportLine: 'firstLine', 'requester.name': 'Anna Berg', 'requester.email': 'anna@x.example' },
    });
    expect(state?.attributes).not.toHaveProperty('comment.text');
    expect(desk.target.seen.some(({ url }) => url === '/tas/api/incidents/number/I%202601%20001')).toBe(true);
  });

  it.each([[false, 'public'], [true, 'internal'], [undefined, 'internal']])('brings an action that is hidden: %s as %s', async (invisibleForCaller, visibility) => {
    there.say('uuid-1', { memoText: 'hello<br>you &amp; me', invisibleForCaller });
    const [, action] = await desk.receiveWhole({ number: 'I 2601 001' });
    expect(action).toMatchObject({ sender: { id: 'op-7' }, eventId: 'entry:e2', attributes: { 'comment.text': 'hello\nyou & me', 'comment.author': 'Vera', 'comment.visibility': visibility, title: 'VPN' } });
  });

  it('brings what the caller adds to the request, publicly, and no first request', async () => {
    there.say('uuid-1', { isRequest: true, memoText: 'still broken', invisibleForCaller: undefined, operator: null, person: { id: 'p3', name: 'Anna Berg' } });
    const messages = await desk.receiveWhole({ number: 'I 2601 001' });
    expect(messages.map(({ sender, attributes }) => [sender?.id, attributes['comment.text'], attributes['comment.visibility']])).toEqual([['p3', undefined, undefined], ['p3', 'still broken', 'public']]);
  });

  it('brings files, hidden or not, and none of long ago', async () => {
    await desk.update('uuid-1', { 'comment.text': 'x', 'comment.visibility': 'public' }, { attachments: [file('a.txt', 'hello')] });
    there.nowMs += 10 * 86_400_000;
    await desk.update('uuid-1', { title: 'y' }, { attachments: [file('b.txt', 'hello')] });
    const messages = await desk.receiveWhole({ number: 'I 2601 001' });
    expect(messages.slice(1)).toMatchObject([{ sender: { id: 'op-parley' }, eventId: 'file:f2', attributes: { 'comment.visibility': 'internal' }, attachments: [{ name: 'b.txt', size: 5 }] }]);
  });

  it.each([[{ completed: true }, 'resolved'], [{ completed: true, closed: true }, 'closed'], [{ processingStatus: { name: 'Waiting for user' } }, 'pending'], [{ processingStatus: { name: 'With the vendor' } }, 'With the vendor']])('reads %j as %s', async (fields, status) => {
    Object.assign(there.incidents[0]!, fields);
    expect((await desk.receiveWhole({ number: 'I 2601 001' }))[0]?.attributes).toMatchObject({ status });
  });
});

describe('polling of TOPdesk', () => {
  it('asks to the second, goes on where the answer is partial, and takes no content for an empty list', async () => {
    expect(await polled.poll()).toMatchObject({ messages: [] });
    for (let number = 0; number < 120; number++) there.incidents.push({ id: `u${number}`, number: `I 2601 ${number}`, briefDescription: 's', status: 'firstLine', modificationDate: '2026-01-31T10:05:12.345+0000', modifier: { id: 'op-7' } });
    polled.target.seen.length = 0;
    const first = await polled.poll();
    expect(first.messages).toHaveLength(120);
    expect(first.messages[0]).toMatchObject({ sender: { id: 'op-7' }, occurredAt: '2026-01-31T10:05:12.345Z' });
    expect(lines(polled.target).filter((line) => line.includes('query='))).toEqual([0, 100].map((from) => `GET /tas/api/incidents?query=modificationDate=gt=2026-01-31T09:58:00Z&sort=modificationDate:asc&fields=id,number,modificationDate&pageStart=${from}&pageSize=100`));
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
  });
});
