import { afterAll, describe, expect, it } from '@jest/globals';
import { macros, NotificationScript } from '../../../../test/support/fakes/nagios.js';
import { PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { nagios } from './nagios.js';

const desk = useDesk(new PresetDesk(nagios), () => undefined);
const script = new NotificationScript('nagios');
afterAll(() => script.stop());
const receive = (over: Record<string, string> = {}) => desk.receive(script.run(macros(over))!.form, { 'content-type': 'application/x-www-form-urlencoded' });
const HOST = { SERVICEDESC: '', SERVICESTATE: '', SERVICEPROBLEMID: '', LASTSERVICEPROBLEMID: '', SERVICEOUTPUT: '', HOSTSTATE: 'DOWN', HOSTPROBLEMID: '4', HOSTOUTPUT: 'PING CRITICAL' };

describe('what the notification command of Nagios sends', () => {
  it('is a problem of a service in canonical words', () => {
    expect(receive({ LONGSERVICEOUTPUT: 'line 2' })).toEqual([expect.objectContaining({
      ticketId: 'web-1:HTTP:17', messageType: 'PROBLEM', sender: null, occurredAt: expect.stringMatching(/^20\d\d-/),
      attributes: expect.objectContaining({ title: 'HTTP on web-1', description: 'HTTP CRITICAL: 500\nline 2', status: 'new', priority: '1', ci: 'web-1', service: 'HTTP', address: '192.0.2.1', state: 'CRITICAL', output: 'HTTP CRITICAL: 500' }),
    })]);
  });

  it('may be a problem of a host', () => {
    const [message] = receive(HOST);
    expect(message).toMatchObject({ ticketId: 'web-1:4', attributes: { title: 'web-1', description: 'PING CRITICAL', priority: '1', state: 'DOWN' } });
    expect(message?.attributes).not.toHaveProperty('service');
  });

  it('is the same ticket when it gets worse and when it recovers, although its number is 0 then', () => {
    expect(receive({ SERVICESTATE: 'WARNING' })[0]).toMatchObject({ ticketId: 'web-1:HTTP:17', attributes: { priority: '3' } });
    const [recovered] = receive({ NOTIFICATIONTYPE: 'RECOVERY', SERVICESTATE: 'OK', SERVICEPROBLEMID: '0', LASTSERVICEPROBLEMID: '17', SERVICEOUTPUT: 'HTTP OK' });
    expect(recovered).toMatchObject({ ticketId: 'web-1:HTTP:17', attributes: { status: 'resolved', state: 'OK', output: 'HTTP OK' } });
    expect(Object.keys(recovered?.attributes ?? {}).filter((name) => name === 'description' || name === 'priority')).toEqual([]);
    expect(receive({ NOTIFICATIONTYPE: 'RECOVERY', SERVICESTATE: 'OK', LASTSERVICEPROBLEMID: '12' })[0]?.ticketId).toBe('web-1:HTTP:17');
    expect(receive({ ...HOST, NOTIFICATIONTYPE: 'RECOVERY', HOSTSTATE: 'UP', HOSTPROBLEMID: '0', LASTHOSTPROBLEMID: '4' })[0]).toMatchObject({ ticketId: 'web-1:4', attributes: { status: 'resolved' } });
  });

  it('may be an acknowledgement with an internal comment', () => {
    expect(receive({ NOTIFICATIONTYPE: 'ACKNOWLEDGEMENT', NOTIFICATIONAUTHOR: 'vera', NOTIFICATIONCOMMENT: 'on it' })[0]).toMatchObject({
      ticketId: 'web-1:HTTP:17', sender: { id: 'vera' }, attributes: { status: 'inProgress', 'comment.text': 'on it', 'comment.author': 'vera', 'comment.visibility': 'internal' },
    });
  });

  it.each(['DOWNTIMESTART', 'FLAPPINGSTART', 'CUSTOM'])('says nothing of the status, and is no message while all is well: %s', (NOTIFICATIONTYPE) => {
    expect(receive({ NOTIFICATIONTYPE })[0]?.attributes).not.toHaveProperty('status');
    expect(receive({ NOTIFICATIONTYPE, SERVICEPROBLEMID: '0', SERVICESTATE: 'OK' })).toEqual([]);
  });

  it('carries whatever a plugin writes, and runs none of it', () => {
    const hostile = '"; touch /tmp/x; $(id) `id` \'&a=b\n<b>%26</b> \u00e4';
    expect(receive({ SERVICEOUTPUT: hostile })[0]?.attributes['output']).toBe(hostile);
  });

  it('has a key of its own for each notification, so that a repeat is known', () => {
    const [one, other] = [script.run(macros())!, script.run(macros())!];
    expect(one.headers['idempotency-key']).toMatch(/^\S+-\d+-\d+$/);
    expect(other.headers['idempotency-key']).not.toBe(one.headers['idempotency-key']);
    expect(one.url).toBe('https://parley.example/api/v1/inbound/nagios/Problem');
  });
});
