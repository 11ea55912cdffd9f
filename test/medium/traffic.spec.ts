import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OverviewModule } from '../../src/monitoring/index.js';
import { countTraffic, readTraffic } from '../../src/store/monitoring/traffic.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([OverviewModule]);
  me = await api.organization('acme');
}, 60_000);
afterAll(() => api.close());

/** A message from `source` and its delivery to `target`, made at `atMs`; answered after `tookMs`, or not yet. */
async function traffic(source: string, target: string, { atMs = Date.now(), state = 'SENT', tookMs = 800 } = {}): Promise<string> {
  const [message, delivery, at] = [newId(atMs), newId(atMs), new Date(atMs)];
  const pool = api.database.worker;
  await pool.query(`INSERT INTO message (organization_id, id, endpoint, entity_type, state, received_at) VALUES ($1, $2, $3, 'ticket', 'ROUTED', $4)`, [me.organization, message, source, at]);
  await pool.query(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state, created_at, finished_at)
    VALUES ($1, $2, $3, $4, $5, 'ticket', 'ticket', 1, 'CREATE', 'r', 1, $6, $7, $8)`, [me.organization, delivery, newId(), message, target, state, at, state === 'SENT' ? new Date(atMs + tookMs) : null]);
  return delivery;
}

const count = (): Promise<boolean> => api.database.asWorker((client) => countTraffic(client, Date.now() - 3 * 60_000));

describe('the overview', () => {
  it('tells what went from where to where, from counts that are made behind the traffic', async () => {
    await traffic('desk', 'vendor');
    await traffic('desk', 'vendor', { tookMs: 4_000 });
    await traffic('desk', 'other', { state: 'DEAD' });
    expect(await count()).toBe(true);
    const { body } = await me.get('/api/v1/overview');
    expect(body.edges).toEqual([{ source: 'desk', target: 'vendor', sent: 2, failed: 0 }, { source: 'desk', target: 'other', sent: 0, failed: 1 }]);
    const points = body.series as { received: number; medianMs: number | null }[];
    expect(points).toHaveLength(60);
    expect(points.reduce((sum, { received }) => sum + received, 0)).toBe(3);
    expect(points.some(({ medianMs }) => medianMs !== null)).toBe(true);
  });

  it('counts what is finished later, and nothing twice', async () => {
    const late = await traffic('desk', 'slow', { state: 'QUEUED' });
    await count();
    await count();
    await api.database.worker.query(`UPDATE delivery SET state = 'SENT', finished_at = now() WHERE organization_id = $1 AND id = $2`, [me.organization, late]);
    await count();
    const rows = await api.database.inOrganization(me.organization, (manager) => readTraffic(manager, me.organization, new Date(Date.now() - 3_600_000), 3_600_000));
    const sum = (target: string) => rows.filter((row) => row.target === target).reduce((all, { sent }) => all + sent, 0);
    expect([sum('vendor'), sum('slow')]).toEqual([2, 1]);
  });

  it('is each organization\'s own', async () => {
    const other = await api.organization('other');
    expect((await other.get('/api/v1/overview?hours=24')).body).toMatchObject({ edges: [], endpoints: [], stepMinutes: 15 });
    expect((await other.get('/api/v1/overview?hours=2')).status).toBe(422);
  });
});
