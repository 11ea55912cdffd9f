// `npm run test:live [name…]`: tests against real systems on this machine (test/live/<name>). What is not installed is installed from Debian where
// that is possible; what cannot be installed is skipped with a clear word.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhatIsOld } from './build.mjs';
import { ROOT } from './project.mjs';
import { sweepDeadRuns } from '../test/support/run-folder.mjs';

/** Debian packages behind each test, and a program (or a path) of each by which it is seen that they are there. */
const SYSTEMS = {
  alertmanager: { packages: ['prometheus-alertmanager'], programs: ['prometheus-alertmanager'], answers: [] },
  nagios: { packages: ['nagios4-core', 'curl'], programs: ['nagios4', 'curl'], answers: [] },
  icinga: { packages: ['icinga2-bin', 'curl', 'openssl'], programs: ['icinga2', 'curl', 'openssl'], answers: [] },
  mail: { packages: ['postfix', 'dovecot-imapd', 'dovecot-pop3d', 'dovecot-lmtpd', 'dovecot-sieve', 'openssl'], programs: ['postfix', 'dovecot', 'openssl'], answers: ['postfix postfix/main_mailer_type select No configuration'] },
  'rt-redmine': {
    packages: ['request-tracker5', 'rt5-db-sqlite', 'rt5-standalone', 'rt5-clients', 'postfix', 'redmine', 'redmine-sqlite', 'puma'],
    programs: ['puma', 'rt-mailgate', '/usr/share/request-tracker5/libexec/rt-server', '/var/lib/dbconfig-common/sqlite3/request-tracker5/rtdb', '/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default'],
    answers: [
      'postfix postfix/main_mailer_type select No configuration', ...['database-type select sqlite3', 'dbconfig-install boolean true'].flatMap((one) => [`request-tracker5 request-tracker5/${one}`, `redmine redmine/instances/default/${one}`]),
      'request-tracker5 request-tracker5/rtname string rt.test', 'request-tracker5 request-tracker5/organization string rt.test', 'request-tracker5 request-tracker5/install-cronjobs boolean false', 'request-tracker5 request-tracker5/initial-root-password password not-used',
      'redmine redmine/instances/default/default-language select en',
    ],
    isBuilt: true,
  },
  soap: {
    packages: ['python3-spyne', 'python3-zeep', 'python3-lxml', 'xmlsec1', 'php-cli', 'php-soap', 'libsoap-lite-perl'],
    programs: ['xmlsec1', 'php', '/usr/share/doc/python3-spyne', '/usr/share/doc/python3-zeep', '/usr/share/doc/php-soap', '/usr/share/perl5/SOAP/Lite.pm'], answers: [],
  },
};

/** What Debian asks whether a service may be started that was just installed. */
const POLICY = '/usr/sbin/policy-rc.d';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(SYSTEMS, name));
if (unknown.length > 0) {
  console.error(`There is no live test "${unknown.join('", "')}"; there are: ${Object.keys(SYSTEMS).join(', ')}.`);
  process.exit(1);
}
const names = wanted.length > 0 ? wanted : Object.keys(SYSTEMS);
for (const name of names) install(name, SYSTEMS[name]);
// Some start Parley as a process of its own.
if (names.some((name) => SYSTEMS[name].isBuilt === true)) await buildWhatIsOld(['server']);
const jest = spawn(process.execPath, [
  '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules/jest/bin/jest.js'), '--runInBand', '--testRegex', String.raw`test/live/(?:${names.join('|')})/.*\.live\.ts$`,
], { cwd: ROOT, stdio: 'inherit' });
// Whoever stops this stops the tests, and what they had started.
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { isStopped = true; jest.kill('SIGTERM'); });
jest.once('close', (status) => {
  process.exitCode = isStopped ? 1 : (status ?? 1);
  if (status === null || isStopped) void sweepDeadRuns();
});

function install(name, { packages, programs, answers }) {
  if (programs.every((program) => (program.startsWith('/') ? existsSync(program) : spawnSync('which', [program]).status === 0))) return;
  if (process.getuid?.() !== 0 || spawnSync('which', ['apt-get']).status !== 0) {
    console.error(`${name}: ${packages.join(', ')} are not installed, and only root on Debian can install them here.`);
    return;
  }
  console.log(`${name}: installing ${packages.join(', ')}`);
  // A second installation would miss the files that the first one's removal left away.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFMISS: '1' };
  spawnSync('debconf-set-selections', { input: `${answers.join('\n')}\n` });
  spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
  // Nothing that is installed may start by itself: the tests start what they need, in folders of their own.
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const done = spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, RUNLEVEL: '1' } });
  if (isOurs) rmSync(POLICY);
  if (done.status !== 0) console.error(`${name}: the packages could not be installed; the test is skipped.`);
}
