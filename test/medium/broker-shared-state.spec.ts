import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StageHub } from '../../src/queue/index.js';
import { ConfigurationWatch } from '../../src/rule/index.js';
import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json, type Behaviour, type SeenRequest } from '../support/fake-target.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
let peer: Api;
beforeAll(async () => {
  broker = await openBroker();
  peer = await openPeer(broker.api);
}, 60_000); // makes the run's database
afterAll(async () => {
  await peer.close();
  await broker.close();
});

/** A desk whose target notes when each request came, and answers as it is told. */
async function setup(settings: Readonly<Record<string, unknown>>, answer: (request: SeenRequest, nth: number) => Behaviour): Promise<{ desk: Desk; times: number[] }> {
  const desk = await broker.desk();
  await desk.endpoint('target', { settings });
  await desk.rule('all');
  await peer.app.get(ConfigurationWatch).poll();
  await eventually(() => expect([wouldSend(broker.api, desk), wouldSend(peer, desk)]).toEqual([true, true]));
  const times: number[] = [];
  desk.target.always((request) => {
    times.push(performance.now());
    return answer(request, times.length);
  });
  return { desk, times };
}

const created = (nth: number): Behaviour => json(201, { id: `T-${nth}` });
const say = async (desk: Desk, api: Api, ticketId: string): Promise<void> => {
  const answer = await api.app.getHttpAdapter().getInstance().inject({
    method: 'POST', url: '/api/v1/inbound/source/incident', headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'application/json' }, payload: JSON.stringify({ ticketId, attributes: { text: ticketId } }),
  });
  expect(answer.statusCode).toBe(202);
};
/** Whether an instance would send to the target at once. */
const wouldSend = (api: Api, desk: Desk): boolean => api.app.get(StageHub).hasRoom(desk.user.organization, 'target');
const sent = (count: number): string[] => Array.from({ length: count }, () => 'SENT');

describe('two instances that send to one endpoint', () => {
  it('keep its rate limit together', async () => {
    const { desk, times } = await setup({ rate: { perSecond: 10, burst: 5 } }, (_, nth) => created(nth));
    for (let n = 0; n < 15; n++) await Promise.all([say(desk, broker.api, `A${n}`), say(desk, peer, `B${n}`)]);
    await desk.untilDeliveries(sent(30));
    // Thirty of which five may go at once take the others' time, however fast the machine is; what a request was under way, it may have come later.
    expect(times).toHaveLength(30);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(2_300);
  });

  it('make no more calls at once than it has slots, and between them as many', async () => {
    let underWay = 0;
    let most = 0;
    const { desk } = await setup({ slots: 3 }, (_, nth) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => { underWay--; }, 80).unref(); // before the answer goes out: whoever hears it may call again at once
      return { ...created(nth), afterMs: 100 } as Behaviour;
    });
    for (let n = 0; n < 15; n++) await Promise.all([say(desk, broker.api, `A${n}`), say(desk, peer, `B${n}`)]);
    await desk.untilDeliveries(sent(30));
    expect(most).toBe(3);
  });

  it('let one of them, and only one call, find out whether it is back', async () => {
    let isBack = false;
    const { desk, times } = await setup({ circuit: { outcomes: 4, windowMs: 10_000, openMs: 700, mostOpenMs: 700 } }, (_, nth) => (isBack ? created(nth) : json(503, {})));
    for (let n = 0; n < 8; n++) await Promise.all([say(desk, broker.api, `A${n}`), say(desk, peer, `B${n}`)]);
    await eventually(() => expect([wouldSend(broker.api, desk), wouldSend(peer, desk)]).toEqual([false, false]));
    const before = times.length;
    await eventually(() => expect(times.length).toBeGreaterThanOrEqual(before + 4));
    const probes = times.slice(before, before + 4);
    for (let n = 1; n < probes.length; n++) expect(probes[n]! - probes[n - 1]!).toBeGreaterThan(650);
    isBack = true;
    await desk.untilDeliveries(sent(16));
    // No attempt was burnt while it was open: there were as many as calls.
    expect((await desk.deliveries()).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(times.length);
  });

  it('both wait as long as it asked one of them to', async () => {
    const { desk, times } = await setup({}, (_, nth) => (nth === 1 ? json(429, {}, { 'retry-after': '4' }) : created(nth)));
    await say(desk, broker.api, 'A');
    await eventually(() => expect([times.length, wouldSend(peer, desk)]).toEqual([1, false]));
    for (let n = 0; n < 4; n++) await say(desk, peer, `B${n}`);
    await desk.untilDeliveries(sent(5));
    expect(times[1]! - times[0]!).toBeGreaterThan(3_900);
    expect((await desk.deliveries()).map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1, 1]);
  });

  it('both stop when it refuses the credentials of one, and both go on when somebody resumes it', async () => {
    const { desk, times } = await setup({}, (_, nth) => (nth === 1 ? json(401, {}) : created(nth)));
    await say(desk, peer, 'A');
    await eventually(() => expect([times.length, wouldSend(broker.api, desk), wouldSend(peer, desk)]).toEqual([1, false, false]));
    for (let n = 0; n < 3; n++) await Promise.all([say(desk, broker.api, `B${n}`), say(desk, peer, `C${n}`)]);
    expect(times).toHaveLength(1);
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilDeliveries(sent(7));
    expect(times).toHaveLength(8);
  });
});
