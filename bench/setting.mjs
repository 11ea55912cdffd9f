// What a scenario runs in: the product, configured, and the driver; and how their use is measured.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startDriver } from './driver-process.mjs';
import { FITTING, rules, sourceEndpoint, targetEndpoint } from './job.mjs';
import { secondsOf, secondsOfFamily } from './processor-time.mjs';
import { ask, INBOUND_PATH, SOURCE_AUTHORIZATION, SOURCE_PASSWORD, startProduct } from './product.mjs';

const SETTLE_LIMIT_MS = 180_000;
const SILENCE_MS = 20_000;
const WARM_LIMIT_MS = 60_000;
/** A new rule set must be in use before the first message comes. */
const AFTER_CONFIGURATION_MS = 500;

/** Starts the product and the driver for one scenario. `targets`: how many; `delays`: seconds that the messages of each wait first. */
export async function openSetting(stores, options, { ruleCount = 100, targets = 1, delays = [], redisUrl = stores.redisUrl } = {}) {
  const product = await startProduct({ ...stores, redisUrl, entry: options.entry, flags: options.flags });
  const driver = startDriver();
  const setting = { product, driver, stores, options, ports: [], readyMs: product.readyMs };
  try {
    setting.ports = await driver.listen({ count: targets });
    const names = setting.ports.map((_, at) => `target-${at + 1}`);
    await ask(product, 'PUT', '/config', {
      endpoints: [sourceEndpoint(SOURCE_PASSWORD), ...names.map((name, at) => targetEndpoint(name, `http://127.0.0.1:${setting.ports[at]}`))],
      rules: rules(ruleCount, { targets: names, delays }),
    });
    await sleep(AFTER_CONFIGURATION_MS);
    return setting;
  } catch (error) {
    await closeSetting(setting);
    throw error;
  }
}

export async function closeSetting({ product, driver }) {
  await product.stop();
  await driver.end();
}

/** A load of the driver against the product. `targets`: those whose messages it posts, by place. */
export const loadOf = ({ product, options }, { name = 'main', targets = [0], ...rest } = {}) =>
  ({ name, url: product.url, path: INBOUND_PATH, authorization: SOURCE_AUTHORIZATION, connections: options.connections, groups: targets.map((at) => FITTING[at]), ...rest });

/** Begins a load and waits until `options.warm` messages have arrived: by then the product's code is compiled. */
export async function warmUp(setting, load) {
  const { driver, options } = setting;
  const begun = await driver.mark();
  await driver.begin(load);
  for (const until = performance.now() + WARM_LIMIT_MS; (await driver.mark()).arrived - begun.arrived < options.warm;) {
    if (performance.now() > until) throw new Error('too few messages arrived while warming up');
    await sleep(50);
  }
}

/** Warms up with a load of its own, to the last message. */
export async function warmUpAndRest(setting, load = loadOf(setting)) {
  await warmUp(setting, { ...load, name: 'warm' });
  await setting.driver.stop({ name: 'warm' });
  return settle(setting);
}

export const settle = ({ driver }) => driver.settle({ limitMs: SETTLE_LIMIT_MS, silenceMs: SILENCE_MS });

/** Processor seconds that everything has used so far; null where that cannot be told. */
export async function usage({ product, driver, stores }) {
  return { node: secondsOf(product.pid), postgres: secondsOfFamily(stores.postgresPid), redis: await redisSeconds(stores.redisUrl), driver: secondsOf(driver.pid) };
}

async function redisSeconds(url) {
  if (url === null) return 0;
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    const told = await redis.info('cpu');
    return ['sys', 'user'].reduce((sum, kind) => sum + Number(new RegExp(`^used_cpu_${kind}:([\\d.]+)`, 'm').exec(told)[1]), 0);
  } finally {
    redis.disconnect();
  }
}

/** Processor seconds per 1,000 messages, and what the product used as a multiple of what the driver did. */
export function costs(before, after, messages) {
  const used = Object.fromEntries(Object.keys(before).map((name) => [name, after[name] === null || before[name] === null ? null : after[name] - before[name]]));
  const per1000 = (seconds) => (seconds === null || messages === 0 ? null : Number(((seconds / messages) * 1_000).toFixed(4)));
  const isKnown = used.node !== null && used.postgres !== null && used.driver > 0;
  return {
    cpuSecondsPer1000: Object.fromEntries(Object.entries(used).map(([name, seconds]) => [name, per1000(seconds)])),
    multiple: isKnown ? Number(((used.node + used.postgres + used.redis) / used.driver).toFixed(2)) : null,
  };
}

/** What must be zero, of everything since the driver's start. */
export const faults = ({ accepted, arrived, duplicates, doubleCreates, orderBreaks, refused }) =>
  ({ duplicates: duplicates + doubleCreates, orderBreaks, lost: accepted - arrived, refused });

export const perSecond = (from, to, name) => Math.round((to[name] - from[name]) / ((to.at - from.at) / 1_000));
