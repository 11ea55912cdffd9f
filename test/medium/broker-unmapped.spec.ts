import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnmappedCount } from '../../src/broker/unmapped/unmapped-count.service.js';
import { addUnmapped, MOST_VALUES, UnmappedStore, type UnmappedChange } from '../../src/store/rule/unmapped.store.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const TABLE = { type: 'Table', sources: ['priority'], targets: ['severity'], rows: [{ when: ['1'], then: ['High'] }] };
const withRow = (value: string): object => ({ ...TABLE, rows: [...TABLE.rows, { when: [value], then: ['x'] }] });

/** A desk with a rule that has a table; its id. */
async function tabled(): Promise<{ desk: Desk; ruleId: string }> {
  const desk = await broker.desk();
  return { desk, ruleId: await desk.rule('prioritize', { mappings: [TABLE] }) };
}

interface Listed { readonly id: string; readonly values: string[]; readonly count: number; readonly messageId: string; readonly mapping: string; readonly ruleVersion: number }

async function listed({ user }: Desk, query = ''): Promise<Listed[]> {
  await broker.api.app.get(UnmappedCount).write();
  const { status, body } = await user.get(`/api/v1/unmapped-values${query}`);
  expect(status).toBe(200);
  return body.items as Listed[];
}

/** Sends one message per value, and waits until each is routed; their ids. */
async function say(desk: Desk, ...values: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, priority] of values.entries()) ids.push(await desk.say(`${newId()}-${at}`, { priority }));
  for (const id of ids) await desk.untilMessage(id, { state: 'ROUTED' });
  return ids;
}

const change = (desk: Desk, ruleId: string, value: string, more: Partial<UnmappedChange> = {}): UnmappedChange => ({
  organization: desk.user.organization, id: value.padEnd(32, '_'), tableId: 'table', ruleId, ruleVersion: 1, mapping: '/mappings/0', sources: ['priority'], targets: ['severity'], held: [value],
  hasDefault: false, count: 1, firstMs: 1_000, lastMs: Date.now(), messageId: newId(), ...more,
});

