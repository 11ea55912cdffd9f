import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { FakeIcinga } from '../../../../test/support/fakes/icinga.js';
import { NotificationScript } from '../../../../test/support/fakes/nagios.js';
import { file, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { icinga } from './icinga.js';

const there = new FakeIcinga();
const desk = useDesk(new PresetDesk(icinga, { auth: { type: 'basic', username: 'parley', password: 'secret' } }), (target) => there.attachTo(target));
const script = new NotificationScript('icinga');
afterAll(() => script.stop());
beforeEach(() => { there.objects.clear(); there.isOld = false; there.notified = 0; });

const environment = (over: Record<string, string> = {}): Record<string, string> =>
  ({ PARLEY_FOLDER: join(script.folder, 'notes'), TYPE: 'PROBLEM', HOST: 'web-1', SERVICE: 'HTTP', ADDRESS: '192.0.2.1', STATE: 'CRITICAL', OUTPUT: 'HTTP CRITICAL: 500', AUTHOR: '', COMMENT: '', ...over });
const receive = (over: Record<string, string> = {}) => {
  const called = script.run(environment(over));
  return called === null ? [] : desk.receive(called.form, { 'content-type': 'application/x-www-form-urlencoded' });
};

describe('what the notification command of Icinga sends', () => {
  it('is a problem of a service in canonical words', () => {
    expect(receive({ SERVICE: 'one' })).toEqual([expect.objectContaining({
      ticketId: expect.stringMatching(/^web-1!one@\d+$/), messageType: 'PROBLEM', sender: null, occurredAt: expect.stringMatching(/^20\d\d-/),
      attributes: expect.objectContaining({ title: 'one on web-1', description: 'HTTP CRITICAL: 500', status: 'new', priority: '1', ci: 'web-1', service: 'one', address: '192.0.2.1', state: 'CRITICAL' }),
    })]);
  });

  it('may be a problem of a host', () => {
    const [message] = receive({ SERVICE: '', STATE: 'DOWN', HOST: 'web-2' });
    expect(message).toMatchObject({ ticketId: expect.stringMatching(/^web-2@\d+$/), attributes: { title: 'web-2', priority: '1' } });
    expect(message?.attributes).not.toHaveProperty('service');
  });

  it('is the same ticket until its end was told, and another one after that', () => {
    const [first] = receive({ SERVICE: 'two', STATE: 'WARNING' });
    const [worse] = receive({ SERVICE: 'two' });
    expect(script.run(environment({ SERVICE: 'two', TYPE: 'RECOVERY', STATE: 'OK' }), 22)).not.toBeNull();
    const [ended] = receive({ SERVICE: 'two', TYPE: 'RECOVERY', STATE: 'OK', OUTPUT: 'HTTP OK' });
    expect([worse?.ticketId, ended?.ticketId]).toEqual([first?.ticketId, first?.ticketId]);
    expect(ended).toMatchObject({ attributes: { status: 'resolved', output: 'HTTP OK' } });
    expect(Object.keys(ended?.attributes ?? {}).filter((name) => name === 'description' || name === 'priority')).toEqual([]);
    expect(receive({ SERVICE: 'two', TYPE: 'RECOVERY', STATE: 'OK' })).toEqual([]);
    expect(receive({ SERVICE: 'two' })[0]?.attributes['status']).toBe('new');
  });

  it('may be an acknowledgement with an internal comment, and nothing of the status while all is well', () => {
    expect(receive({ SERVICE: 'three', TYPE: 'DOWNTIMESTART', STATE: 'OK' })).toEqual([]);
    receive({ SERVICE: 'three' });
    expect(receive({ SERVICE: 'three', TYPE: 'ACKNOWLEDGEMENT', AUTHOR: 'vera', COMMENT: 'on it' })[0]).toMatchObject({ sender: { id: 'vera' }, attributes: { status: 'inProgress', 'comment.text': 'on it', 'comment.author': 'vera', 'comment.visibility': 'internal' } });
    expect(receive({ SERVICE: 'three', TYPE: 'DOWNTIMESTART' })[0]?.attributes).not.toHaveProperty('status');
  });

  it('carries whatever a plugin writes, and runs none of it', () => {
    const hostile = '"; touch /tmp/x; $(id) `id` \'&a=b\n<b>%26</b> \u00e4';
    expect(receive({ SERVICE: 'four', OUTPUT: hostile })[0]?.attributes['output']).toBe(hostile);
  });
});

describe('a problem at Icinga', () => {
  it('is acknowledged once, without telling everybody, and the acknowledgement is taken back', async () => {
    const checkable = there.add('web-1!HTTP');
    expect(await desk.update('web-1!HTTP@1769846712', { status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect(checkable).toMatchObject({ acknowledged: true, comments: ['Parley: A ticket is being worked on.'] });
    expect(await desk.update('web-1!HTTP@1769846712', { status: 'pending', 'comment.text': 'still', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'success' });
    expect(there.notified).toBe(0);
    expect(await desk.update('web-1!HTTP@1769846712', { status: 'reopened' })).toMatchObject({ outcome: 'success' });
    expect(checkable.acknowledged).toBe(false);
  });

  it('of a host is found by its name, signs and all', async () => {
    const checkable = there.add('web@1');
    await desk.update('web@1@1769846712', { status: 'inProgress', 'comment.text': 'on it', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    expect(checkable).toMatchObject({ acknowledged: true, comments: ['Parley: Vera: on it'] });
  });

  it('gets public comments and no others', async () => {
    const checkable = there.add('web-1!HTTP');
    await desk.update('web-1!HTTP@1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('web-1!HTTP@1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('web-1!HTTP@1', { 'comment.text': 'who knows', 'status': 'resolved' }, { attachments: [file('a.txt', 'x')] });
    expect(checkable).toMatchObject({ acknowledged: false, comments: ['Parley: Vera: for all'] });
  });

  it.each([[false, 409], [true, 500]])('that is over refuses, whatever the status says (old: %s)', async (isOld, httpStatus) => {
    there.isOld = isOld;
    there.add('web-1!HTTP', true);
    expect(await desk.update('web-1!HTTP@1', { status: 'inProgress' })).toMatchObject({ outcome: 'rejected', httpStatus, error: expect.stringContaining('is OK') });
  });

  it('that is acknowledged already counts as done, also where older versions answer 500', async () => {
    there.isOld = true;
    there.add('web-1!HTTP').acknowledged = true;
    expect(await desk.update('web-1!HTTP@1', { status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect(await desk.update('gone!HTTP@1', { status: 'inProgress' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('No objects found') });
  });

  it('is not commented twice where nobody knows whether it was heard', async () => {
    there.add('web-1!HTTP');
    desk.target.next({ do: 'cut' });
    expect(await desk.update('web-1!HTTP@1', { 'comment.text': 'once', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'unknown' });
  });
});
