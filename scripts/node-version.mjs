// Must run on old versions of Node: keep its syntax and its imports plain.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';
import { StartFailure } from './start-failure.mjs';

const NEEDED = 24;
const LEAST = 20; // what npm and these scripts themselves need

function majorVersion() {
  return Number(process.versions.node.split('.')[0]);
}

/** Throws where this Node cannot even install the newer one. */
export function refuseAncientNode() {
  if (majorVersion() >= LEAST) return;
  throw new StartFailure(`Parley needs Node.js ${NEEDED}, or ${LEAST} and newer to fetch it; this is ${process.version}. Install a newer one from https://nodejs.org and start again.`);
}

/** True when this process runs on the Node that Parley needs. */
export function isNodeNewEnough() {
  return majorVersion() >= NEEDED;
}

/**
 * Runs a script of ours again on the Node that npm installed with the dependencies, and ends with its exit code.
 * The script has an IPC channel, by which it notices when this process is killed.
 */
export function runOnBundledNode(script, args = process.argv.slice(2)) {
  const node = bundledNode();
  if (node === undefined) {
    throw new StartFailure(`Parley needs Node.js ${NEEDED} or newer; this is ${process.version}, and none comes with Parley for ${process.platform}-${process.arch}. Install it from https://nodejs.org and start again.`);
  }
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  // Detached: a terminal's Ctrl-C reaches this process alone, which passes it on once.
  const child = spawn(node, [script, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true, env: { ...process.env, PATH: path } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`parley: ${node} does not run here: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

function bundledNode() {
  return [join(ROOT, 'node_modules/.bin/node'), join(ROOT, `node_modules/node-${process.platform}-${process.arch}/bin/node`)].find((path) => existsSync(path));
}
