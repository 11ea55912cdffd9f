import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointStops, ReportModule } from '../../src/monitoring/index.js';
import { newId, uuidFloor } from '../../src/store/pipeline/uuid.js';
import { countReports } from '../../src/store/report/count-reports.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

const DAY_MS = 24 * 3_600_000;

let api: Api;
beforeAll(async () => { api = await openApi([ReportModule]); });
afterAll(() => api.close());

interface Sent {
  readonly source?: string;
  readonly target?: string;
  readonly state?: string;
  readonly attempts?: number;
  /** From accepted to ended; null: not ended. */
  readonly tookMs?: number | null;
  /** From accepted to read. */
  readonly readAfterMs?: number;
}

/** Random below the millisecond: ids of one test differ. */
const idAt = (ms: number): string => uuidFloor(ms).slice(0, 19) + newId().slice(19);

/** A message that was accepted at an instant, with one delivery, as the pipeline leaves them. */
async function sent(me: ApiUser, at: string, { source = 'desk', target = 'vendor', state = 'SENT', attempts = 1, tookMs = 800, readAfterMs = 0 }: Sent = {}): Promise<string> {
  const acceptedMs = Date.parse(at);
  const [raw, delivery] = [idAt(acceptedMs), idAt(acceptedMs + readAfterMs + 1)];
  const message = readAfterMs === 0 ? raw : idAt(acceptedMs + readAfterMs);
  const read = new Date(acceptedMs + readAfterMs);
  await api.database.worker.query(`INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, state, received_at) VALUES ($1, $2, $3, $4, 'Incident', 'ROUTED', $5)`, [me.organization, message, raw, source, read]);
  await api.database.worker.query(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state, attempts, created_at, finished_at)
    VALUES ($1, $2, $3, $4, $5, 'Incident', 'incident', 1, 'UPDATE', 'r', 1, $6, $7, $8, $9)`, [me.organization, delivery, newId(), message, target, state, attempts, read, tookMs === null ? null : new Date(acceptedMs + tookMs)]);
  return delivery;
}

/** Counts all there is, as if it were a time after it. */
const count = (nowMs = Date.now(), messageDays = 0): Promise<unknown> => countReports(api.databaseUrl, { nowMs, messageDays, budgetMs: 60_000 });
const settle = (delivery: string, state: string): Promise<unknown> => api.database.worker.query(`UPDATE delivery SET state = $2, finished_at = created_at + interval '1 hour' WHERE id = $1`, [delivery, state]);

async function month(me: ApiUser, name: string, query = ''): Promise<{ pairs: Record<string, unknown>[]; accepted: unknown[]; isRunning: boolean }> {
  const { body } = await me.get(`/api/v1/reports/service-levels?from=${name}&to=${name}${query}`);
  return body.months[0];
}

describe('the report on service levels', () => {
  it('tells per pair and month what was accepted, what became of it and how long it took', async () => {
    const me = await api.organization('levels');
    for (let number = 0; number < 8; number++) await sent(me, '2026-05-10T10:20:00Z');
    await sent(me, '2026-05-10T12:00:00Z', { tookMs: 100_000, attempts: 4 });
    await sent(me, '2026-05-10T12:00:00Z', { state: 'DEAD', attempts: 10 });
    await sent(me, '2026-05-10T12:00:00Z', { state: 'SKIPPED', tookMs: null });
    await sent(me, '2026-05-10T12:00:00Z', { target: 'other', state: 'HELD', tookMs: null });
    await count();
    const { pairs, accepted, isRunning } = await month(me, '2026-05');
    expect(pairs).toMatchObject([
      { source: 'desk', target: 'vendor', accepted: 12, deliveries: 11, sent: 9, dead: 1, held: 0, skipped: 1, retries: 12, sentShare: 0.9, withinShare: 8 / 9, withinOwnShare: 8 / 9, slowMs: 106_500 },
      { target: 'other', deliveries: 1, held: 1, sentShare: 0, withinShare: null, medianMs: null },
    ]);
    expect(pairs[0]!['medianMs']).toBeLessThan(1_000);
    expect({ accepted, isRunning }).toEqual({ accepted: [{ source: 'desk', accepted: 12 }], isRunning: false });
    expect((await month(me, '2026-05', '&within=120&target=vendor')).pairs).toMatchObject([{ target: 'vendor', withinShare: 1 }]);
  });

  it('counts from when the request came, not from when it was read', async () => {
    const me = await api.organization('read-late');
    await sent(me, '2026-05-10T10:00:00Z', { readAfterMs: 40_000, tookMs: 41_000 });
    await count();
    expect((await month(me, '2026-05')).pairs).toMatchObject([{ withinShare: 1, slowestMs: 44_850 }]);
    expect((await month(me, '2026-05', '&within=30')).pairs).toMatchObject([{ withinShare: 0 }]);
  });

  it('lets months begin by the clock of the zone', async () => {
    const me = await api.organization('zones');
    await sent(me, '2026-04-30T18:20:00Z');
    await sent(me, '2026-04-30T22:20:00Z');
    await count();
    const sentIn = async (name: string, zone: string): Promise<unknown> => (await month(me, name, `&zone=${zone}`)).pairs[0]?.['sent'] ?? 0;
    expect([await sentIn('2026-04', 'UTC'), await sentIn('2026-05', 'UTC')]).toEqual([2, 0]);
    expect([await sentIn('2026-04', 'Europe/Berlin'), await sentIn('2026-05', 'Europe/Berlin')]).toEqual([1, 1]);
    expect([await sentIn('2026-04', 'Asia/Kathmandu'), await sentIn('2026-05', 'Asia/Kathmandu')]).toEqual([0, 2]);
  });

  it('comes out the same however often it is counted, and follows what changes later', async () => {
    const me = await api.organization('again');
    const late = await sent(me, '2026-05-10T10:00:00Z', { state: 'HELD', tookMs: null });
    await sent(me, '2026-05-10T10:00:00Z');
    await count();
    await count();
    expect((await month(me, '2026-05')).pairs).toMatchObject([{ sent: 1, held: 1, deliveries: 2 }]);
    await settle(late, 'SENT');
    // What is old is looked at more seldom.
    await count(Date.now() + 30 * DAY_MS);
    await count(Date.now() + 30 * DAY_MS);
    expect((await month(me, '2026-05')).pairs).toMatchObject([{ sent: 2, held: 0, deliveries: 2 }]);
  });

  it('outlives its messages', async () => {
    const me = await api.organization('outlives');
    await sent(me, '2026-05-10T10:00:00Z', { state: 'DEAD' });
    await sent(me, '2026-05-10T10:00:00Z');
    await count();
    await api.database.worker.query(`DELETE FROM delivery WHERE organization_id = $1 AND state = 'SENT'`, [me.organization]);
    await count(Date.now() + 30 * DAY_MS);
    expect((await month(me, '2026-05')).pairs).toMatchObject([{ sent: 1, dead: 1 }]);
  });

  it('does not begin with weeks of which only the open rest is left', async () => {
    const me = await api.organization('rest');
    await sent(me, '2026-05-10T10:00:00Z', { state: 'DEAD' });
    await count(Date.parse('2026-09-01T00:00:00Z'), 90);
    expect((await month(me, '2026-05')).pairs).toEqual([]);
  });

  it('tells what waited because the target stood still, and why', async () => {
    const me = await api.organization('stops');
    const stop = (cause: string, from: string, until: string): Promise<unknown> => api.database.worker.query(`INSERT INTO endpoint_stop VALUES ($1, 'vendor', $2, $3, $4)`, [me.organization, cause, from, until]);
    await stop('suspended', '2026-05-10T09:00:00Z', '2026-05-10T10:30:00Z');
    await stop('maintenance', '2026-05-10T10:40:00Z', '2026-05-10T10:50:00Z');
    await sent(me, '2026-05-10T10:00:00Z', { tookMs: 50 * 60_000 + 20_000 });
    await sent(me, '2026-05-10T10:10:00Z', { tookMs: 5 * 60_000, target: 'other' });
    await count();
    const { pairs } = await month(me, '2026-05', '&within=900');
    expect(pairs.find(({ target }) => target === 'other')).toMatchObject({ withinShare: 1, withinOwnShare: 1, stood: { suspended: 0 } });
    expect(pairs.find(({ target }) => target === 'vendor')).toMatchObject({ withinShare: 0, withinOwnShare: 1, stood: { suspended: 1_800, maintenance: 600, credentials: 0, circuit: 0 } });
  });

  it('notes when endpoints begin and cease to stand still', async () => {
    const me = await api.organization('noted');
    const change = (sql: string): Promise<unknown> => api.database.worker.query(sql, [me.organization]);
    const stops = async (): Promise<unknown> => (await api.database.worker.query(`SELECT cause, until_at IS NULL AS open FROM endpoint_stop WHERE organization_id = $1 ORDER BY from_at`, [me.organization])).rows;
    const watch = new EndpointStops(api.settings, api.database);
    await api.database.inOrganization(me.organization, (manager) => manager.query(
      `INSERT INTO endpoint (organization_id, id, name, adapter, settings, entity_types, status) VALUES ($1, 'vendor', 'Vendor', 'rest', '{}', '[]', 'SUSPENDED')`, [me.organization]));
    await watch.look();
    await watch.look();
    expect(await stops()).toEqual([{ cause: 'suspended', open: true }]);
    await api.database.inOrganization(me.organization, (manager) => manager.query(`UPDATE endpoint SET status = 'ACTIVE' WHERE organization_id = $1`, [me.organization]));
    await change(`INSERT INTO endpoint_runtime (organization_id, endpoint, circuit) VALUES ($1, 'vendor', 'open')`);
    await watch.look();
    expect(await stops()).toEqual([{ cause: 'suspended', open: false }, { cause: 'circuit', open: true }]);
    await api.database.inOrganization(me.organization, (manager) => manager.query(`DELETE FROM endpoint WHERE organization_id = $1`, [me.organization]));
    await watch.look();
    expect(await stops()).toEqual([{ cause: 'suspended', open: false }, { cause: 'circuit', open: false }]);
  });

  it('says of a month that it is running, and shows those without anything', async () => {
    const me = await api.organization('running');
    expect((await me.get('/api/v1/reports/service-levels')).body).toMatchObject({ countedUntil: null, zone: 'UTC', withinSeconds: 60 });
    await sent(me, new Date(Date.now() - 1_000).toISOString());
    await count();
    const { body } = await me.get('/api/v1/reports/service-levels');
    expect(body.months.map((one: { isRunning: boolean; pairs: unknown[] }) => [one.isRunning, one.pairs.length])).toEqual([[true, 1], [false, 0], [false, 0]]);
    expect(Date.parse(body.countedUntil)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is each organization\'s own, for those who may see how it does', async () => {
    const [me, other] = [await api.organization('mine'), await api.organization('theirs')];
    await sent(me, '2026-05-10T10:00:00Z');
    await count();
    expect((await month(other, '2026-05')).pairs).toEqual([]);
    expect((await other.get('/api/v1/reports/service-levels/export?from=2026-05&to=2026-05')).body.trim().split('\r\n')).toHaveLength(1);
    const partner = await api.organization('mine', ['messages:read', 'conversations:read', 'deliveries:read']);
    for (const path of ['', '/export']) expect((await partner.get(`/api/v1/reports/service-levels${path}`)).status).toBe(403);
  });

  it('refuses what is no month, no zone or no agreed time, and says where', async () => {
    const me = await api.organization('wrong');
    for (const query of ['from=2026-13', 'zone=Nowhere/Else', 'within=61', 'from=2026-06&to=2026-05', 'from=2020-01&to=2026-05']) {
      const { status, body } = await me.get(`/api/v1/reports/service-levels?${query}`);
      expect([query, status, body.errors?.[0]?.parameter]).toEqual([query, 422, query.split('=')[0]]);
    }
  });

  it('is a file for spreadsheets in which nothing becomes a formula', async () => {
    const me = await api.organization('files');
    await sent(me, '2026-05-10T10:00:00Z', { source: '=HYPERLINK("x")', target: 'a,b' });
    await count();
    const { body, headers } = await me.get('/api/v1/reports/service-levels/export?from=2026-05&to=2026-06&zone=Europe/Berlin');
    expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="service-levels-2026-05-2026-06.csv"' });
    const [names, line, ...rest] = (body as string).split('\r\n');
    expect(names!.split(',').slice(0, 8)).toEqual(['month', 'zone', 'from', 'until', 'complete', 'counted_until', 'source', 'target']);
    expect(line).toMatch(/^2026-05,Europe\/Berlin,2026-04-30T22:00:00\.000Z,2026-05-31T22:00:00\.000Z,yes,20\d\d-[^,]+Z,"'=HYPERLINK\(""x""\)","a,b",1,1,1,0,0,0,0,0,1,/);
    expect(rest).toEqual(['']);
  });
});
