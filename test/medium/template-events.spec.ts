import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { alertmanager } from '../../src/adapter/preset/system/alertmanager.js';
import { freePort } from '../../scripts/embedded-postgres.mjs';
import { eventually } from '../support/eventually.js';
import { FakeAlertmanager } from '../support/fakes/alertmanager.js';
import { JiraDesk } from './integration/jira-desk.js';
import { ServiceNowDesk } from './integration/service-now-desk.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
let desk: ServiceNowDesk;
let port: number;
beforeAll(async () => {
  port = await freePort();
  joined = await Integration.open({ inletPort: port });
  desk = await ServiceNowDesk.connect(joined, 'acme');
}, 60_000); // makes the run's database
afterAll(() => joined.close());

const shown = (from = 0): string[] => desk.there.rows.slice(from).map(({ short_description: title, state, close_notes: notes = '' }) => `${title} ${state}${notes === '' ? '' : ` ${notes}`}`);
const notes = (): string[] => desk.there.journal.map(({ element, value }) => `${element}: ${value}`);

describe('mails of a monitoring system', () => {
  const NAGIOS = readFileSync(join(import.meta.dirname, '../../src/adapter/kinds/mail/fixture/event-nagios.eml'), 'utf8');
  let mails = 0;
  const mail = async (changes: Readonly<Record<string, string>> = {}): Promise<void> => {
    const raw = Object.entries(changes).reduce((text, [from, to]) => text.replaceAll(from, to), NAGIOS).replace('evt-1', `evt-${++mails}`);
    await createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true }).sendMail({ envelope: { from: 'nagios@monitor.example', to: 'support+events@example.com' }, raw });
  };

  it('open one incident for a problem, tell it what follows, and resolve it by the recovery', async () => {
    await joined.endpoint('events', {
      adapter: 'mail', settings: { address: 'support@example.com', incoming: { type: 'inlet' } },
      entityTypes: [{ name: 'mail', extract: [{ when: { from: '@monitor\\.example$' }, lines: { prefix: 'event.' }, ticketId: 'event.Problem ID', messageType: 'alert', required: ['event.Notification Type'] }] }],
    });
    await joined.use('event-mail', { source: 'events', target: 'acme', assignedGroup: 'network' });
    await mail({ CRITICAL: 'WARNING' });
    await eventually(() => expect(desk.there.rows).toMatchObject([{ short_description: '** PROBLEM Service Alert: db1/Disk is WARNING **', impact: '2', urgency: '2', assignment_group: 'network' }]));
    await mail({});
    await eventually(() => expect(desk.there.rows[0]).toMatchObject({ impact: '1', urgency: '1' }));
    await mail({ PROBLEM: 'RECOVERY', CRITICAL: 'OK' });
    await eventually(() => expect(shown()).toEqual(['** PROBLEM Service Alert: db1/Disk is WARNING ** 6 It is over: ** RECOVERY Service Alert: db1/Disk is OK **']));
    await mail({});
    await eventually(() => expect(desk.there.rows[0]).toMatchObject({ state: '2' }));
    await joined.untilIdle();
    expect(notes()).toEqual([
      'work_notes: Told again: ** PROBLEM Service Alert: db1/Disk is CRITICAL **', 'work_notes: It is over: ** RECOVERY Service Alert: db1/Disk is OK **',
      'work_notes: It is there again, or still: ** PROBLEM Service Alert: db1/Disk is CRITICAL **',
    ]);
    expect(await joined.deliveries()).toEqual({ 'acme CREATE SENT': 1, 'acme UPDATE SENT': 4 }); // told again, worse, over, back
    expect(await joined.states()).toEqual({ ECHO: 5, ROUTED: 4 });
  });
});

describe('alerts', () => {
  const there = new FakeAlertmanager();
  const DISK = { alertname: 'DiskFull', severity: 'critical', instance: 'web-1' };
  const OTHER = { ...DISK, severity: 'warning', instance: 'web-2' };
  const notify = async (): Promise<void> => { await joined.must('POST', '/api/v1/inbound/alerts/Alert', there.notification('DiskFull')); };

  it('of a group are an incident each; what is repeated is told to the same one, and its end resolves it', async () => {
    await joined.connect('alerts', alertmanager, {}, () => undefined);
    await joined.use('alertmanager', { source: 'alerts', target: 'acme', tellsRepeats: false });
    const said = notes().length;
    there.fire(DISK, 1, { summary: 'Disk 95 % full' }).fire(OTHER, 1, { summary: 'Disk 80 % full' });
    await notify();
    await eventually(() => expect(shown(1)).toEqual(['Disk 95 % full 1', 'Disk 80 % full 1']));
    there.fire(DISK, 5, { summary: 'Disk 96 % full' });
    await notify();
    await notify();
    await eventually(() => expect(shown(1)).toEqual(['Disk 96 % full 1', 'Disk 80 % full 1']));
    there.resolve(DISK, 9);
    await notify();
    await eventually(() => expect(shown(1)).toEqual(['Disk 96 % full 6 The alert ended at 2026-01-31T10:09:41.708348103Z.', 'Disk 80 % full 1']));
    // The same labels once more are another occurrence.
    there.fire(DISK, 20, { summary: 'Disk 97 % full' });
    await notify();
    await eventually(() => expect(shown(1)).toHaveLength(3));
    await joined.untilIdle();
    expect(await joined.deliveries()).toEqual({ 'acme CREATE SENT': 1 + 3, 'acme UPDATE SENT': 4 + 2 }); // another summary, the end
    expect(notes().slice(said)).toEqual(['work_notes: The alert ended at 2026-01-31T10:09:41.708348103Z.']);
    const counted = await joined.rows<{ count: number }>('SELECT value::int AS count FROM conversation_memory, jsonb_each_text(counters) WHERE organization_id = $1 AND key = \'repeats\' ORDER BY 1');
    expect(counted.map(({ count }) => count)).toEqual([0, 1, 2, 4]); // a new alert, the mails, the one that ended, the one that goes on
  });

  it('of which somebody resolved the incident too early open it again', async () => {
    const last = desk.there.rows.at(-1)!['sys_id']!;
    await desk.change(last, { state: '6', close_notes: 'Deleted some logs' });
    await joined.untilIdle();
    await notify();
    await eventually(() => expect(desk.row(last)['state']).toBe('2'));
    await joined.untilIdle();
    expect(desk.there.rows).toHaveLength(4);
  });

  it('whose end the workflow refuses say so at the issue', async () => {
    const vendor = await JiraDesk.connect(joined, 'vendor');
    await joined.connect('other_alerts', alertmanager, {}, () => undefined);
    await joined.use('alertmanager', { source: 'other_alerts', target: 'vendor', targetEntityType: 'Issue' });
    const tell = (): Promise<void> => joined.must('POST', '/api/v1/inbound/other_alerts/Alert', there.notification('Down'));
    there.fire({ alertname: 'Down', severity: 'page' }, 30);
    await tell();
    await eventually(() => expect(vendor.there.issues[0]?.fields).toMatchObject({ summary: 'Down', priority: { name: 'Highest' } }));
    await joined.untilIdle();
    there.resolve({ alertname: 'Down', severity: 'page' }, 31);
    await tell();
    await eventually(() => expect(vendor.there.comments).toEqual([{ body: 'An update was refused: The workflow has no transition to resolved from where the issue is.', isPublic: false }]));
    await joined.untilIdle();
  });
});
