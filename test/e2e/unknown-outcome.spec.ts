import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN } from '../support/ledger.js';
import { LedgerRun, untilIdle, type LedgerRunOptions } from '../support/ledger-run.js';

const open: { run: LedgerRun; database: TestDatabase }[] = [];
const setup = async (options: Partial<Omit<LedgerRunOptions, 'application'>>): Promise<LedgerRun & { databaseUrl: string }> => {
  const database = await createDatabase();
  const run = await LedgerRun.open({ application: { databaseUrl: database.url }, ...options });
  open.push({ run, database });
  return Object.assign(run, { databaseUrl: database.url });
};
afterEach(async () => {
  for (const { run, database } of open.splice(0)) {
    await run.close();
    await database.drop();
  }
});

const never = new Promise<void>(() => undefined);

/** Kills the process while this many creates were done by the target and answered by nobody. */
async function killWithoutAnswers(run: LedgerRun, tickets: number): Promise<void> {
  run.target.fate = () => ({ kind: 'answer', after: never });
  await run.source.send({ tickets, updates: 0 });
  await run.ledger.untilRequests(tickets, 20_000);
  await run.application.kill('SIGKILL');
  run.target.fate = () => ({ kind: 'answer' });
}

describe('creates that were done and never answered', () => {
  it('are sent again with the same key where the target honours it', async () => {
    const run = await setup({ unknowns: 'idempotent' });
    await killWithoutAnswers(run, 8);
    await run.restart();
    await untilIdle(run.databaseUrl, 60_000);
    expect(run.ledger.counts()).toMatchObject({ ...CLEAN, delivered: 8, repeats: 8 });
    expect(run.target.tickets).toBe(8);
  });

  it('are looked up, not sent again, where the target can be searched', async () => {
    const run = await setup({ unknowns: 'lookup' });
    await killWithoutAnswers(run, 8);
    await run.restart();
    await untilIdle(run.databaseUrl, 60_000);
    expect(run.target.searches).toBe(8);
    expect(run.target.tickets).toBe(8);
    expect(new Set(run.writeBack.requests.map(({ body }) => body['correlation_id'])).size).toBe(8);
  });

  it('are held for an operator where the target can do neither', async () => {
    const run = await setup({ unknowns: 'neither' });
    await killWithoutAnswers(run, 8);
    await run.restart();
    await expect(untilIdle(run.databaseUrl, 3_000)).rejects.toThrow(/8 lanes blocked, 8 deliveries dead or held/);
    expect(run.target.tickets).toBe(8);
    const { body } = await run.application.api.get('/api/v1/deliveries?status=HELD');
    expect(body.items).toHaveLength(8);
  });

  it('are still looked up when they were given back before their turn came', async () => {
    const run = await setup({ unknowns: 'lookup', settings: { slots: 8 } });
    run.target.fate = () => ({ kind: 'answer', after: never });
    await run.source.send({ tickets: 8, updates: 0 });
    await run.ledger.untilRequests(8, 20_000);
    await run.changeTarget({ slots: 1 });
    await run.application.kill('SIGKILL');
    run.target.fate = () => ({ kind: 'answer' });
    let answerSearches: () => void = () => undefined;
    run.target.searchable = new Promise((resolve) => { answerSearches = resolve; });
    await run.restart();
    await until(() => run.target.searches === 1);
    // One is being looked up, the others wait for the only slot: suspending gives them back.
    await run.application.api.must('POST', '/api/v1/endpoints/target/suspend', {});
    await withClient(run.databaseUrl, (client) => untilRow(client, `SELECT 1 FROM ticket_link WHERE endpoint = 'target' AND claim IS NULL AND ready_at < 'infinity' HAVING count(*) = 7`));
    answerSearches();
    await run.application.api.must('POST', '/api/v1/endpoints/target/resume', {});
    await untilIdle(run.databaseUrl, 60_000);
    expect(run.target.tickets).toBe(8);
  });
});

async function withClient(databaseUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c role=parley_worker' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function untilRow(client: pg.Client, query: string): Promise<void> {
  for (const end = Date.now() + 20_000; (await client.query(query)).rowCount === 0;) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function until(isReached: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isReached();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
