import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const TICKETS = 12;
const ROUNDS = 25;
const ACTS = ['retry', 'skip', 'cancel', 'hold', 'edit', 'link'] as const;

/** Numbers that look random and are the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** What no lane may look like when nothing is under way: work that nobody will ever do. */
const STRANDED = `SELECT d.state, d.seq::int, d.operation, t.done_seq::int AS done, t.last_seq::int AS last, t.blocked, t.claim FROM delivery d
  JOIN ticket_link t ON t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key
  WHERE d.organization_id = $1 AND d.state IN ('QUEUED', 'RETRYING', 'HELD') AND (t.blocked IS NULL OR d.seq <= t.done_seq)`;

const acts = async (desk: Desk, roll: (sides: number) => number): Promise<void> => {
  const deliveries = await desk.deliveries();
  const one = deliveries[roll(deliveries.length)];
  if (one === undefined) return;
  const act = ACTS[roll(ACTS.length)]!;
  const body = act === 'edit' ? { attributes: { text: 'edited' } } : act === 'link' ? { ticketId: `L-${one.id.slice(-8)}` } : undefined;
  const { status } = await desk.act('deliveries', one.id, act, body);
  expect([204, 409]).toContain(status);
};

describe('operators who act while messages come and a target fails as it likes', () => {
  it('strand nothing: at the end each delivery is done with, or waits visibly in a lane that stands still', async () => {
    const desk = await broker.desk();
    const roll = dice(4711);
    await desk.endpoint('target', { settings: { onUnknown: 'hold', circuit: { outcomes: 10_000 } } });
    await desk.rule('all');
    desk.target.always(({ method }) => {
      const face = roll(20);
      if (face < 3) return json(400, {});
      if (face < 6) return json(503, {});
      if (face === 6 && method === 'POST') return { do: 'cut' };
      return { ...json(201, { id: `T-${desk.target.seen.length}` }), afterMs: roll(15) };
    });
    const accepted: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const said = Array.from({ length: 8 }, () => desk.say(`INC${roll(TICKETS)}`, { text: `${round}` }));
      accepted.push(...await Promise.all([...said, ...Array.from({ length: 6 }, () => acts(desk, roll).then(() => ''))]).then((all) => all.filter((id) => id !== '')));
    }
    await desk.untilIdle();
    expect(await desk.rows(STRANDED)).toEqual([]);
    expect(await desk.rows(`SELECT DISTINCT state FROM message WHERE organization_id = $1 AND kind <> 1`)).toEqual([{ state: 'ROUTED' }]);
    expect(await desk.deliveries()).toHaveLength(accepted.length);
    expect((await desk.deliveries()).filter(({ error }) => error?.includes('ticket id is not known'))).toEqual([]);

    // Whatever still stands still goes when somebody retries it, and no lane needs more than that.
    desk.target.always(({ url }) => json(200, { id: url.split('/').at(-1) === 'incidents' ? `N-${desk.target.seen.length}` : undefined }));
    await eventually(async () => {
      const heads = await desk.rows<{ id: string }>(`SELECT DISTINCT ON (t.conversation_id) d.id FROM ticket_link t JOIN delivery d ON d.conversation_id = t.conversation_id AND d.endpoint = t.endpoint AND d.seq > t.done_seq AND d.state IN ('HELD', 'DEAD')
        WHERE t.organization_id = $1 AND t.blocked IS NOT NULL ORDER BY t.conversation_id, d.seq`);
      for (const { id } of heads) await desk.act('deliveries', id, 'retry');
      expect(await desk.rows('SELECT blocked FROM ticket_link WHERE organization_id = $1 AND blocked IS NOT NULL')).toEqual([]);
    });
    await desk.untilIdle();
    expect((await desk.rows<{ state: string }>(`SELECT DISTINCT state FROM delivery WHERE organization_id = $1 ORDER BY state`)).map(({ state }) => state).filter((state) => ['QUEUED', 'RETRYING', 'HELD'].includes(state))).toEqual([]);
    expect(await desk.rows(`SELECT count(*)::int AS count FROM troubled_delivery WHERE organization_id = $1 AND state <> 'DEAD'`)).toEqual([{ count: 0 }]);
  });
});
