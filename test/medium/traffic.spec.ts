import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OverviewModule } from '../../src/monitoring/index.js';
import { TRAFFIC } from '../../src/queue/index.js';
import { addTraffic, readTraffic } from '../../src/store/monitoring/traffic.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';

let api: Api;
let me: ApiUser;
beforeAll(async () => {
  api = await openApi([OverviewModule]);
  me = await api.organization('acme');
});
afterAll(() => api.close());

/** A message from `source` whose delivery to `target` was made at `atMs` and ended after `tookMs`. */
function traffic(source: string, target: string, { isSent = true, tookMs = 800 } = {}): void {
  const atMs = Date.now();
  TRAFFIC.received(me.organization, source, atMs);
  TRAFFIC.ended({ organization: me.organization, source, target, createdMs: atMs, isSent }, atMs + tookMs);
}

const write = (): Promise<void> => addTraffic(api.database.worker, TRAFFIC.take());

describe('the overview', () => {
  it('tells what went from where to where, from counts that are kept beside the traffic', async () => {
    traffic('desk', 'vendor');
    traffic('desk', 'vendor', { tookMs: 4_000 });
    traffic('desk', 'other', { isSent: false });
    await write();
    const { body } = await me.get('/api/v1/overview');
    expect(body.edges).toEqual([{ source: 'desk', target: 'vendor', sent: 2, failed: 0 }, { source: 'desk', target: 'other', sent: 0, failed: 1 }]);
    const points = body.series as { received: number; medianMs: number | null }[];
    expect(points).toHaveLength(60);
    expect(points.reduce((sum, { received }) => sum + received, 0)).toBe(3);
    expect(points.some(({ medianMs }) => medianMs !== null)).toBe(true);
  });

  it('adds up what several processes counted of the same minute', async () => {
    traffic('desk', 'shared');
    const first = TRAFFIC.take();
    traffic('desk', 'shared', { tookMs: 4_000 });
    await Promise.all([addTraffic(api.database.worker, first), write()]);
    const rows = await api.database.inOrganization(me.organization, (manager) => readTraffic(manager, me.organization, new Date(Date.now() - 3_600_000), 3_600_000));
    const shared = rows.filter(({ target }) => target === 'shared');
    expect(shared.reduce((sum, { sent }) => sum + sent, 0)).toBe(2);
    expect(shared.flatMap(({ took }) => took).reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('is each organization\'s own', async () => {
    const other = await api.organization('other');
    expect((await other.get('/api/v1/overview?hours=24')).body).toMatchObject({ edges: [], endpoints: [], stepMinutes: 15 });
    expect((await other.get('/api/v1/overview?hours=2')).status).toBe(422);
  });
});
