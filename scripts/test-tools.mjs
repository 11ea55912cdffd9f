// What the tests use and npm does not bring: a browser and a Redis. Installed where that needs no question (as root on
// a system with apt); elsewhere said in a sentence, and the tests that need them are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** redis-tools holds the server's program too (named redis-check-rdb) and, unlike redis-server, starts no service. */
const REDIS = ['redis-server', 'redis-check-rdb'];

/** Path of a Chromium, or undefined. */
export function findChromium() {
  return process.env.PARLEY_TEST_CHROMIUM || onPath(BROWSERS);
}

/** Installs what is missing if it may, and says what stays missing. */
export function provideTestTools() {
  const wanted = [
    ...(findChromium() === undefined ? ['chromium', 'fonts-dejavu-core'] : []),
    ...(onPath(REDIS) === undefined && !process.env.REDIS_URL ? ['redis-tools'] : []),
  ];
  if (wanted.length > 0 && process.getuid?.() === 0 && onPath(['apt-get']) !== undefined) install(wanted);
  const chromium = findChromium();
  if (chromium === undefined) console.log('parley: there is no Chromium here and it cannot be installed without asking: the browser tests are skipped (apt-get install chromium)');
  else process.env.PARLEY_TEST_CHROMIUM = chromium;
  if (onPath(REDIS) === undefined && !process.env.REDIS_URL) console.log('parley: there is no Redis here and it cannot be installed without asking: the tests on Redis are skipped (apt-get install redis-tools)');
}

function install(packages) {
  console.log(`parley: installing ${packages.join(', ')} for the tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 240_000 });
  let result = apt('install', '-y', '--no-install-recommends', ...packages);
  if (result.status !== 0) {
    apt('update');
    result = apt('install', '-y', '--no-install-recommends', ...packages);
  }
  if (result.status !== 0) console.log(`parley: apt-get: ${(result.stderr ?? '').trim().split('\n').at(-1)}`);
}

function onPath(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  for (const name of names) {
    const folder = folders.find((one) => one !== '' && existsSync(join(one, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return undefined;
}
