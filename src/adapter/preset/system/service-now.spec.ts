import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { header } from '../../../../test/support/fakes/fake-system.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeServiceNow } from '../../../../test/support/fakes/service-now.js';
import { serviceNow } from './service-now.js';

const there = new FakeServiceNow();
const OVER = { auth: { type: 'basic', username: 'parley', password: 'secret' }, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };
const desk = useDesk(new PresetDesk(serviceNow, OVER), (target) => there.attachTo(target));
const byClient = useDesk(new PresetDesk(serviceNow, { ...OVER, auth: { type: 'oauth2', grant: 'clientCredentials', tokenUrl: '/oauth_token.do', clientAuth: 'body', clientId: 'client', clientSecret: 'client-secret' } }), (target) => there.attachTo(target, header('authorization', 'Bearer token-of-oauth')));
const byKey = useDesk(new PresetDesk(serviceNow, { ...OVER, auth: { type: 'header', name: 'x-sn-apikey', value: 'key' } }), (target) => there.attachTo(target, header('x-sn-apikey', 'key')));
const polled = useDesk(new PresetDesk(serviceNow, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => there.clear());

describe('an incident at ServiceNow', () => {
  it('is created with both ids, impact and urgency from the priority, and a look-up finds it', async () => {
    const made = await desk.create({ title: 'x'.repeat(200), description: 'Since 07:40', priority: '2', status: 'new', unheardOf: 'x' }, { attachments: [file('a b.txt', 'hello')] });
    expect(made).toMatchObject({ outcome: 'success', ticketId: '00000000000000000000000000000001', answer: { number: 'INC1' } });
    expect(there.rows[0]).toMatchObject({ short_description: 'x'.repeat(160), impact: '1', urgency: '2', state: '1', correlation_display: 'Parley' });
    expect(JSON.parse(desk.target.seen[0]!.body.toString())).not.toHaveProperty('priority');
    expect(there.files).toEqual([{ name: 'a b.txt', type: 'text/plain', text: 'hello' }]);
    expect(await desk.lookUp()).toEqual({ found: '00000000000000000000000000000001' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('is not guessed where two carry the same correlation id', async () => {
    await desk.create({ title: 'one' });
    await desk.create({ title: 'two' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('takes its own impact before that of the priority', async () => {
    await desk.create({ title: 'VPN', priority: 1, impact: '3', urgency: 2 });
    expect(there.rows[0]).toMatchObject({ impact: '3', urgency: '2' });
  });

  it('is commented for all only where that is said; the author is named', async () => {
    await desk.create({ title: 'VPN' });
    const id = there.rows[0]!['sys_id']!;
    await desk.update(id, { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update(id, { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update(id, { 'comment.text': 'who knows' });
    expect(there.journal).toEqual([{ element: 'comments', value: 'Vera: for all' }, { element: 'work_notes', value: 'for us' }, { element: 'work_notes', value: 'who knows' }]);
  });

  it('is held with a reason, and resolved with code and notes', async () => {
    await desk.create({ title: 'VPN' });
    const id = there.rows[0]!['sys_id']!;
    await desk.update(id, { status: 'onHold', statusReason: 'waitingSupplier' });
    expect(there.rows[0]).toMatchObject({ state: '3', hold_reason: '4' });
    await desk.update(id, { status: 'resolved', resolution: 'Cable' });
    expect(there.rows[0]).toMatchObject({ state: '6', close_code: 'Solved (Permanently)', close_notes: 'Cable' });
  });

  it('that somebody opened there is told the other system\'s number', async () => {
    there.rows.push({ sys_id: '7', state: '1', sys_mod_count: '0' });
    await desk.update('7', { 'ticket.externalId': 'OPS-1', 'comment.text': 'Opened there', 'comment.visibility': 'internal' });
    expect(there.rows[0]).toMatchObject({ correlation_id: 'OPS-1' });
    await desk.update('7', { status: 'inProgress' });
    expect(there.rows[0]).toMatchObject({ correlation_id: 'OPS-1', state: '2' });
  });

  it('that is closed refuses, and the reason is told', async () => {
    await desk.create({ title: 'VPN' });
    const id = there.rows[0]!['sys_id']!;
    await desk.update(id, { status: 'closed' });
    expect(await desk.update(id, { title: 'again' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Data Policy') });
    expect(await desk.update('missing', { title: 'x' })).toMatchObject({ outcome: 'rejected' });
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' });
    expect(await desk.update(there.rows[0]!['sys_id']!, { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
  });

  it('has dates in UTC, which do not say so', async () => {
    await desk.create({ title: 'VPN', dueAt: '2026-02-01T10:00:00+02:00' });
    expect(there.rows[0]).toMatchObject({ due_date: '2026-02-01 08:00:00' });
  });

  it('is written in the name of an OAuth client, or with a key, as well', async () => {
    expect(await byClient.create({ title: 'VPN' })).toMatchObject({ outcome: 'success' });
    expect(await byKey.create({ title: 'VPN' })).toMatchObject({ outcome: 'success' });
    expect(await byKey.update('0'.repeat(31) + '9', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('ACL restricts') });
  });

  it('waits as long as the limit asks', async () => {
    desk.target.next(json(429, { error: { message: 'Rate limit exceeded' } }, { 'retry-after': '60' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 60_000 });
    desk.target.next(json(429, { error: { message: 'Rate limit exceeded' } }, { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 90) }));
    expect((await desk.create({ title: 'VPN' })).retryAfterMs).toBeGreaterThan(30_000);
  });
});

describe('the lists of values at ServiceNow', () => {
  it('are asked for, since every instance has its own', async () => {
    expect(await desk.discover()).toEqual([
      ['impact = 1', '1 - High'], ['state = 1', 'New'], ['state = 10', 'With Supplier'], ['state = 2', 'In Progress'],
    ].map(([name, label]) => ({ entityType: 'Incident', name, label, type: 'choice' })));
  });
});

describe('what the business rule brings', () => {
  const row = { sys_id: 'a'.repeat(32), number: 'INC7', sys_mod_count: 4, sys_updated_by: 'vera', sys_updated_on: '2026-01-31 08:05:12', short_description: 'VPN', state: '3', hold_reason: '4', priority: '2', impact: '1', urgency: '2', comments: '', work_notes: '' };

  it('is read in canonical words, its zone-less times as UTC', () => {
    expect(desk.receive(row, { 'x-parley-token': 'token' })).toEqual([expect.objectContaining({
      ticketId: 'a'.repeat(32), occurredAt: '2026-01-31T08:05:12.000Z', sender: { id: 'vera' }, eventId: `${'a'.repeat(32)}:4:fields`,
      attributes: expect.objectContaining({ title: 'VPN', 'ticket.number': 'INC7', status: 'onHold', statusReason: 'waitingSupplier', priority: '2', impact: '1' }),
    })]);
    expect(desk.receive(row, { 'x-parley-token': 'token' })[0]?.attributes).not.toHaveProperty('comment.text');
  });

  it.each([['comments', 'public'], ['work_notes', 'internal']])('tells who may read its %s', (field, visibility) => {
    expect(desk.receive({ ...row, [field]: 'hello' }, { 'x-parley-token': 'token' })[0]?.attributes).toMatchObject({ 'comment.text': 'hello', 'comment.author': 'vera', 'comment.visibility': visibility });
  });

  it('lacks what is empty there', () => {
    const empty = { ...row, hold_reason: '', assignment_group: '', caller_id: '', correlation_id: '', close_code: '', close_notes: '' };
    const names = Object.keys(desk.receive(empty, { 'x-parley-token': 'token' })[0]?.attributes ?? {});
    for (const name of ['statusReason', 'assignmentGroup', 'requester.id', 'ticket.externalId', 'resolutionCode', 'resolution']) expect(names).not.toContain(name);
  });

  it('brings a file, once, from below our own address', async () => {
    await desk.create({ title: 'VPN' });
    const { sys_id: id } = there.rows[0]!;
    const { sys_id: fileId } = there.keep(id!, 'a b.png', { type: 'image/png', text: 'hello', by: 'vera' });
    const [message] = await desk.receiveWhole({ ...row, sys_id: id, attachment: { sys_id: fileId, file_name: 'a b.png', content_type: 'image/png' } }, { 'x-parley-token': 'token' });
    expect(message).toMatchObject({ ticketId: id, eventId: `file:${fileId}`, attachments: [{ name: 'a b.png', contentType: 'image/png', content: Buffer.from('hello') }] });
    expect(lines(desk.target).at(-1)).toBe(`GET /api/now/attachment/${fileId}/file`);
  });

  it('is refused without the token', () => {
    expect(() => desk.receive(row, { 'x-parley-token': 'other' })).toThrow();
  });
});

describe('polling of ServiceNow', () => {
  it('goes on behind pages that rights made short, and gives each state once', async () => {
    const at = (minute: string): string => `2026-01-31 10:${minute}:00`;
    for (let number = 0; number < 120; number++) there.rows.push({ sys_id: `r${number}`, number: `INC${number}`, state: '2', sys_mod_count: '1', sys_updated_on: at('05'), sys_updated_by: 'vera', short_description: 's' });
    for (let number = 0; number < 100; number += 2) there.hidden.add(`r${number}`);
    const first = await polled.poll();
    expect(first.messages).toHaveLength(70);
    expect(first.messages[0]).toMatchObject({ attributes: { status: 'inProgress' }, occurredAt: '2026-01-31T10:05:00.000Z' });
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
    expect(decodeURIComponent(polled.target.seen.at(-1)!.url.replaceAll('+', ' '))).toContain('sys_updated_on>=2026-01-31 10:04:00^');
  });

  it('brings each new line of the journal and each file as a message of its own, with who may read it', async () => {
    const { sys_id: id = '' } = there.insert({ short_description: 'VPN', due_date: '2026-02-01 08:00:00', assignment_group: 'g1' });
    there.now = '2026-01-01 10:00:00';
    there.say(id, 'comments', 'long ago', 'vera');
    there.now = '2026-01-31 10:05:00';
    there.say(id, 'comments', 'for all', 'vera');
    there.say(id, 'work_notes', 'for us', 'parley');
    const { sys_id: fileId } = there.keep(id, 'a.txt', { type: 'text/plain', text: 'hello', by: 'vera' });
    const { messages, cursor } = await polled.poll();
    expect(messages.map(({ ticketId, sender, eventId, attributes, attachments }) => [ticketId, sender?.id, eventId?.replace(/0{5,}/, ''), attributes['comment.text'], attributes['comment.visibility'], attachments.map(({ name }) => name)])).toEqual([
      [id, 'parley', '1:0:fields', undefined, undefined, []], [id, 'vera', 'journal:j2', 'for all', 'public', []], [id, 'parley', 'journal:j3', 'for us', 'internal', []], [id, 'vera', 'file:f1', undefined, undefined, ['a.txt']],
    ]);
    expect(messages[1]).toMatchObject({ occurredAt: '2026-01-31T10:05:00.000Z', attributes: { title: 'VPN', dueAt: '2026-02-01T08:00:00.000Z', assignmentGroup: 'g1', 'comment.author': 'vera' } });
    expect(messages[3]?.attachments[0]?.content.toString()).toBe('hello');
    expect(there.stored[0]?.sys_id).toBe(fileId);
    expect((await polled.poll(cursor)).messages.map(({ eventId }) => eventId)).toEqual(messages.map(({ eventId }) => eventId));
  });

  it('takes a change for ours only where nobody else has changed the row just before', async () => {
    const row = there.insert({ short_description: 'VPN' });
    const senders = async () => (await polled.poll()).messages.map(({ sender }) => sender?.id);
    expect(await senders()).toEqual(['parley']);
    there.write(row, { short_description: 'VPN down' }, 'vera');
    there.write(row, { urgency: '1' }, 'parley');
    expect(await senders()).toEqual([undefined]);
    there.write(row, { impact: '1' }, 'parley');
    expect(await senders()).toEqual(['parley']);
    there.write(row, { impact: '2' }, 'vera');
    there.isAuditOpen = false;
    expect(await senders()).toEqual(['vera']);
    there.isAuditOpen = true;
  });
});
