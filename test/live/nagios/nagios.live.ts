import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { NagiosSystem, whatIsMissing } from './nagios-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`nagios, live: skipped: ${missing}\n`);

const WAIT_MS = 20_000;
/** What no shell may take for its own. Nagios itself makes colons of semicolons. */
const HOSTILE = 'Gr\u00fcn " && touch /tmp/x && $(id) `id` \'&a=b %26';
const TEXT = { type: 'Single', template: '${title} ${status} ${priority} ${description} ${comment.text}', targetAttribute: 'text' };

live('Nagios', () => {
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;
  let there: NagiosSystem;

  beforeAll(async () => {
    broker = await openBroker();
    desk = await broker.desk();
    await broker.api.app.listen(0, '127.0.0.1');
    const url = (await broker.api.app.getUrl()).replace('[::1]', '127.0.0.1');
    const { body: preset } = await desk.user.get('/api/v1/presets/nagios');
    await desk.must('PUT', '/api/v1/endpoints/nagios', preset.endpoint);
    const { secret } = (await desk.must('POST', '/api/v1/endpoints/nagios/credentials', { kind: 'bearer' })).body as { secret: string };
    there = await NagiosSystem.start({ url: `${url}/api/v1/o/${desk.user.slug}/inbound/nagios/Problem`, token: secret });
    const of = (status: string) => ({ sourceSystemId: 'nagios', sourceEntityType: 'Problem', entityConditions: [{ attribute: 'status', operator: 'EQUALS', values: [status] }], mappings: [TEXT] });
    await desk.rule('a problem opens a ticket', { ...of('new'), targetCondition: 'CREATE' });
    await desk.rule('its end resolves the ticket', { ...of('resolved'), targetCondition: 'UPDATE' });
    await desk.rule('its acknowledgement is told', { ...of('inProgress'), targetCondition: 'UPDATE' });
  }, 120_000);
  afterAll(async () => {
    await there?.stop();
    await broker?.close();
  });

  const verbs = (): string[] => desk.seen().map((line) => line.split(' ')[0]!);
  const notifications = (): number => there.log.split('SERVICE NOTIFICATION: parley').length - 1;

  it('opens one ticket for a problem that it tells again, also when it gets worse, and its end resolves it', async () => {
    there.says(1, HOSTILE);
    await eventually(() => expect(desk.seen()).toEqual([`POST /target/incidents HTTP on web-1 new 3 ${HOSTILE}`]), WAIT_MS);
    // It tells again when a check says so again.
    await eventually(() => { there.says(2, 'worse'); expect(notifications()).toBeGreaterThan(3); }, WAIT_MS);
    there.command('ACKNOWLEDGE_SVC_PROBLEM', 'web-1', 'HTTP', 2, 1, 0, 'vera', 'on it');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT']), WAIT_MS);
    expect(desk.seen()[1]).toMatch(/HTTP on web-1 inProgress 1 worse on it$/);
    there.says(0, 'well again');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT', 'PUT']), WAIT_MS);
    expect(desk.seen()[2]).toMatch(/^PUT \/target\/incidents\/T-1 HTTP on web-1 resolved$/);
  }, 120_000);

  it('opens another ticket when the problem comes back, and none for what is said while all is well', async () => {
    const before = notifications();
    there.command('SEND_CUSTOM_SVC_NOTIFICATION', 'web-1', 'HTTP', 2, 'vera', 'hello');
    await eventually(() => expect(notifications()).toBeGreaterThan(before), WAIT_MS);
    there.says(2, 'again');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT', 'PUT', 'POST']), WAIT_MS);
    there.says(0, 'well again');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT', 'PUT', 'POST', 'PUT']), WAIT_MS);
    expect(desk.seen()[4]).not.toContain('/T-1 ');
  }, 120_000);

  it('was refused nothing', async () => {
    expect(await desk.rows('SELECT status, reason FROM rejected_request WHERE organization_id = $1')).toEqual([]);
  });
});
