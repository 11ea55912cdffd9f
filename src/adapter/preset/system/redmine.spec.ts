import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeRedmine } from '../../../../test/support/fakes/redmine.js';
import { redmine } from './redmine.js';

const there = new FakeRedmine();
const desk = useDesk(new PresetDesk(redmine, { auth: { type: 'header', name: 'X-Redmine-API-Key', value: 'secret' } }), (target) => there.attachTo(target));
beforeEach(() => there.reset());

describe('an issue at Redmine', () => {
  it('is created with its files and taken to its state, and a look-up finds it', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '1', status: 'resolved' }, { attachments: [file('a \u00e4.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: '1' });
    expect(there.issues[0]).toMatchObject({ subject: 'VPN', description: 'Since 07:40', priority: 5, status: 3, attachments: [{ filename: 'a \u00e4.txt', content_type: 'text/plain' }] });
    expect(there.uploads).toEqual(['a \u00e4.txt text/plain hello']);
    expect(await desk.lookUp()).toEqual({ found: '1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('that is closed is found, too', async () => {
    await desk.create({ title: 'VPN', status: 'closed' });
    expect(await desk.lookUp()).toEqual({ found: '1' });
  });

  it('is commented for all only where that is said; the author is named', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' }, { attachments: [file('a.txt', 'x')] });
    await desk.update('1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('1', { 'comment.text': 'who knows' });
    expect(there.issues[0]?.journals.map(({ notes, private_notes }) => [notes, private_notes])).toEqual([['Vera: for all', false], ['for us', true], ['who knows', true]]);
    expect(there.issues[0]?.attachments).toHaveLength(1);
  });

  it('does not get an internal comment where it would be public', async () => {
    await desk.create({ title: 'VPN' });
    there.permissions = ['add_issue_notes'];
    expect(await desk.update('1', { 'comment.text': 'for us' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('would be public') });
    expect(await desk.update('1', { 'comment.text': 'for all', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]?.journals).toHaveLength(1);
  });

  it('is refused before anything is written where its workflow does not allow the state', async () => {
    await desk.create({ title: 'VPN' });
    there.allowed = [1, 2];
    expect(await desk.update('1', { status: 'closed', title: 'New' })).toMatchObject({ outcome: 'rejected', error: 'The workflow does not let Parley\'s user set closed from where the issue is.' });
    expect(there.issues[0]).toMatchObject({ subject: 'VPN', status: 1 });
    expect(await desk.update('1', { status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]).toMatchObject({ status: 2 });
  });

  it('says what is wrong in the words of Redmine, and pauses nothing where only this is refused', async () => {
    expect(await desk.create({ priority: '1' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Subject cannot be blank') });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected' });
    desk.target.next(json(403, undefined), json(401, undefined));
    expect(await desk.update('1', { title: 'x' })).toMatchObject({ outcome: 'rejected' });
    expect(await desk.update('1', { title: 'x' })).toMatchObject({ outcome: 'credentials' });
  });

  it('of which nobody knows whether it was changed is changed again, which does no harm: nobody has to look at it', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next(json(200, { issue: { id: 1, status: { id: 1 } } }), json(500, { status: 500, error: 'Internal Server Error' }));
    expect(await desk.update('1', { title: 'VPN', status: 'resolved' })).toMatchObject({ outcome: 'retryable', httpStatus: 500 });
    expect(await desk.update('1', { title: 'VPN', status: 'resolved' })).toMatchObject({ outcome: 'success' });
    expect(there.issues[0]).toMatchObject({ status: 3 });
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' });
    expect(await desk.update('1', { 'comment.text': 'once', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the issues of a project', () => {
  const position = { position: '2026-01-31T10:05:00Z' };

  it('bring a new one with all that it is, and of each entry of its journal no more than what changed', async () => {
    const issue = there.add({ description: 'Since 07:40', status: 4, priority: 3 });
    there.write(issue, { notes: 'for all', details: [{ property: 'attr', name: 'status_id', old_value: '1', new_value: '2' }] });
    there.write(issue, { notes: 'for us', private_notes: true, details: [{ property: 'attr', name: 'status_id', old_value: '2', new_value: '4' }] });
    there.write(issue, { details: [{ property: 'attr', name: 'done_ratio', old_value: '0', new_value: '50' }] });
    there.write(issue, { details: [{ property: 'attr', name: 'priority_id', old_value: '2', new_value: '3' }] });
    const { messages } = await desk.poll(position);
    expect(messages.map(({ attributes: { description, status, priority, 'comment.text': text, 'comment.visibility': visibility } }) => ({ description, status, priority, text, visibility }))).toEqual([
      { description: 'Since 07:40', status: 'pending', priority: '2' }, { text: 'for all', visibility: 'public' }, { text: 'for us', visibility: 'internal', status: 'pending' }, { priority: '2' },
    ]);
    expect(messages[1]).toMatchObject({ ticketId: '1', sender: { id: '7', name: 'Vera Agent' }, occurredAt: '2026-01-31T10:05:00.000Z', messageType: 'changed', attributes: { 'ticket.id': '1', title: 'VPN', 'comment.author': 'Vera Agent' } });
  });

  it('bring each file once, from below our own address', async () => {
    const issue = there.add({ created_on: '2026-01-01T00:00:00Z' });
    there.file(issue, 'b \u00e4.txt', 'text/plain');
    there.write(issue, { details: [{ property: 'attachment', name: '10', new_value: 'b \u00e4.txt' }] });
    const { messages } = await desk.poll(position);
    expect(messages).toEqual([expect.objectContaining({ messageType: 'file', attachments: [expect.objectContaining({ name: 'b \u00e4.txt', contentType: 'text/plain', content: Buffer.from('content of 10') })] })]);
  });

  it('bring closed ones, nothing that is old, and nothing twice', async () => {
    const issue = there.add({ created_on: '2026-01-01T00:00:00Z', status: 5 });
    there.write(issue, { notes: 'last year', created_on: '2026-01-01T00:00:00Z' });
    there.write(issue, { notes: 'now' });
    const first = await desk.poll(position);
    expect(first.messages.map(({ attributes }) => attributes['comment.text'])).toEqual(['now']);
    expect(lines(desk.target)[0]).toContain('updated_on=>=2026-01-31T10:04:00Z');
    expect(lines(desk.target)[0]).toContain('status_id=*');
    there.now = '2026-01-31T10:05:30Z';
    there.write(issue, { notes: 'later' });
    const second = await desk.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toHaveLength(1);
  });
});
