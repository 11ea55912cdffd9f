import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json } from '../support/fake-target.js';
import { openBroker } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

describe('lanes that were in hand at several ends of the process', () => {
  it('are sent all the same; only one that ended it alone is held', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    desk.target.always(() => json(201, { id: `T-${desk.target.seen.length}` }));
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    for (let n = 0; n < 12; n++) for (const text of ['1', '2']) await desk.untilMessage(await desk.say(`INC${n}`, { text }), { state: 'ROUTED' });
    const lanes = await desk.rows<{ conversation: string }>(`SELECT conversation_id AS conversation FROM ticket_link WHERE organization_id = $1 AND endpoint = 'target' ORDER BY conversation_id`);
    await desk.rows(`UPDATE ticket_link SET crash_count = 7 WHERE organization_id = $1 AND endpoint = 'target'`);
    await desk.rows('UPDATE ticket_link SET crash_count = 305 WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3', lanes[3]!.conversation, 'target');
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilIdle();
    const states = (await desk.deliveries()).map(({ conversation, state }) => `${lanes.findIndex((lane) => lane.conversation === conversation)} ${state}`);
    const expected = lanes.flatMap((_, n) => (n === 3 ? ['3 HELD', '3 HELD'] : [`${n} SENT`, `${n} SENT`]));
    expect(states.sort()).toEqual(expected.sort());
    expect(desk.target.seen).toHaveLength(22);
    expect(await desk.rows(`SELECT DISTINCT crash_count FROM ticket_link WHERE organization_id = $1 AND endpoint = 'target' AND blocked IS NULL`)).toEqual([{ crash_count: 0 }]);
  });
});
