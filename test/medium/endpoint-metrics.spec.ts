import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MonitoringModule } from '../../src/monitoring/index.js';
import { openApi, type Api } from '../support/api.js';
import { json } from '../support/fake-target.js';
import { Desk, MODULES } from './broker-setup.js';

let api: Api;
let desk: Desk;
let other: Desk;
beforeAll(async () => {
  api = await openApi([...MODULES, MonitoringModule]);
  [desk, other] = [await Desk.open(api, 'acme'), await Desk.open(api, 'other')];
}, 60_000); // makes the run's database
afterAll(async () => {
  for (const one of [desk, other]) await one.target.stop();
  await api.close();
});

const scrape = async (headers: Readonly<Record<string, string>>): Promise<{ status: number; type: unknown; lines: string[] }> => {
  const answer = await api.app.getHttpAdapter().getInstance().inject({ method: 'GET', url: '/api/v1/metrics', headers });
  return { status: answer.statusCode, type: answer.headers['content-type'], lines: answer.body.split('\n').filter((line) => line.startsWith('parley_')) };
};
const keyOf = ({ user }: Desk): Readonly<Record<string, string>> => ({ authorization: `Bearer ${user.key}` });

describe('metrics that name endpoints', () => {
  it('tell what became of an organization\'s calls, and what is under way', async () => {
    await desk.endpoint('target', { settings: { slots: 3 } });
    await desk.rule('all');
    desk.target.next(json(503, {})).always(json(201, { id: 'T-1' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    const { status, type, lines } = await scrape(keyOf(desk));
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(lines).toEqual(expect.arrayContaining([
      'parley_endpoint_attempts_total{endpoint="target",outcome="retryable"} 1', 'parley_endpoint_attempts_total{endpoint="target",outcome="success"} 1',
      'parley_endpoint_circuit{endpoint="target"} 0', 'parley_endpoint_slots{endpoint="target"} 3', 'parley_endpoint_calls_under_way{endpoint="target"} 0', 'parley_endpoint_lanes_in_hand{endpoint="target"} 0',
    ]));
  });

  it('are nobody else\'s', async () => {
    expect((await scrape(keyOf(other))).lines.filter((line) => line.includes('attempts'))).toEqual([]);
    expect((await scrape({})).status).toBe(401);
  });
});
