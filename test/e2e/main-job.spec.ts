import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient } from '../support/api-client.js';
import { API_KEY } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { CLEAN, Ledger, summaryOf } from '../support/ledger.js';
import { configure, ledgerConfiguration, untilIdle } from '../support/ledger-run.js';
import { LedgerSource } from '../support/ledger-source.js';
import { LedgerTarget } from '../support/ledger-target.js';
import { newDataFolder, processesOf, removeDataFolder, startParley, type ParleyProcess } from '../support/parley-process.js';

/** The product as someone starts it for the first time: nothing given, embedded stores, the demo. */
const dataDir = newDataFolder();
let parley: ParleyProcess;
let api: ApiClient;
const start = async (port?: number): Promise<void> => {
  parley = await startParley({ dataDir, ...(port === undefined ? {} : { port }), env: { PARLEY_DEMO: 'true', PARLEY_BOOTSTRAP_API_KEY: API_KEY, PARLEY_LOG_LEVEL: 'warn' } });
  api = new ApiClient(parley.url, `Bearer ${API_KEY}`);
};
beforeAll(async () => {
  await start();
  // The demo is loaded once the process listens; its webhooks come last.
  await eventually(async () => {
    const { body } = await api.must('GET', '/api/v1/sandboxes');
    expect(body.items.filter(({ webhookUrl }: { webhookUrl: string | null }) => webhookUrl !== null)).toHaveLength(2);
  });
});
afterAll(async () => {
  await parley.stop();
  await removeDataFolder(dataDir);
});

/** What somebody does on a page of a tool; answers where that leads. */
async function submit(path: string, form: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(`${parley.url}/sandbox/${path}`, { method: 'POST', redirect: 'manual', headers: { cookie: 'sandbox_agent=ann', 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams(form) });
  if (answer.status !== 303) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return answer.headers.get('location') ?? '';
}
const read = async (path: string): Promise<string> => {
  const answer = await fetch(`${parley.url}/sandbox/${path}`, { headers: { cookie: 'sandbox_agent=ann' } });
  return answer.text();
};
const ticketIn = (text: string): string | undefined => /VX-\d+/.exec(text)?.[0];

describe('a ticket that is opened at one desk', () => {
  let ours = '';
  let theirs = '';

  it('appears at the other one', async () => {
    const begin = performance.now();
    const place = await submit('a/tickets', { title: 'The printer is on fire', description: 'Second floor', caller: 'Bob', priority: '1' });
    ours = place.split('/').at(-1)!;
    await eventually(async () => expect(await read('b')).toContain('The printer is on fire'));
    console.log(`from one desk to the other: ${Math.round(performance.now() - begin)} ms`);
    theirs = ticketIn(await read('b')) ?? '';
    const page = await read(`b/tickets/${theirs}`);
    for (const text of ['Second floor', 'Bob', 'Critical', ours]) expect(page).toContain(text);
  });

  it('gets the other one\'s number', async () => {
    await eventually(async () => expect(await read(`a/tickets/${ours}`)).toContain(theirs));
  });

  it('hears what is said there, and is heard', async () => {
    const begin = performance.now();
    await submit(`b/tickets/${theirs}/comments`, { text: 'Is it a laser printer?', visibility: 'public' });
    await eventually(async () => expect(await read(`a/tickets/${ours}`)).toContain('Is it a laser printer?'));
    console.log(`a comment's way back: ${Math.round(performance.now() - begin)} ms`);
    await submit(`a/tickets/${ours}/comments`, { text: 'It was one', visibility: 'public' });
    await eventually(async () => expect(await read(`b/tickets/${theirs}`)).toContain('It was one'));
  });

  it('is one conversation, of which nothing failed', async () => {
    const { body: messages } = await api.must('GET', '/api/v1/messages');
    const conversations = new Set(messages.items.map((item: { conversationId: string | null }) => item.conversationId));
    expect(conversations.size).toBe(1);
    const { body: conversation } = await api.must('GET', `/api/v1/conversations/${[...conversations][0] as string}`);
    expect(JSON.stringify(conversation)).toContain(ours);
    expect(JSON.stringify(conversation)).toContain(theirs);
    const { body: deliveries } = await api.must('GET', '/api/v1/deliveries');
    expect(new Set(deliveries.items.map((item: { state: string }) => item.state))).toEqual(new Set(['SENT']));
  });

  it('came once, and nothing goes round in circles', async () => {
    await untilIdle(databaseUrl(), 60_000);
    expect((await read('b')).match(/The printer is on fire/g)).toHaveLength(1);
    expect((await read(`a/tickets/${ours}`)).match(/Is it a laser printer\?/g)).toHaveLength(1);
    expect((await read(`b/tickets/${theirs}`)).match(/It was one/g)).toHaveLength(1);
  });
});

/** Some end by themselves once others are gone. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('500 tickets under way when everything is killed at once, database included', () => {
  it('all arrive once and in order after the next start', async () => {
    const [ledger, writeBacks] = [new Ledger(), new Ledger()];
    const [target, writeBack] = [await LedgerTarget.start(ledger), await LedgerTarget.start(writeBacks)];
    await configure(api, ledgerConfiguration(target, writeBack));
    const source = new LedgerSource(ledger, { address: () => `${parley.url}/api/v1/inbound/source/incident`, authorization: `Bearer ${API_KEY}` });
    const sent = source.send({ tickets: 500, updates: 1 });
    await ledger.untilRequests(300, 30_000);
    const port = Number(new URL(parley.url).port);
    for (const pid of processesOf(dataDir)) kill(pid);
    await parley.exited;
    await start(port);
    await sent;
    await ledger.untilDelivered(60_000);
    await untilIdle(databaseUrl(), 60_000);
    console.log(`killed, embedded stores: ${summaryOf(ledger.counts())}`);
    expect(ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 1_000, delivered: 1_000 });
    source.stop();
    await Promise.all([target.stop(), writeBack.stop()]);
  });
});

const databaseUrl = (): string => readFileSync(join(dataDir, 'database.url'), 'utf8').trim();
