import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

/** Acts on something of `from` while that becomes part of `into`: the merge holds the one and waits for the other, the act waits for the merge. `from` is the older one. */
async function whileMerging<T>(desk: Desk, from: string, into: string, act: () => Promise<T>): Promise<T> {
  const client = await desk.api.database.worker.connect();
  const untilWaiting = (count: number) => eventually(async () => {
    const { rowCount } = await client.query('SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()');
    expect(rowCount).toBe(count);
  });
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [into]);
    const merging = desk.user.send('POST', `/api/v1/conversations/${from}/merge`, { into });
    await untilWaiting(1);
    const acting = act();
    await untilWaiting(2);
    await client.query('COMMIT');
    expect((await merging).status).toBe(200);
    return await acting;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('what an operator does to something whose conversation is being merged', () => {
  it('a failed message that is tried again is routed where it is now', async () => {
    const desk = await broker.desk();
    const rule = await desk.rule('dates', { mappings: [{ type: 'Single', template: '${due}', targetAttribute: 'text', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] });
    const failed = await desk.say('INC1', { due: 'never' });
    await desk.untilMessage(failed, { state: 'FAILED' });
    const other = await desk.say('INC2', { due: '2026-01-02' });
    await desk.untilMessage(other, { state: 'ROUTED' });
    await desk.untilIdle();
    await desk.changeRule(rule, { mappings: [{ type: 'Single', template: 'mended', targetAttribute: 'text' }] });
    const [from, into] = [await desk.conversationOf(failed), await desk.conversationOf(other)];
    expect((await whileMerging(desk, from, into, () => desk.act('messages', failed, 'retry'))).status).toBe(204);
    await desk.untilMessage(failed, { state: 'ROUTED', conversation: into });
    await desk.untilDeliveries(['SENT', 'SENT']);
  });

  it('an execution that is released goes', async () => {
    const desk = await broker.desk();
    await desk.rule('waits', { delayConditions: [{ type: 'Time', seconds: 3_600 }] });
    const messages = [await desk.say('INC1', { text: '1' }), await desk.say('INC2', { text: '2' })];
    for (const message of messages) await desk.untilMessage(message, { state: 'DELAYED' });
    await desk.untilIdle();
    const [from, into] = [await desk.conversationOf(messages[0]!), await desk.conversationOf(messages[1]!)];
    const [{ id }] = await desk.rows<{ id: string }>('SELECT id FROM delayed_execution WHERE organization_id = $1 AND message_id = $2', messages[0]) as [{ id: string }];
    expect((await whileMerging(desk, from, into, () => desk.act('delayed-executions', id, 'release'))).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1']);
  });

  it('a delivery that is held stops the lane in which it stands now', async () => {
    const desk = await broker.desk();
    await desk.rule('sends');
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    const message = await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['QUEUED']);
    const into = await desk.conversationOf(await desk.say('INC2', {}, { endpoint: 'target' }));
    await desk.rows(`DELETE FROM ticket_link WHERE organization_id = $1 AND conversation_id = $2`, into);
    const { id } = (await desk.deliveries())[0]!;
    expect((await whileMerging(desk, await desk.conversationOf(message), into, () => desk.act('deliveries', id, 'hold'))).status).toBe(204);
    expect(await desk.link()).toMatchObject({ conversation_id: into, blocked: 'HELD_BY_OPERATOR' });
    await desk.untilDeliveries(['HELD']);
  });
});
