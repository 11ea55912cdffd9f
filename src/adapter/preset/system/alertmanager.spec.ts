import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeAlertmanager } from '../../../../test/support/fakes/alertmanager.js';
import { PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { alertmanager } from './alertmanager.js';

const desk = useDesk(new PresetDesk(alertmanager), () => undefined);
const DISK = { alertname: 'DiskFull', severity: 'critical', instance: 'web-1' };
const OTHER = { ...DISK, instance: 'web-2', severity: 'warning' };
let there: FakeAlertmanager;
beforeEach(() => { there = new FakeAlertmanager(); });
const received = () => desk.receive(there.notification('DiskFull'));

describe('what Alertmanager sends', () => {
  it('is a ticket for each alert of a group, in canonical words', () => {
    there.fire(DISK, 1, { summary: 'Disk 95 % full', description: 'On /var' }).fire(OTHER, 2);
    expect(received()).toEqual([
      expect.objectContaining({
        ticketId: expect.stringMatching(/^[\da-f]{16}:2026-01-31T10:01:41\.708348103Z$/), messageType: 'firing', occurredAt: '2026-01-31T10:01:41.708Z', sender: null, eventId: null,
        attributes: expect.objectContaining({
          title: 'Disk 95 % full', description: 'On /var', status: 'new', priority: '1', 'ticket.type': 'event', 'ticket.url': 'http://prometheus.example.com:9090/graph?g0.expr=up', 'labels.instance': 'web-1',
          'group.key': '{}:{alertname="DiskFull"}', 'group.receiver': 'parley', 'group.truncatedAlerts': 0,
        }),
      }),
      expect.objectContaining({ attributes: expect.objectContaining({ title: 'DiskFull', priority: '3', 'labels.instance': 'web-2' }) }),
    ]);
  });

  it('while it fires has no end, although it carries one in the year 1', () => {
    const [message] = there.fire(DISK, 1) && received();
    expect(message?.attributes).not.toHaveProperty('resolvedAt');
  });

  it('is the same ticket when it is repeated, and when it ends', () => {
    const [first] = there.fire(DISK, 1) && received();
    const [repeated] = there.fire(DISK, 5, { summary: 'Disk 96 % full' }) && received();
    const [ended] = there.resolve(DISK, 9) && received();
    expect([repeated?.ticketId, ended?.ticketId]).toEqual([first?.ticketId, first?.ticketId]);
    expect(ended).toMatchObject({ messageType: 'resolved', occurredAt: '2026-01-31T10:09:41.708Z', attributes: { status: 'resolved', resolvedAt: '2026-01-31T10:09:41.708348103Z' } });
  });

  it('keeps the text of the firing alert when the end brings none', () => {
    const [ended] = there.fire(DISK, 1, { summary: 'Disk 95 % full', description: 'On /var' }).resolve(DISK, 9) && received();
    expect(Object.keys(ended?.attributes ?? {})).not.toEqual(expect.arrayContaining(['title']));
    expect(Object.keys(ended?.attributes ?? {})).not.toEqual(expect.arrayContaining(['description']));
  });

  it('is told once when it ends, however often it is sent', () => {
    const body = there.fire(DISK, 1).resolve(DISK, 9).notification('DiskFull');
    const ids = [desk.receive(body), desk.receive(body)].map(([message]) => message?.eventId);
    expect(ids[0]).toMatch(/^[\da-f]{16}:.*:2026-01-31T10:09:41\.708348103Z$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('is another ticket when the same labels fire again after an end', () => {
    const [first] = there.fire(DISK, 1) && received();
    there.resolve(DISK, 9).notification('DiskFull');
    const [again] = there.fire(DISK, 20) && received();
    expect(again?.attributes['fingerprint']).toBe(first?.attributes['fingerprint']);
    expect(again?.ticketId).not.toBe(first?.ticketId);
  });

  it('has a severity of its own as it is, and none where it has none', () => {
    there.fire({ alertname: 'DiskFull', severity: 'apocalypse' }, 1).fire({ alertname: 'DiskFull' }, 1);
    const [odd, without] = received();
    expect(odd?.attributes['priority']).toBe('apocalypse');
    expect(without?.attributes).not.toHaveProperty('priority');
  });

  it('is nothing where the group is empty', () => {
    expect(received()).toEqual([]);
  });
});
