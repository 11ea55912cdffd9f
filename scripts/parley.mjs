#!/usr/bin/env node
// `npx parley <command>`: works right after `npm ci`. Builds the server when it is missing and runs on Node 24.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isNodeNewEnough, refuseAncientNode, runOnBundledNode } from './node-version.mjs';
import { ROOT, SERVER_ENTRY, dataFolder, variable } from './project.mjs';
import { printFailure } from './start-failure.mjs';

try {
  refuseAncientNode();
  if (isNodeNewEnough()) await run();
  else runOnBundledNode(fileURLToPath(import.meta.url));
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function run() {
  if (!existsSync(SERVER_ENTRY)) {
    const { buildWhatIsOld } = await import('./build.mjs');
    const print = console.log;
    console.log = console.error; // what a command prints may be read by a program
    await buildWhatIsOld(['server']);
    console.log = print;
  }
  const address = join(dataFolder(), 'database.url');
  if (variable('DATABASE_URL') === undefined && existsSync(address)) process.env.DATABASE_URL = readFileSync(address, 'utf8').trim(); // of the embedded one, while it runs
  await import(pathToFileURL(join(ROOT, 'dist/src/cli/main.js')).href);
}
