import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database } from '../../src/store/database.js';
import { organizationId } from '../../src/store/organization.js';
import { turnMs, type Turn } from '../../src/store/pipeline/domain-turn.js';
import { createDatabase } from '../support/database.js';

let made: Awaited<ReturnType<typeof createDatabase>>;
let database: Database;
beforeAll(async () => {
  made = await createDatabase();
  database = await Database.open(made.url, () => undefined);
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

/** One attempt at an endpoint of its own; a turn every ten minutes. */
const setup = () => {
  const organization = organizationId(randomUUID());
  return (over: Partial<Turn> = {}): Promise<number> => turnMs(database, { organization, endpoint: 'desk', deliveryId: randomUUID(), attempt: 1, domains: ['partner.example'], everyMs: 600_000, burst: 1, ...over });
};

it('turns at a domain come one after the other; another domain has its own', async () => {
  const turn = setup();
  const [first, second, third] = [await turn(), await turn(), await turn()];
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(third).toBeGreaterThan(second);
  expect(await turn({ domains: ['other.example'] })).toBe(0);
  expect(await turn({ endpoint: 'shop' })).toBe(0);
});

it('whoever waits keeps the place, and takes it once; the next attempt has one of its own', async () => {
  const turn = setup();
  const deliveryId = randomUUID();
  await turn();
  const waited = await turn({ deliveryId });
  expect(await turn({ deliveryId })).toBeLessThanOrEqual(waited);
  expect(await turn({ deliveryId })).toBeGreaterThan(0);
  const other = await turn();
  expect(other).toBeGreaterThan(waited);
  expect(await turn({ deliveryId, attempt: 2 })).toBeGreaterThan(other);
});

it('after a pause several go at once; who goes to several domains waits for the last of them', async () => {
  const turn = setup();
  expect([await turn({ burst: 2 }), await turn({ burst: 2 })]).toEqual([0, 0]);
  expect(await turn({ burst: 2 })).toBeGreaterThan(0);
  expect(await turn({ domains: ['fresh.example', 'partner.example'] })).toBeGreaterThan(0);
});

it('at the same moment no two get the same turn', async () => {
  const turn = setup();
  const all = await Promise.all(Array.from({ length: 8 }, () => turn()));
  expect(all.filter((ms) => ms === 0)).toHaveLength(1);
  expect(new Set(all.map((ms) => Math.round(ms / 600_000))).size).toBe(8);
});
