import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startApplication, type Application } from '../../support/application.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { untilIdle } from '../../support/ledger-run.js';
import { join } from './joined.js';
import { LiveRedmine } from './live-redmine.js';
import { liveFolder } from '../live-folder.js';
import { LiveRequestTracker } from './live-request-tracker.js';
import { untilTrue, whatIsMissing } from './live-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`rt-redmine, live: skipped: ${missing}\n`);

/** Tickets that are made on each side; fewer for a quick look. */
const EACH = Number(process.env['PARLEY_LIVE_TICKETS'] ?? 200) / 2;
/** Tickets of those, on each side, that are commented: four comments each. */
const TALKED = Math.min(30, EACH);
const WAIT_MS = 1_200_000;
const TEST_MS = 1_800_000;
const HOSTILE = 'Gr\u00fcn \u2192 <b>&amp; "quoted" \'too\' {{attributes.title}}';
const BYTES = Buffer.from([0, 1, 2, 255, 254, 10, 13, 0]);
const numbers = Array.from({ length: EACH }, (_, at) => at + 1);
const report = (line: string): void => { process.stdout.write(`rt-redmine, live: ${line}\n`); };

live('Request Tracker and Redmine, joined by their presets', () => {
  const folder = liveFolder('itsm');
  let rt: LiveRequestTracker;
  let redmine: LiveRedmine;
  let database: TestDatabase;
  let parley: Application;
  /** Ids by what a ticket is called. */
  const rtIds = new Map<string, string>();
  const redmineIds = new Map<string, string>();

  beforeAll(async () => {
    [rt, redmine] = [await LiveRequestTracker.start(folder), await LiveRedmine.start(folder)];
    database = await createDatabase();
    parley = await startApplication({ databaseUrl: database.url });
    await join(parley, rt, redmine);
  }, 180_000);
  afterAll(async () => {
    await parley?.kill();
    await rt?.daemon.stop();
    await redmine?.daemon.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const rows = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: database.url, options: '-c role=parley_worker' });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const counted = async (sql: string): Promise<string> => (await rows<{ what: string; count: number }>(sql)).map(({ what, count }) => `${count} ${what}`).join(', ');
  const timed = async (what: string, act: () => Promise<void>): Promise<void> => {
    const start = performance.now();
    await act();
    report(`${what}: ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  };
  const restartParley = async (): Promise<void> => {
    const { dataDir, port } = parley;
    parley = await startApplication({ databaseUrl: database.url, dataDir, port });
  };
  /** Both have been asked since, what they told is done, and that brought nothing more. */
  const settled = async (): Promise<void> => {
    for (let round = 0; round < 2; round++) {
      const [{ now } = { now: '' }] = await rows<{ now: string }>('SELECT now()::text AS now');
      await untilTrue(async () => expect(await rows(`SELECT 1 FROM poll_lane WHERE channel IN ('Ticket', 'Issue') AND last_success_at > '${now}' AND NOT EXISTS (SELECT 1 FROM incomplete_request)`)).toHaveLength(2), WAIT_MS);
      await untilIdle(database.url, WAIT_MS);
    }
  };
  const byWord = (texts: readonly string[], word: string): string[] => texts.filter((text) => text.includes(word)).map((text) => text.split(word)[1]!.trim()).sort();
  const expected = (name: string, most = EACH): string[] => numbers.slice(0, most).map((number) => `${name} ${number}`).sort();

  it('a real Parley tells of both that it may work there', async () => {
    for (const id of ['rt', 'redmine']) {
      const { body } = await parley.api.must('POST', `/api/v1/endpoints/${id}/check`);
      expect((body as { steps: { ok: boolean }[] }).steps.every(({ ok }) => ok)).toBe(true);
    }
  });

  it(`${EACH} tickets made on each side are there once on the other, with their text, priority and file`, async () => {
    await timed(`${EACH} tickets each way`, async () => {
      const made = (name: string, number: number): string => (number === 1 ? `made: ${name} 1 ${HOSTILE}` : `made: ${name} ${number}`);
      const file = (number: number): { name: string; content: Buffer }[] => (number === 1 ? [{ name: 'first.bin', content: BYTES }] : []);
      await Promise.all([
        (async () => { for (const number of numbers) rtIds.set(`RT ${number}`, await rt.create(`RT ${number}`, made('RT', number), file(number))); })(),
        (async () => {
          for (const number of numbers) redmineIds.set(`RM ${number}`, await redmine.create(`RM ${number}`, made('RM', number), await Promise.all(file(number).map((one) => redmine.upload('f\u00fcnf \u2192.bin', one.content)))));
        })(),
      ]);
      await untilTrue(() => {
        expect(rt.tickets()).toHaveLength(2 * EACH);
        expect(redmine.issues()).toHaveLength(2 * EACH);
        expect(rt.files()).toHaveLength(1);
        expect(redmine.files()).toHaveLength(1);
      }, WAIT_MS);
    });
    for (const { id, subject } of rt.tickets()) rtIds.set(subject, String(id));
    for (const { id, subject } of redmine.issues()) redmineIds.set(subject, String(id));
    expect(redmine.issues().find(({ subject }) => subject === 'RT 1')).toMatchObject({ description: `made: RT 1 ${HOSTILE}`, priority: 4, status: 1 });
    expect(rt.tickets().find(({ subject }) => subject === 'RM 1')).toMatchObject({ priority: 75, status: 'new' });
    expect(rt.texts().find(({ type, text }) => type === 'Create' && text.includes('RM 1 '))?.text).toBe(`made: RM 1 ${HOSTILE}`);
    expect(redmine.files()).toEqual([{ issue: Number(redmineIds.get('RT 1')), name: 'first.bin', content: BYTES }]);
    expect(rt.files()).toEqual([expect.objectContaining({ ticket: Number(rtIds.get('RM 1')), name: 'f\u00fcnf \u2192.bin' })]);
  }, TEST_MS);

  it('comments go over once, public ones as public and internal ones as internal, also those that are written while Parley is dead', async () => {
    const rtSays = (number: number) => rt.call('POST', `/ticket/${rtIds.get(`RT ${number}`)}/correspond`, { Content: `<p>to all:<br>RT ${number}</p>`, ContentType: 'text/html' });
    const rtWhispers = (number: number) => rt.call('POST', `/ticket/${rtIds.get(`RM ${number}`)}/comment`, { Content: `inside: RT ${number}`, ContentType: 'text/plain' });
    const redmineSays = (number: number) => redmine.call('PUT', `/issues/${redmineIds.get(`RM ${number}`)}.json`, { issue: { notes: `to all: RM ${number}` } });
    const redmineWhispers = (number: number) => redmine.call('PUT', `/issues/${redmineIds.get(`RT ${number}`)}.json`, { issue: { notes: `inside: RM ${number}`, private_notes: true } });
    const talk = async (some: readonly number[]): Promise<void> => {
      await Promise.all([(async () => { for (const one of some) { await rtSays(one); await rtWhispers(one); } })(), (async () => { for (const one of some) { await redmineSays(one); await redmineWhispers(one); } })()]);
    };
    await timed(`${4 * TALKED} comments, Parley killed and started again in between`, async () => {
      await talk(numbers.slice(0, TALKED / 2));
      await parley.kill('SIGKILL');
      await talk(numbers.slice(TALKED / 2, TALKED));
      await restartParley();
      await untilTrue(() => {
        expect(redmine.notes().filter(({ byParley }) => byParley)).toHaveLength(2 * TALKED);
        expect(rt.texts().filter(({ byParley, type }) => byParley && type !== 'Create').length).toBe(2 * TALKED + 1);
      }, WAIT_MS);
    });
    const notes = redmine.notes().filter(({ byParley }) => byParley);
    expect(byWord(notes.filter(({ isPrivate }) => !isPrivate).map(({ text }) => text), 'to all:')).toEqual(expected('RT', TALKED));
    expect(byWord(notes.filter(({ isPrivate }) => isPrivate).map(({ text }) => text), 'inside:')).toEqual(expected('RT', TALKED));
    const texts = rt.texts().filter(({ byParley }) => byParley);
    expect(byWord(texts.filter(({ type }) => type === 'Correspond').map(({ text }) => text), 'to all:')).toEqual(expected('RM', TALKED));
    expect(byWord(texts.filter(({ type }) => type === 'Comment').map(({ text }) => text), 'inside:')).toEqual(expected('RM', TALKED));
    expect(notes.find(({ text }) => text.includes('RT 1'))?.text).toContain('vera: ');
    expect(texts.find(({ text }) => text.includes('to all: RM 1'))?.text).toContain('Vera User: ');
  }, TEST_MS);

  it('what is closed on one side is closed on the other, also while that one is away', async () => {
    await settled();
    await timed(`${2 * EACH} closed, RT and Redmine away one after the other`, async () => {
      await rt.daemon.stop();
      for (const number of numbers) await redmine.call('PUT', `/issues/${redmineIds.get(`RM ${number}`)}.json`, { issue: { status_id: 5 } });
      await rt.daemon.start();
      await untilTrue(() => expect(rt.tickets().filter(({ subject, status }) => subject.startsWith('RM') && status === 'resolved')).toHaveLength(EACH), WAIT_MS);
      await redmine.daemon.stop();
      for (const number of numbers) await rt.call('PUT', `/ticket/${rtIds.get(`RT ${number}`)}`, { Status: 'resolved' });
      await redmine.daemon.start();
      await untilTrue(() => expect(redmine.issues().filter(({ subject, status }) => subject.startsWith('RT') && status === 3)).toHaveLength(EACH), WAIT_MS);
    });
  }, TEST_MS);

  it('nothing was done twice, nothing came back, and nothing is left', async () => {
    await settled();
    expect(rt.tickets().map(({ subject }) => subject).sort()).toEqual([...expected('RM'), ...expected('RT')].sort());
    expect(redmine.issues().map(({ subject }) => subject).sort()).toEqual([...expected('RM'), ...expected('RT')].sort());
    expect(rt.tickets().every(({ status }) => status === 'resolved')).toBe(true);
    expect(redmine.issues().every(({ subject, status }) => status === (subject.startsWith('RM') ? 5 : 3))).toBe(true);
    const texts = [...rt.texts().map(({ ticket, type, text }) => `${ticket} ${type} ${text}`), ...redmine.notes().map(({ issue, text }) => `${issue} ${text}`)];
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    expect(await rows('SELECT state, error FROM delivery WHERE state <> \'SENT\'')).toEqual([]);
    expect(await rows('SELECT state, reason FROM message WHERE state IN (\'FAILED\', \'DUPLICATE\', \'NO_ROUTE\')')).toEqual([]);
    report(`messages: ${await counted('SELECT endpoint || \' \' || state AS what, count(*)::int AS count FROM message GROUP BY 1 ORDER BY 1')}`);
    report(`deliveries: ${await counted('SELECT endpoint || \' \' || operation || \' \' || state AS what, count(*)::int AS count FROM delivery GROUP BY 1 ORDER BY 1')}`);
  }, TEST_MS);
});