describe('values for which a table has no row', () => {
  it('are listed with their rule, table, count and latest message', async () => {
    const { desk, ruleId } = await tabled();
    const [, , latest] = await say(desk, 'Urgent', '1', 'URGENT', 'Low');
    expect((await listed(desk)).sort((one, other) => other.count - one.count)).toMatchObject([
      { ruleId, rule: 'prioritize', ruleVersion: 1, mapping: '/mappings/0', sources: ['priority'], targets: ['severity'], values: ['Urgent'], hasDefault: false, count: 2, messageId: latest, seenAt: null },
      { values: ['Low'], count: 1 },
    ]);
    await say(desk, 'Low');
    expect(await listed(desk)).toMatchObject([{ values: ['Low'], count: 2 }, { values: ['Urgent'], count: 2 }]);
  });

  it('are those of a delayed execution, too, once it is released', async () => {
    const desk = await broker.desk();
    await desk.rule('later', { mappings: [TABLE], delayConditions: [{ type: 'Time', seconds: 1 }] });
    const id = await desk.say('INC1', { priority: 'Late' });
    await desk.untilDeliveries(['SENT']);
    expect(await listed(desk)).toMatchObject([{ values: ['Late'], messageId: id }]);
  });

  it('are gone once a version in use has a row for them; the others follow their table', async () => {
    const { desk, ruleId } = await tabled();
    await say(desk, 'Low', 'Urgent');
    expect(await listed(desk)).toHaveLength(2);
    await desk.changeRule(ruleId, { mappings: [{ type: 'Single', template: 'x', targetAttribute: 'text' }, withRow('low')] });
    expect(await listed(desk)).toMatchObject([{ values: ['Urgent'], mapping: '/mappings/1', ruleVersion: 2 }]);
    await desk.must('POST', `/api/v1/rules/${ruleId}/versions/1/set-current`);
    expect(await listed(desk)).toMatchObject([{ values: ['Urgent'], mapping: '/mappings/0', ruleVersion: 1 }]);
    await desk.must('DELETE', `/api/v1/rules/${ruleId}`);
    expect(await listed(desk)).toEqual([]);
  });

  it('are not brought back by an instance that decided with the version before', async () => {
    const { desk, ruleId } = await tabled();
    await desk.changeRule(ruleId, { mappings: [withRow('Low')] });
    await addUnmapped(broker.api.database.worker, [change(desk, ruleId, 'Low', { ruleVersion: 1 })]);
    expect(await listed(desk)).toEqual([]);
  });

  it('leave the list when somebody has seen them, and are counted on', async () => {
    const { desk } = await tabled();
    await say(desk, 'Low', 'Urgent');
    const low = (await listed(desk)).find(({ values }) => values[0] === 'Low')!;
    expect((await desk.user.send('POST', '/api/v1/unmapped-values/seen', { ids: [low.id] })).status).toBe(204);
    await say(desk, 'Low');
    expect(await listed(desk)).toMatchObject([{ values: ['Urgent'] }]);
    expect(await listed(desk, '?seen=true')).toMatchObject([{ values: ['Low'], count: 2, seenBy: expect.any(String) }]);
    expect((await desk.user.get('/api/v1/audit?action=unmapped-value.see')).body.items).toMatchObject([{ details: { count: 1, values: [['Low']] } }]);
    await desk.must('POST', '/api/v1/unmapped-values/seen', { ids: [low.id], seen: false });
    expect(await listed(desk)).toHaveLength(2);
  });

  it('come in pages, and of one rule', async () => {
    const { desk, ruleId } = await tabled();
    await addUnmapped(broker.api.database.worker, ['a', 'b', 'c'].map((value, at) => change(desk, ruleId, value, { lastMs: 1_000_000 - (at > 0 ? 1 : 0) })));
    const first = (await desk.user.get('/api/v1/unmapped-values?limit=2')).body;
    const rest = (await desk.user.get(`/api/v1/unmapped-values?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...rest.items].map(({ values }: Listed) => values[0])).toEqual(['a', 'c', 'b']);
    expect(rest.nextCursor).toBeNull();
    expect(await listed(desk, `?rule=${ruleId}`)).toHaveLength(3);
    expect(await listed(desk, '?rule=other')).toEqual([]);
  });

  it('are so many of one table at most; those that are known go on being counted', async () => {
    const { desk, ruleId } = await tabled();
    const many = Array.from({ length: MOST_VALUES + 50 }, (_, at) => change(desk, ruleId, `v${at}`, { count: at + 1 }));
    const { worker } = broker.api.database;
    await addUnmapped(worker, many);
    const kept = (): Promise<{ count: number; total: number }[]> => desk.rows<{ count: number; total: number }>('SELECT count(*)::int AS count, sum(count)::int AS total FROM unmapped_value WHERE organization_id = $1');
    const [first] = await kept();
    expect(first!.count).toBe(MOST_VALUES);
    await addUnmapped(worker, many.map((one) => ({ ...one, count: 1 })));
    expect(await kept()).toEqual([{ count: MOST_VALUES, total: first!.total + MOST_VALUES }]);
    await addUnmapped(worker, [change(desk, ruleId, 'another', { tableId: 'other' })]);
    expect(await kept()).toMatchObject([{ count: MOST_VALUES + 1 }]);
  });
});

describe('who sees values without a row', () => {
  it('is their organization alone, whatever ids another one names', async () => {
    const [{ desk }, other] = [await tabled(), await broker.desk()];
    await say(desk, 'Low');
    const [low] = await listed(desk);
    expect(await listed(other)).toEqual([]);
    expect((await other.user.send('POST', '/api/v1/unmapped-values/seen', { ids: [low!.id] })).status).toBe(204);
    expect(await listed(desk)).toHaveLength(1);
    await broker.api.database.inOrganization(other.user.organization, async (manager) => {
      expect(await new UnmappedStore(desk.user.organization, manager).page({ seen: false }, null, 10)).toEqual([]);
    });
  });

  it('is who may read rules; who marks them must be let act', async () => {
    const { desk } = await tabled();
    const partner = await broker.api.organization(desk.user.slug, ['messages:read', 'conversations:read', 'deliveries:read']);
    expect((await partner.get('/api/v1/unmapped-values')).status).toBe(403);
    const viewer = await broker.api.organization(desk.user.slug, ['rules:read']);
    expect((await viewer.get('/api/v1/unmapped-values')).status).toBe(200);
    expect((await viewer.send('POST', '/api/v1/unmapped-values/seen', { ids: ['0'.repeat(32)] })).status).toBe(403);
    expect((await desk.user.send('POST', '/api/v1/unmapped-values/seen', { ids: ['no id'] })).status).toBe(422);
  });
});
