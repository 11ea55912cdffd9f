import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { json } from '../../../../test/support/fake-target.js';
import { FakeGlpi } from '../../../../test/support/fakes/glpi.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { glpi } from './glpi.js';

const there = new FakeGlpi();
const desk = useDesk(new PresetDesk(glpi, { auth: { ...(glpi.endpoint.settings['auth'] as object), password: 'user-token' }, secrets: { appToken: 'app' } }, '/apirest.php'), (target) => there.attachTo(target));
beforeEach(() => { for (const all of [there.tickets, there.followups, there.solutions, there.documents]) all.length = 0; there.now = '2026-01-31 10:05:00'; });

describe('a ticket at GLPI', () => {
  it('is created in HTML, on a scale that is upside down, and found again', async () => {
    expect(await desk.create({ title: 'x'.repeat(300), description: 'Since <07:40>\nno VPN', priority: '2', status: 'inProgress' })).toMatchObject({ outcome: 'success', ticketId: '15' });
    expect(there.tickets[0]).toMatchObject({ name: 'x'.repeat(255), content: 'Since &lt;07:40&gt;<br>no VPN', impact: 4, urgency: 4, status: 2, type: 1 });
    expect(await desk.lookUp()).toEqual({ found: '15' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
    await desk.create({ title: 'the same key' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is written only where the boolean of the answer says so', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('15', { title: 'VPN down', urgency: '1', status: 'closed' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ name: 'VPN down', urgency: 5, status: 6 });
    expect(await desk.update('15', { title: 'again' })).toMatchObject({ outcome: 'rejected', error: 'The ticket is closed' });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Item not found') });
  });

  it('is commented for all only where that is said', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('15', { 'comment.text': 'a < b', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('15', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('15', { 'comment.text': 'who knows' });
    expect(there.followups).toEqual([['Vera: a &lt; b', 0], ['for us', 1], ['who knows', 1]].map(([content, hidden]) => expect.objectContaining({ itemtype: 'Ticket', items_id: '15', content, is_private: hidden })));
    expect(lines(desk.target)).not.toContain('PUT /apirest.php/Ticket/15');
  });

  it('is solved by a solution where there is one, else by its status', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('15', { status: 'resolved', resolution: 'Cable' });
    expect(there.solutions).toEqual([expect.objectContaining({ content: 'Cable' })]);
    expect(there.tickets[0]).toMatchObject({ status: 5 });
    await desk.update('15', { status: 'reopened' });
    await desk.update('15', { status: 'resolved' });
    expect(there.solutions).toHaveLength(1);
    expect(there.tickets[0]).toMatchObject({ status: 5 });
  });

  it('takes files as documents that are linked with it', async () => {
    await desk.create({ title: 'VPN' }, { attachments: [file('a b.txt', 'hello')] });
    expect(there.documents).toEqual([{ name: 'a b.txt', linkedTo: '15', text: 'hello' }]);
  });

  it('that we may not touch does not pause the endpoint', async () => {
    expect(await desk.update('99', { 'comment.text': 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("You don't have permission") });
  });
});

describe('the session at GLPI', () => {
  it('is begun anew when it has ended', async () => {
    await desk.create({ title: 'one' });
    there.session = 100;
    desk.target.seen.length = 0;
    expect(await desk.create({ title: 'two' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target).filter((line) => line.includes('initSession'))).toHaveLength(1);
    expect(there.tickets).toHaveLength(2);
  });

  it('is ended when a new one takes its place', async () => {
    await desk.create({ title: 'one' });
    const old = `s${there.session}`;
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 7_200_000);
    await desk.create({ title: 'two' }).finally(() => { clock.mockRestore(); });
    await eventually(() => { expect(there.ended).toContain(old); });
  });

  it('that is refused pauses the endpoint', async () => {
    there.session = 200;
    desk.target.next(json(401, ['ERROR_SESSION_TOKEN_INVALID', 'x']), json(401, ['ERROR_GLPI_LOGIN_USER_TOKEN', 'parameter user_token seems invalid']));
    expect(await desk.create({ title: 'one' })).toMatchObject({ outcome: 'credentials' });
  });
});

describe('polling of GLPI', () => {
  const change = { status: 4, priority: 6, impact: 5, urgency: 1, users_id_lastupdater: 7, name: 'VPN', content: '&#60;p&#62;Since 07:40&#60;/p&#62;', externalid: '', date_mod: '2026-01-31 10:05:00' };

  it('reads the ticket behind each row, in canonical words', async () => {
    there.tickets.push({ id: 15, ...change });
    const { messages, keys, cursor } = await desk.poll();
    expect(messages).toEqual([expect.objectContaining({ ticketId: '15', sender: { id: '7' }, occurredAt: '2026-01-31T10:05:00.000Z', attributes: expect.objectContaining({ title: 'VPN', description: 'Since 07:40', status: 'pending', priority: '1', impact: '1', urgency: '5' }) })]);
    expect(messages[0]?.attributes).not.toHaveProperty('comment.text');
    expect(messages[0]?.attributes).not.toHaveProperty('ticket.externalId');
    expect(decodeURIComponent(desk.target.seen.find(({ url }) => url.includes('search'))!.url.replaceAll('+', ' '))).toContain('criteria[0][value]=2026-01-31 09:59:00');
    there.tickets[0]!['status'] = 5;
    const [again] = (await desk.poll(cursor)).keys;
    expect(keys).not.toContain(again);
    there.tickets.length = 0;
    expect((await desk.poll(cursor)).messages).toEqual([]);
  });

  it.each([[0, 'public'], [1, 'internal'], [undefined, 'internal']])('brings each new comment, private %s as %s', async (hidden, visibility) => {
    const comment = (id: number, date: string): Record<string, unknown> => ({ id, itemtype: 'Ticket', items_id: 15, users_id: 9, content: '<p>Try &amp; again</p>', is_private: hidden, date_mod: date });
    there.tickets.push({ id: 15, ...change });
    there.followups.push(comment(1, '2026-01-01 10:00:00'), comment(2, '2026-01-31 10:04:00'), comment(3, change.date_mod));
    const { messages } = await desk.poll();
    expect(messages.map(({ eventId }) => eventId)).toEqual([null, 'comment:3:2026-01-31 10:05:00', 'comment:2:2026-01-31 10:04:00']);
    expect(messages[2]).toMatchObject({ ticketId: '15', sender: { id: '9' }, occurredAt: '2026-01-31T10:04:00.000Z', attributes: { 'comment.id': 2, 'comment.text': 'Try & again', 'comment.visibility': visibility } });
    expect(messages[2]?.attributes).not.toHaveProperty('status');
  });

  it('goes through all pages, which are partial answers', async () => {
    for (let number = 0; number < 120; number++) there.tickets.push({ id: 100 + number, ...change });
    expect((await desk.poll()).messages).toHaveLength(120);
    expect(lines(desk.target).filter((line) => line.includes('/search/')).map((line) => /range=[\d-]+/.exec(line)?.[0])).toEqual(['range=0-49', 'range=50-99', 'range=100-149']);
  });
});
