import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { LedgerRun, untilIdle } from '../support/ledger-run.js';
import type { Answer } from '../support/api-client.js';

let database: TestDatabase;
let run: LedgerRun;
beforeEach(async () => {
  database = await createDatabase();
  run = await LedgerRun.open({ application: { databaseUrl: database.url } });
});
afterEach(async () => {
  await run.close();
  await database.drop();
});

let numbers = 0;
const newTicket = (): string => `RACE${++numbers}`;
const post = (ticket: string, step: number, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  run.application.api.send('POST', '/api/v1/inbound/source/incident', { ticketId: ticket, attributes: { ticket, step } }, headers);
const seenOf = (ticket: string): [string, unknown][] => run.target.requests.filter(({ body }) => body['ticket'] === ticket).map(({ method, path, body }) => [`${method} ${path}`, body['step']]);
const idle = (): Promise<void> => untilIdle(database.url, 60_000);

describe('messages of one new ticket that race', () => {
  it('make one ticket, whatever came first', async () => {
    const tickets = Array.from({ length: 40 }, newTicket);
    const answers = await Promise.all(tickets.flatMap((ticket) => [post(ticket, 0), post(ticket, 1), post(ticket, 2)]));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await idle();
    const shapes = tickets.map((ticket) => seenOf(ticket).map(([what]) => what.split(' ')[0]).join(' '));
    expect(new Set(shapes)).toEqual(new Set(['POST PUT PUT']));
  });
});

/** Answers creates when it is told to, anything else at once. */
const holdCreates = (): { arrived: Promise<void>; answer: () => void } => {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => { answer = resolve; });
  const arrived = new Promise<void>((resolve) => {
    run.target.fate = ({ method }) => {
      if (method !== 'POST') return { kind: 'answer' };
      resolve();
      return { kind: 'answer', after: answered };
    };
  });
  return { arrived, answer };
};

describe('updates that come while the create is on its way', () => {
  it('wait behind it and are sent with the id that it brings', async () => {
    const ticket = newTicket();
    const create = holdCreates();
    await post(ticket, 0);
    await create.arrived;
    await post(ticket, 1);
    await post(ticket, 2);
    expect(seenOf(ticket)).toHaveLength(1);
    create.answer();
    await idle();
    expect(seenOf(ticket)).toEqual([['POST /tickets', 0], ['PUT /tickets/T-1', 1], ['PUT /tickets/T-1', 2]]);
  });

  it('find the id that comes between their being read and their being written', async () => {
    const ticket = newTicket();
    const create = holdCreates();
    await post(ticket, 0);
    await create.arrived;
    await withClient(async (client) => {
      // What routing writes waits for this; accepting messages and the results of deliveries do not.
      await client.query('BEGIN');
      await client.query('LOCK TABLE delivery_body IN SHARE MODE');
      await post(ticket, 1);
      await until(client, `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'delivery_body'::regclass`);
      create.answer();
      await until(client, `SELECT 1 FROM ticket_link WHERE ticket_id = 'T-1'`);
      await client.query('COMMIT');
    });
    await idle();
    expect(seenOf(ticket)).toEqual([['POST /tickets', 0], ['PUT /tickets/T-1', 1]]);
  });

  it('find the id however close they come to its arrival', async () => {
    run.target.fate = ({ method }) => ({ kind: 'answer', afterMs: method === 'POST' ? 20 : 0 });
    const tickets = Array.from({ length: 100 }, newTicket);
    const storm = async (ticket: string): Promise<void> => {
      for (let step = 0; step <= 6; step++) await post(ticket, step);
    };
    for (let from = 0; from < tickets.length; from += 25) await Promise.all(tickets.slice(from, from + 25).map(storm));
    await idle();
    const steps = tickets.map((ticket) => seenOf(ticket).map(([, step]) => step).join(''));
    expect(new Set(steps)).toEqual(new Set(['0123456']));
  });
});

async function withClient(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function until(client: pg.Client, query: string): Promise<void> {
  for (const end = Date.now() + 20_000; (await client.query(query)).rowCount === 0;) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
