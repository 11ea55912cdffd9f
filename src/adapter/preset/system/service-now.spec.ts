import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeServiceNow } from '../../../../test/support/fakes/service-now.js';
import { serviceNow } from './service-now.js';

const there = new FakeServiceNow();
const OVER = { auth: { type: 'basic', username: 'parley', password: 'secret' }, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };
const desk = useDesk(new PresetDesk(serviceNow, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(serviceNow, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => { there.rows.length = 0; there.journal.length = 0; there.files.length = 0; there.hidden.clear(); });

describe('an incident at ServiceNow', () => {
  it('is created with both ids, impact and urgency from the priority, and a look-up finds it', async () => {
    const made = await desk.create({ title: 'x'.repeat(200), description: 'Since 07:40', priority: '2', status: 'new', unheardOf: 'x' }, { attachments: [file('a b.txt', 'hello')] });
    expect(made).toMatchObject({ outcome: 'success', ticketId: '00000000000000000000000000000001', answer: { number: 'INC1' } });
    expect(there.rows[0]).toMatchObject({ short_description: 'x'.repeat(160), impact: '1', urgency: '2', state: '1', correlation_display: 'Parley' });
    expect(there.rows[0]).not.toHaveProperty('priority');
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

  it('waits as long as the limit asks', async () => {
    desk.target.next(json(429, { error: { message: 'Rate limit exceeded' } }, { 'retry-after': '60' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 60_000 });
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
});
