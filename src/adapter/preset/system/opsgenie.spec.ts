import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { FakeOpsgenie } from '../../../../test/support/fakes/opsgenie.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { opsgenie } from './opsgenie.js';

const there = new FakeOpsgenie();
const desk = useDesk(new PresetDesk(opsgenie, { auth: { type: 'header', name: 'Authorization', value: 'GenieKey key' } }), (target) => there.attachTo(target));
beforeEach(() => there.clear());

describe('an alert at Opsgenie', () => {
  it('is taken first and made later: its id is asked for until it is there', async () => {
    there.slowness = 2;
    expect(await desk.create({ title: 'y'.repeat(200), description: 'Since 07:40', priority: '2', tags: ['net'] }, { attachments: [file('a b.txt', 'x')] })).toMatchObject({ outcome: 'success', ticketId: 'alert-1' });
    expect(lines(desk.target).slice(0, 4)).toEqual(['POST /v2/alerts', ...Array<string>(3).fill('GET /v2/alerts/requests/request-1')]);
    expect(there.alerts[0]).toMatchObject({ message: 'y'.repeat(130), description: 'Since 07:40', priority: 'P2', tags: ['parley', 'net'], files: ['a b.txt'] });
    expect(await desk.lookUp()).toEqual({ found: 'alert-1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('of one alias is open once, however often it is created', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'success', ticketId: 'alert-1' });
    expect(there.alerts).toMatchObject([{ count: 2 }]);
  });

  it('that is not made before long is not opened again by a later attempt', async () => {
    there.slowness = 8;
    const kept: Record<string, unknown> = {};
    const steps = { read: () => kept, keep: (name: string, done: unknown) => { kept[name] = done; return Promise.resolve(); } };
    expect(await desk.create({ title: 'VPN' }, { steps })).toMatchObject({ outcome: 'retryable' });
    expect(await desk.create({ title: 'VPN' }, { steps })).toMatchObject({ outcome: 'success', ticketId: 'alert-1' });
    expect(there.alerts).toMatchObject([{ count: 1 }]);
  });

  it('is acknowledged, given back, and closed with what was done; what is so already is left alone', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('alert-1', { status: 'inProgress', priority: '1', title: 'VPN down' });
    expect(there.alerts[0]).toMatchObject({ acknowledged: true, priority: 'P1', message: 'VPN down' });
    await desk.update('alert-1', { status: 'reopened' });
    expect(there.alerts[0]).toMatchObject({ acknowledged: false });
    expect(await desk.update('alert-1', { status: 'resolved', resolution: 'Cable' })).toMatchObject({ outcome: 'success' });
    expect(there.alerts[0]).toMatchObject({ status: 'closed', notes: ['Cable'] });
    expect(await desk.update('alert-1', { status: 'closed' })).toMatchObject({ outcome: 'success' });
  });

  it('gets public comments as notes, and no others: everybody reads them', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('alert-1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('alert-1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('alert-1', { 'comment.text': 'who knows' });
    expect(there.alerts[0]?.notes).toEqual(['Vera: for all']);
  });

  it('that is not there is refused, though the act was taken', async () => {
    expect(await desk.update('nowhere', { status: 'resolved' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Alert does not exist') });
  });

  it('is refused in the words of Opsgenie, and waits as long as it says', async () => {
    expect(await desk.create({ description: 'no title' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Message can not be empty.') });
    desk.target.next(json(429, { message: 'You are making too many requests!', took: 0.1, requestId: 'r' }, { 'x-ratelimit-state': 'THROTTLED', 'x-ratelimit-reason': 'ACCOUNT', 'x-ratelimit-period-in-sec': '60' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 60_000 });
  });
});

describe('the webhook of Opsgenie', () => {
  const alert = { alertId: 'alert-1', tinyId: '7', alias: 'k', message: 'VPN', priority: 'P2', username: 'vera@x.example', tags: ['net'] };

  it.each([['Create', 'new'], ['Acknowledge', 'inProgress'], ['UnAcknowledge', 'reopened'], ['Close', 'resolved'], ['UpdatePriority', undefined]])('of the act %s has the status %s', (action, status) => {
    const [message] = desk.receive({ action, alert, source: { name: 'web', type: 'web' } });
    expect(message).toMatchObject({ ticketId: 'alert-1', sender: { id: 'vera@x.example' }, attributes: { 'ticket.number': '7', title: 'VPN', priority: '2', event: action } });
    expect(message?.attributes['status']).toBe(status);
  });

  it('brings a note as an internal comment', () => {
    expect(desk.receive({ action: 'AddNote', alert: { ...alert, note: 'on it' } })[0]?.attributes).toMatchObject({ 'comment.text': 'on it', 'comment.author': 'vera@x.example', 'comment.visibility': 'internal' });
    expect(desk.receive({ action: 'Create', alert: { ...alert, note: 'old' } })[0]?.attributes).not.toHaveProperty('comment.text');
  });

  it.each(['Delete', 'Escalate', 'AddTags', undefined])('says nothing by the act %s', (action) => {
    expect(desk.receive({ action, alert })).toEqual([]);
  });
});
