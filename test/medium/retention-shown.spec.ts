import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensurePartitions } from '../../src/store/pipeline/partition.js';
import { newId, uuidFloor } from '../../src/store/pipeline/uuid.js';
import { openBroker, type Desk } from './broker-setup.js';

const LONG_AGO = Date.now() - 60 * 24 * 3_600_000;

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => {
  broker = await openBroker();
  await ensurePartitions(broker.api.databaseUrl, LONG_AGO);
}, 60_000); // makes the run's database
afterAll(() => broker.close());

/** A message of two months ago with a delivery that was sent and one that died. */
async function past(desk: Desk): Promise<{ conversation: string; message: string; sent: string; dead: string }> {
  const idAt = (ms: number): string => uuidFloor(ms).slice(0, 19) + newId().slice(19);
  const told = { conversation: newId(), message: idAt(LONG_AGO), sent: idAt(LONG_AGO + 1), dead: idAt(LONG_AGO + 2) };
  await desk.rows('INSERT INTO conversation (organization_id, id, last_seq, done_seq) VALUES ($1, $2, 1, 1)', told.conversation);
  await desk.rows(`INSERT INTO message (organization_id, id, endpoint, entity_type, conversation_id, seq, state) VALUES ($1, $2, 'source', 'incident', $3, 1, 'ROUTED')`, told.message, told.conversation);
  for (const [id, state, seq] of [[told.sent, 'SENT', 1], [told.dead, 'DEAD', 2]]) {
    await desk.rows(`INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state)
      VALUES ($1, $2, $3, $4, 'target', 'incident', 'incident', $5, 'UPDATE', 'r', 1, $6)`, id, told.conversation, told.message, seq, state);
  }
  await desk.rows(`INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) VALUES ($1, $2, $3, 'target', 'incident', 'DEAD', 'no')`, told.dead, told.conversation);
  return told;
}

describe('how far back an organization sees', () => {
  it('hides older messages and finished deliveries everywhere, and shows what is open', async () => {
    const desk = await broker.desk();
    const { conversation, message, sent, dead } = await past(desk);
    const statusOf = async (path: string): Promise<number> => (await desk.user.get(`/api/v1/${path}`)).status;
    const idsOf = async (path: string): Promise<string[]> => ((await desk.user.get(`/api/v1/${path}`)).body.items as { id: string }[]).map(({ id }) => id);
    expect(await idsOf('messages')).toEqual([message]);
    expect((await desk.user.send('PUT', '/api/v1/retention', { shownDays: 30 })).body).toMatchObject({ shownDays: 30, messageDays: 90, deadDays: 365, auditDays: 1_095 });
    expect(await idsOf('messages')).toEqual([]);
    expect(await idsOf('messages?from=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await idsOf(`messages?conversation=${conversation}`)).toEqual([]);
    expect(await idsOf('deliveries?status=SENT')).toEqual([]);
    expect(await idsOf('deliveries?status=DEAD')).toEqual([dead]);
    expect([await statusOf(`messages/${message}`), await statusOf(`deliveries/${sent}`), await statusOf(`deliveries/${dead}`)]).toEqual([404, 404, 200]);
    const { body } = await desk.user.get(`/api/v1/conversations/${conversation}`);
    expect([body.messages.length, body.deliveries.map(({ id }: { id: string }) => id)]).toEqual([0, [dead]]);
    expect((await desk.user.send('PUT', '/api/v1/retention', { shownDays: null })).status).toBe(200);
    expect(await idsOf('messages')).toEqual([message]);
    expect(await desk.auditOf(`organization:${desk.user.organization}`)).toEqual(['retention.change', 'retention.change']);
  });

  it('is said by administrators alone, and is a number of days', async () => {
    const operator = await broker.api.organization('operators', ['messages:read', 'deliveries:write']);
    expect((await operator.send('PUT', '/api/v1/retention', { shownDays: 30 })).status).toBe(403);
    expect((await operator.get('/api/v1/retention')).body).toMatchObject({ shownDays: null });
    const desk = await broker.desk();
    for (const shownDays of [0, -1, 1.5, '30', undefined]) expect((await desk.user.send('PUT', '/api/v1/retention', { shownDays })).status).toBe(422);
  });
});
