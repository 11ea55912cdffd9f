import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBroker } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const refusing = async (onDeadUpdate: 'continue' | 'hold') => {
  const desk = await broker.desk();
  await desk.endpoint('target', { settings: { onDeadUpdate } });
  await desk.rule('copy');
  desk.target.always(({ method, body }) => ({ do: 'answer', status: body.toString().includes('bad') ? 422 : method === 'POST' ? 201 : 200, body: JSON.stringify({ id: 'T-1' }) }));
  for (const text of ['first', 'bad', 'third']) await desk.say('INC1', { text });
  return desk;
};

describe('behind an update that died, a lane', () => {
  it('goes on, where the endpoint does not say otherwise', async () => {
    const desk = await refusing('continue');
    await desk.untilDeliveries(['SENT', 'DEAD', 'SENT']);
  });

  it('holds where the endpoint says so, until somebody skips or mends it', async () => {
    const desk = await refusing('hold');
    await desk.untilDeliveries(['SENT', 'DEAD', 'HELD']);
    expect((await desk.link())?.['blocked']).toBe('DEAD_UPDATE');
    const [, dead] = await desk.deliveries();
    expect((await desk.act('deliveries', dead!.id, 'edit', { attributes: { text: 'mended' } })).status).toBe(204);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(desk.seen().map((line) => line.split(' ').at(-1))).toEqual(['first', 'bad', 'mended', 'third']);
  });
});
