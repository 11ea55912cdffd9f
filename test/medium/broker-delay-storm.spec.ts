import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationWatch } from '../../src/rule/index.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { hasRedisServer, ownRedis } from '../support/redis.js';
import { Desk, MODULES, openBroker, openPeer } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

/** FLUSHALL, as somebody's hand would. */
function flush(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) }, () => socket.write('FLUSHALL\r\n'));
    socket.once('error', reject);
    socket.once('data', () => { socket.end(resolve); });
  });
}

const STORM = 10_000;
/** Executions that may be released while one live message is under way: 15 of a hundred of all. A live message that waited for the storm's end would see thousands. */
const MOST_BETWEEN = STORM * 0.15;

const waits = (seconds: number) => ({ action: 'PROCESS_ONLY', mappings: [], delayConditions: [{ type: 'Time', seconds }], entityConditions: [{ attribute: 'wait', operator: 'EXISTS', values: [] }], conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'fired' }] });

/** Copies the one execution that waits into as many conversations of their own, all due at the same instant. */
async function brew(desk: Desk, inSeconds: number): Promise<void> {
  const ids = Array.from({ length: STORM }, () => newId());
  await desk.rows('INSERT INTO conversation (organization_id, id) SELECT $1, unnest($2::uuid[])', ids);
  await desk.rows(
    `INSERT INTO message (organization_id, id, endpoint, entity_type, ticket_id, conversation_id, seq, state, body)
     SELECT $1, u.id, m.endpoint, m.entity_type, 'S' || u.place, u.id, 0, 'DELAYED', x.message FROM unnest($2::uuid[]) WITH ORDINALITY u(id, place)
     CROSS JOIN (SELECT * FROM delayed_execution WHERE organization_id = $1 LIMIT 1) x JOIN message m ON m.organization_id = $1 AND m.id = x.message_id`, ids);
  await desk.rows(
    `INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, operation, due_at, waiting_for, depth, message, wake_at)
     SELECT x.organization_id, u.id, u.id, u.id, x.rule_id, x.rule_version, x.rule_name, x.endpoint, x.entity_type, x.operation, now() + $3 * interval '1 second', x.waiting_for, x.depth, x.message, now() + $3 * interval '1 second'
     FROM unnest($2::uuid[]) u(id) CROSS JOIN (SELECT * FROM delayed_execution WHERE organization_id = $1 LIMIT 1) x`, ids, inSeconds);
}

const lateness = async (desk: Desk): Promise<{ n: number; state: string; mostMs: number }[]> => desk.rows(
  `SELECT state, count(*)::int AS n, max(extract(epoch FROM finished_at - due_at) * 1000)::int AS "mostMs", percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - due_at) * 1000)::int AS "halfMs"
   FROM delayed_execution WHERE organization_id = $1 GROUP BY state`);

describe('ten thousand executions that are due at the same instant', () => {
  it('are all released, each once, and live messages go on between them', async () => {
    const desk = await broker.desk();
    await desk.rule('waits', waits(3_600));
    await desk.rule('live', { entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }] });
    const first = await desk.say('INC0', { wait: 'x' });
    await desk.untilMessage(first, { state: 'DELAYED' });
    await brew(desk, 1);
    await desk.act('delayed-executions', (await desk.rows<{ id: string }>('SELECT id FROM delayed_execution WHERE organization_id = $1 AND message_id = $2', first))[0]!.id, 'cancel');
    const left = async (): Promise<number> => (await desk.rows<{ n: number }>(`SELECT count(*)::int AS n FROM delayed_execution WHERE organization_id = $1 AND state = 'WAITING'`))[0]!.n;
    await eventually(async () => expect(await left()).toBeLessThan(STORM));
    const steps: number[] = [];
    for (let before = await left(), n = 0; before > 0; n++) {
      const live = await desk.say(`LIVE${n}`, { text: `${n}` });
      await desk.untilMessage(live, { state: 'ROUTED' });
      const after = await left();
      steps.push(before - after);
      before = after;
    }
    // Counted, not timed: no live message waited for more than a share of the storm, and many went while it lasted.
    expect(Math.max(...steps)).toBeLessThan(MOST_BETWEEN);
    expect(steps.length).toBeGreaterThan(STORM / MOST_BETWEEN);
    await eventually(() => expect(new Set(desk.seen()).size).toBe(steps.length));
    const counted = await lateness(desk);
    expect(counted.map(({ state, n }) => [state, n]).sort()).toEqual([['CANCELLED', 1], ['RELEASED', STORM]]);
    expect(await desk.rows(`SELECT counters->>'fired' AS fired, count(*)::int AS n FROM conversation_memory WHERE organization_id = $1 GROUP BY 1`)).toEqual([{ fired: '1', n: STORM }]);
    expect(await desk.rows(`SELECT count(*)::int AS n FROM memory_change WHERE organization_id = $1`)).toEqual([{ n: STORM }]);
    if (process.env['PARLEY_TEST_FIGURES'] !== undefined) process.stderr.write(`${JSON.stringify({ steps: steps.length, most: Math.max(...steps), counted })}\n`);
  });
});

describe('an execution that waits for a time', () => {
  it('is released though the process that knew of it has ended', async () => {
    const desk = await broker.desk();
    const gone = await openPeer(broker.api);
    await desk.rule('waits', waits(2));
    await gone.app.get(ConfigurationWatch).poll();
    await desk.untilMessage(await desk.say('INC1', { wait: 'x' }), { state: 'DELAYED' });
    await gone.close();
    await eventually(async () => expect(await lateness(desk)).toMatchObject([{ state: 'RELEASED', n: 1 }]));
    for (const { mostMs } of await lateness(desk)) {
      expect(mostMs).toBeGreaterThanOrEqual(0);
      expect(mostMs).toBeLessThan(10_000);
    }
  });

  (hasRedisServer() ? it : it.skip)('is released though the queue was emptied meanwhile, and by a process that was not there when it began to wait', async () => {
    const redis = await ownRedis();
    const began = await openApi(MODULES, { settings: { redisUrl: redis.url } });
    const desk = await Desk.open(began, 'flushed');
    try {
      await desk.rule('waits', waits(4));
      for (let n = 0; n < 20; n++) await desk.untilMessage(await desk.say(`INC${n}`, { wait: 'x' }), { state: 'DELAYED' });
      await flush(redis.url);
      await began.stop();
      const later = await openApi(MODULES, { over: began, settings: { redisUrl: redis.url } });
      await flush(redis.url);
      const other = { rows: async (sql: string) => (await later.database.worker.query<{ state: string; n: number; mostMs: number }>(sql, [desk.user.organization])).rows };
      await eventually(async () => expect(await lateness(other as Desk)).toMatchObject([{ state: 'RELEASED', n: 20 }]));
      const figures = await lateness(other as Desk);
      expect(figures[0]!.mostMs).toBeLessThan(10_000);
      if (process.env['PARLEY_TEST_FIGURES'] !== undefined) process.stderr.write(`${JSON.stringify(figures)}\n`);
      await later.close();
    } finally {
      await desk.target.stop();
      await began.close().catch(() => undefined);
      await redis.stop();
    }
  });
});
