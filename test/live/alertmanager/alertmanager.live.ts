import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { AlertmanagerSystem, whatIsMissing } from './alertmanager-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`alertmanager, live: skipped: ${missing}\n`);

const WAIT_MS = 20_000;
const MANY = 50;
const report = (line: string): void => { process.stdout.write(`alertmanager, live: ${line}\n`); };
const labels = (alertname: string, instance = 'web-1'): Record<string, string> => ({ alertname, instance, severity: 'critical' });
const TEXT = { type: 'Single', template: '${labels.alertname} ${labels.instance} ${status} ${priority} ${title}', targetAttribute: 'text' };

live('Alertmanager', () => {
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;
  let there: AlertmanagerSystem;
  let port: number;

  beforeAll(async () => {
    broker = await openBroker();
    desk = await broker.desk();
    port = await freePort();
    const { body: preset } = await desk.user.get('/api/v1/presets/alertmanager');
    await desk.must('PUT', '/api/v1/endpoints/alertmanager', preset.endpoint);
    const { secret } = (await desk.must('POST', '/api/v1/endpoints/alertmanager/credentials', { kind: 'bearer' })).body as { secret: string };
    there = await AlertmanagerSystem.start({ url: `http://127.0.0.1:${port}/api/v1/o/${desk.user.slug}/inbound/alertmanager/Alert`, token: secret });
    await desk.must('PUT', '/api/v1/endpoints/alertmanager', { ...preset.endpoint, settings: { ...preset.endpoint.settings, baseUrl: there.url } });
    const of = (status: string) => ({ sourceSystemId: 'alertmanager', sourceEntityType: 'Alert', entityConditions: [{ attribute: 'status', operator: 'EQUALS', values: [status] }], mappings: [TEXT] });
    await desk.rule('a firing alert opens a ticket', { ...of('new'), targetCondition: 'CREATE' });
    await desk.rule('its end resolves the ticket', { ...of('resolved'), targetCondition: 'UPDATE' });
  }, 120_000);
  afterAll(async () => {
    there?.stop();
    await broker?.close();
  });

  const of = (alertname: string): string[] => desk.seen().filter((line) => line.includes(` ${alertname} `));
  /** How often Alertmanager has told us something so far. */
  const told = (): Promise<number> => there.metric('alertmanager_notifications_total');

  it('is not heard while Parley is away, and loses nothing', async () => {
    await there.post({ labels: labels('Early'), annotations: { summary: 'before Parley' } });
    await eventually(async () => expect(await there.metric('alertmanager_notification_requests_failed_total')).toBeGreaterThan(0), WAIT_MS);
    await broker.api.app.listen(port, '127.0.0.1');
    await eventually(() => expect(of('Early')).toEqual([expect.stringMatching(/^POST \/target\/incidents Early web-1 new 1 before Parley$/)]), WAIT_MS);
  }, 120_000);

  it('opens one ticket for an alert that it tells again and again, and its end resolves it', async () => {
    await there.post({ labels: labels('DiskFull'), annotations: { summary: 'Disk 95 %' } });
    await eventually(() => expect(of('DiskFull')).toHaveLength(1), WAIT_MS);
    const before = await told();
    await eventually(async () => expect(await told()).toBeGreaterThan(before + 4), WAIT_MS);
    await desk.untilIdle();
    expect(of('DiskFull')).toEqual([expect.stringMatching(/^POST .* DiskFull web-1 new 1 Disk 95 %$/)]);
    await there.resolve(labels('DiskFull'));
    await eventually(() => expect(of('DiskFull')).toHaveLength(2), WAIT_MS);
    // The end has no text of its own: none is sent that would overwrite that of the ticket.
    expect(of('DiskFull')[1]).toMatch(/^PUT \/target\/incidents\/T-\d+ DiskFull web-1 resolved 1$/);
  }, 120_000);

  it('opens another ticket when the same alert comes back', async () => {
    await there.post({ labels: labels('Flapping') });
    await eventually(() => expect(of('Flapping')).toHaveLength(1), WAIT_MS);
    await there.resolve(labels('Flapping'));
    await eventually(() => expect(of('Flapping')).toHaveLength(2), WAIT_MS);
    await there.post({ labels: labels('Flapping') });
    await eventually(() => expect(of('Flapping').map((line) => line.split(' ')[0])).toEqual(['POST', 'PUT', 'POST']), WAIT_MS);
  }, 120_000);

  it('sends groups, of which each alert is a ticket of its own', async () => {
    const startMs = Date.now();
    const all = Array.from({ length: MANY }, (_, n) => labels('Group', `web-${n}`));
    await there.post(...all.map((one) => ({ labels: one })));
    await eventually(() => expect(of('Group')).toHaveLength(MANY), WAIT_MS);
    await there.resolve(...all);
    await eventually(() => expect(of('Group')).toHaveLength(2 * MANY), WAIT_MS);
    report(`${MANY} alerts opened and resolved in ${Date.now() - startMs} ms`);
    for (const { instance } of all) expect(of('Group').filter((line) => line.includes(` ${instance} `)).map((line) => line.split(' ')[0])).toEqual(['POST', 'PUT']);
  }, 120_000);

  it('was refused nothing, and answers our check', async () => {
    expect(await desk.rows('SELECT status, reason FROM rejected_request WHERE organization_id = $1')).toEqual([]);
    const { body } = await desk.must('POST', '/api/v1/endpoints/alertmanager/check');
    expect(JSON.stringify(body)).not.toMatch(/"failed"|false/);
  });
});
