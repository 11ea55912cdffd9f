import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { IcingaSystem, whatIsMissing } from './icinga-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`icinga, live: skipped: ${missing}\n`);

const WAIT_MS = 30_000;
/** What no shell may take for its own. */
const HOSTILE = 'Gr\u00fcn "; touch /tmp/x; $(id) `id` \'&a=b %26';
const TEXT = { type: 'Single', template: '${title} ${status} ${priority} ${description} ${comment.text}', targetAttribute: 'text' };
const copies = (...names: string[]) => names.map((name) => ({ type: 'Single', template: `\${${name}}`, targetAttribute: name }));

live('Icinga', () => {
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;
  let there: IcingaSystem;

  beforeAll(async () => {
    broker = await openBroker();
    desk = await broker.desk();
    await broker.api.app.listen(0, '127.0.0.1');
    const url = (await broker.api.app.getUrl()).replace('[::1]', '127.0.0.1');
    const { body: preset } = await desk.user.get('/api/v1/presets/icinga');
    await desk.must('PUT', '/api/v1/endpoints/icinga', preset.endpoint);
    const { secret } = (await desk.must('POST', '/api/v1/endpoints/icinga/credentials', { kind: 'bearer' })).body as { secret: string };
    there = await IcingaSystem.start({ url: `${url}/api/v1/o/${desk.user.slug}/inbound/icinga/Problem`, token: secret });
    const settings = { ...preset.endpoint.settings, baseUrl: there.url, auth: { type: 'basic', username: 'parley', password: 'secret' }, tls: { ca: there.certificate }, retry: { firstMs: 50, mostMs: 500 } };
    await desk.must('PUT', '/api/v1/endpoints/icinga', { ...preset.endpoint, settings });
    const of = (status: string) => ({ sourceSystemId: 'icinga', sourceEntityType: 'Problem', entityConditions: [{ attribute: 'status', operator: 'EQUALS', values: [status] }], mappings: [TEXT] });
    await desk.rule('a problem opens a ticket', { ...of('new'), targetCondition: 'CREATE' });
    await desk.rule('its end resolves the ticket', { ...of('resolved'), targetCondition: 'UPDATE' });
    await desk.rule('what is said of the ticket goes back', { sourceSystemId: 'target', targetSystemId: 'icinga', targetEntityType: 'Problem', targetCondition: 'UPDATE', mappings: copies('status', 'comment.text', 'comment.author', 'comment.visibility') });
  }, 120_000);
  afterAll(async () => {
    await there?.stop();
    await broker?.close();
  });

  const verbs = (): string[] => desk.seen().map((line) => line.split(' ')[0]!);
  const say = (attributes: object): Promise<string> => desk.say('T-1', attributes as Record<string, unknown>, { endpoint: 'target' });

  it('opens one ticket for a problem, also when it gets worse', async () => {
    await there.says(1, HOSTILE);
    await eventually(() => expect(desk.seen()).toEqual([`POST /target/incidents HTTP on web-1 new 3 ${HOSTILE}`]), WAIT_MS);
    await there.says(2, 'worse');
    const told = async (): Promise<number> => (await desk.rows<{ count: number }>(`SELECT count(*)::int AS count FROM message WHERE organization_id = $1 AND endpoint = 'icinga'`))[0]!.count;
    await eventually(async () => expect(await told()).toBeGreaterThan(1), WAIT_MS);
    await desk.untilIdle();
    expect(verbs()).toEqual(['POST']);
  }, 120_000);

  it('is acknowledged and commented by the ticket, and is told once', async () => {
    await say({ 'status': 'inProgress', 'comment.text': 'on it', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await eventually(async () => expect(await there.service()).toMatchObject({ acknowledgement: 2 }), WAIT_MS);
    await say({ 'status': 'pending' });
    await say({ 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await say({ 'comment.text': 'for all', 'comment.visibility': 'public' });
    await eventually(async () => expect(await there.comments()).toEqual(['Parley: Vera: on it', 'Parley: for all']), WAIT_MS);
    await say({ status: 'reopened' });
    await eventually(async () => expect(await there.service()).toMatchObject({ acknowledgement: 0 }), WAIT_MS);
    expect((await desk.deliveries('icinga')).map(({ state }) => state)).toEqual(['SENT', 'SENT', 'SENT', 'SENT', 'SENT']);
  }, 120_000);

  it('ends, refuses what comes too late, and is another ticket when it comes back', async () => {
    await there.says(0, 'well again');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT']), WAIT_MS);
    expect(desk.seen()[1]).toMatch(/^PUT \/target\/incidents\/T-1 HTTP on web-1 resolved$/);
    await say({ status: 'inProgress' });
    await eventually(async () => expect((await desk.deliveries('icinga')).at(-1)).toMatchObject({ state: 'DEAD', error: expect.stringContaining('is OK') }), WAIT_MS);
    await there.says(2, 'again');
    await eventually(() => expect(verbs()).toEqual(['POST', 'PUT', 'POST']), WAIT_MS);
  }, 120_000);

  it('was refused nothing, and answers our check', async () => {
    expect(await desk.rows('SELECT status, reason FROM rejected_request WHERE organization_id = $1')).toEqual([]);
    const { body } = await desk.must('POST', '/api/v1/endpoints/icinga/check');
    expect((body as { steps: { ok: boolean }[] }).steps.every(({ ok }) => ok)).toBe(true);
  });
});
