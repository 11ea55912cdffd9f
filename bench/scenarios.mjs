// The scenarios of the goals, in their order. Each answers what is printed of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../scripts/embedded-postgres.mjs';
import { ask, onServer } from './product.mjs';
import { closeSetting, costs, faults, loadOf, openSetting, perSecond, settle, usage, warmUp, warmUpAndRest } from './setting.mjs';

/** Longer than feeding takes. */
const DELAY_SECONDS = 3_600;
/** A process looks at its clock anew within a minute. */
const DUE_IN_SECONDS = 65;
/** Tickets that each connection of the source updates in turn: a thousand in all. */
const OPEN_TICKETS = 16;
/** Live messages per second beside delayed ones, and while the load is light. */
const LIGHT_RATE = 200;

/** Runs a scenario in a setting of its own. */
async function inSetting(stores, options, { kind = {}, run }) {
  const setting = await openSetting(stores, options, kind);
  try {
    return { readyMs: setting.readyMs, ...(await run(setting)) };
  } finally {
    await closeSetting(setting);
  }
}

/** Everything that arrives while a load goes on for `seconds`, after warming up by the same load. */
async function underLoad(setting, load) {
  const { driver, product, options } = setting;
  await warmUp(setting, load);
  product.forgetPeak();
  const before = await usage(setting);
  const from = await driver.mark();
  await sleep(options.seconds * 1_000);
  const to = await driver.mark();
  await driver.stop(load);
  const settled = await settle(setting);
  return {
    acceptedPerSecond: perSecond(from, to, 'accepted'), deliveredPerSecond: perSecond(from, to, 'arrived'), ...(await driver.latency({ from: from.sent, to: to.sent })),
    ...faults(settled), ...costs(before, await usage(setting), settled.arrived - from.arrived), peakMemoryMb: product.peakMb(),
  };
}

const steady = (kind, load = {}) => (stores, options) => inSetting(stores, options, { kind, run: (setting) => underLoad(setting, loadOf(setting, load)) });

/** The target's port is closed: everything is accepted and kept. It is opened again in the end, to see that. */
async function acceptOnly(setting) {
  const { driver, product, options } = setting;
  await warmUpAndRest(setting);
  await driver.close({ target: 0 });
  product.forgetPeak();
  const before = await usage(setting);
  const from = await driver.mark();
  await driver.begin(loadOf(setting));
  await sleep(options.seconds * 1_000);
  const to = await driver.mark();
  const used = costs(before, await usage(setting), to.accepted - from.accepted);
  await driver.stop({ name: 'main' });
  const peakMemoryMb = product.peakMb();
  await driver.reopen({ target: 0, port: setting.ports[0] });
  return { acceptedPerSecond: perSecond(from, to, 'accepted'), ...faults(await settle(setting)), ...used, peakMemoryMb };
}

/** A target that was suspended takes all that waited for it: 20 messages for each ticket. */
async function drain(setting) {
  const { driver, product, options } = setting;
  await warmUpAndRest(setting);
  await ask(product, 'POST', '/endpoints/target-1/suspend');
  await driver.begin(loadOf(setting, { perTicket: 20, open: OPEN_TICKETS, most: options.drain }));
  await driver.ended({ name: 'main' });
  await driver.stop({ name: 'main' });
  await sleep(1_000); // what was accepted last is routed
  product.forgetPeak();
  const before = await usage(setting);
  const from = await driver.mark();
  await ask(product, 'POST', '/endpoints/target-1/resume');
  const to = await settle(setting);
  const messages = to.arrived - from.arrived;
  return {
    messages, deliveredPerSecond: perSecond(from, to, 'arrived'), secondsPer100000: Number((((to.at - from.at) / messages) * 100).toFixed(1)),
    ...faults(to), ...costs(before, await usage(setting), messages), peakMemoryMb: product.peakMb(),
  };
}

/** Four targets take turns; then one of them closes its port. What counts is how the others go on. */
async function oneOfFourDown(setting) {
  const { driver, options } = setting;
  const load = loadOf(setting, { targets: [0, 1, 2, 3] });
  await warmUp(setting, load);
  const others = async () => {
    const before = await usage(setting);
    const from = await driver.mark();
    await sleep(options.seconds * 500);
    const to = await driver.mark();
    const arrived = (marked) => marked.perTarget.slice(0, 3).reduce((sum, count) => sum + count, 0);
    return { perSecond: Math.round((arrived(to) - arrived(from)) / ((to.at - from.at) / 1_000)), from: from.sent, to: to.sent, ...costs(before, await usage(setting), to.accepted - from.accepted) };
  };
  const allUp = await others();
  await driver.close({ target: 3 });
  await sleep(2_000); // until its circuit is open
  const oneDown = await others();
  await driver.stop(load);
  await driver.reopen({ target: 3, port: setting.ports[3] });
  const { p99Ms } = await driver.latency({ from: oneDown.from, to: oneDown.to, target: 0 });
  return {
    othersPerSecondAllUp: allUp.perSecond, othersPerSecondOneDown: oneDown.perSecond, othersPart: Number((oneDown.perSecond / allUp.perSecond).toFixed(2)), othersP99Ms: p99Ms,
    cpuSecondsPer1000AllUp: allUp.cpuSecondsPer1000, cpuSecondsPer1000OneDown: oneDown.cpuSecondsPer1000,
    ...faults(await settle(setting)),
  };
}

