// The image's start command: everything is installed and built already.
import { existsSync } from 'node:fs';
import { isNodeNewEnough, refuseAncientNode, runOnBundledNode } from './node-version.mjs';
import { SERVER_ENTRY } from './project.mjs';
import { StartFailure, printFailure } from './start-failure.mjs';
import { fileURLToPath } from 'node:url';

try {
  refuseAncientNode();
  if (!existsSync(SERVER_ENTRY)) throw new StartFailure(`${SERVER_ENTRY} is missing: build Parley first (npm run build), or use npm start.`);
  if (isNodeNewEnough()) {
    const { supervise } = await import('./supervise.mjs');
    process.exit(await supervise({ entry: SERVER_ENTRY }));
  }
  runOnBundledNode(fileURLToPath(import.meta.url));
} catch (error) {
  printFailure(error);
  process.exit(1);
}