/** Many executions become due within `options.due` seconds while light traffic goes on. */
async function delayed(setting) {
  const { driver, product, options } = setting;
  await warmUpAndRest(setting);
  await driver.begin(loadOf(setting, { name: 'delayed', targets: [1], most: options.delayed }));
  await driver.ended({ name: 'delayed' });
  const live = loadOf(setting, { name: 'live', rate: LIGHT_RATE });
  await driver.begin(live);
  await sleep(1_000);
  const quiet = await driver.mark();
  await sleep(5_000);
  const quietEnd = await driver.mark();
  await makeDue(product.databaseUrl, DUE_IN_SECONDS, options.due);
  await sleep(DUE_IN_SECONDS * 1_000);
  const due = await driver.mark();
  const before = await usage(setting);
  await sleep(options.due * 1_000);
  const dueEnd = await driver.mark();
  await driver.stop(live);
  const settled = await settle(setting);
  const liveQuiet = await driver.latency({ from: quiet.sent, to: quietEnd.sent, target: 0 });
  const liveDue = await driver.latency({ from: due.sent, to: dueEnd.sent, target: 0 });
  return {
    messages: options.delayed, dueWithinSeconds: options.due, fired: settled.perTarget[1], ...(await lateness(product.databaseUrl)), liveP99MsBefore: liveQuiet.p99Ms, liveP99MsWhileDue: liveDue.p99Ms,
    ...faults(settled), ...costs(before, await usage(setting), settled.arrived - due.arrived),
  };
}

/** Spreads the instants of all executions that wait over some seconds: how long it takes to make them says nothing of how they go. */
const makeDue = (url, inSeconds, withinSeconds) => onServer(url, (client) => client.query(`SET ROLE parley_worker; WITH x AS (SELECT organization_id, id, now() + interval '1 second' * (${inSeconds} + ${withinSeconds} * (row_number() OVER (ORDER BY due_at) - 1) / count(*) OVER ()) AS due_at FROM delayed_execution WHERE state = 'WAITING')
  UPDATE delayed_execution d SET due_at = x.due_at, wake_at = x.due_at FROM x WHERE (d.organization_id, d.id) = (x.organization_id, x.id)`));

/** From the instant at which an execution was due until it had gone, by the store's clock. */
async function lateness(url) {
  const [, { rows }] = await onServer(url, (client) => client.query(`SET ROLE parley_worker; SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - due_at) * 1000) AS ms FROM delayed_execution WHERE state = 'RELEASED'`));
  const [latenessP50Ms, latenessP99Ms] = rows[0].ms.map(Math.round);
  return { latenessP50Ms, latenessP99Ms };
}

/** Redis is configured and nothing listens there. */
const redisDead = async (stores, options) => steady({ redisUrl: `redis://127.0.0.1:${await freePort()}` })({ ...stores, redisUrl: null }, options);

export const SCENARIOS = {
  'steady': steady(),
  'updates': steady({}, { perTicket: 20, open: OPEN_TICKETS }),
  'updates-in-a-row': steady({}, { perTicket: 20 }),
  'rules-1000': steady({ ruleCount: 1_000 }),
  'accept-only': (stores, options) => inSetting(stores, options, { run: acceptOnly }),
  'drain': (stores, options) => inSetting(stores, options, { run: drain }),
  'light': (stores, options) => inSetting(stores, options, {
    run: async (setting) => {
      await warmUpAndRest(setting);
      return underLoad({ ...setting, options: { ...options, warm: LIGHT_RATE } }, loadOf(setting, { rate: LIGHT_RATE }));
    },
  }),
  'redis-dead': redisDead,
  'one-of-four-down': (stores, options) => inSetting(stores, options, { kind: { targets: 4 }, run: oneOfFourDown }),
  'delayed': (stores, options) => inSetting(stores, options, { kind: { targets: 2, delays: [0, DELAY_SECONDS] }, run: delayed }),
};
