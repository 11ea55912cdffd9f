// `npm start`: from a fresh clone to a running Parley, without a question. Needs Node 20 or newer and nothing else.
import { fileURLToPath } from 'node:url';
import { isNodeNewEnough, refuseAncientNode, runOnBundledNode } from './node-version.mjs';
import { printFailure } from './start-failure.mjs';

try {
  refuseAncientNode();
  await start();
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function start() {
  const { dataFolder, SERVER_ENTRY, variable } = await import('./project.mjs');
  const { refuseWhenHeld } = await import('./folder-lock.mjs');
  refuseWhenHeld(dataFolder()); // before anything is replaced under its feet
  const { installWhatIsMissing } = await import('./install.mjs');
  installWhatIsMissing();
  if (!isNodeNewEnough()) {
    console.log(`parley: this is Node ${process.version}; going on with the Node 24 that was installed with Parley`);
    runOnBundledNode(fileURLToPath(import.meta.url));
    return;
  }
  console.log(`parley: Node ${process.version}`);
  const { buildWhatIsOld } = await import('./build.mjs');
  await buildWhatIsOld();
  const { supervise } = await import('./supervise.mjs');
  process.exit(await supervise({ entry: SERVER_ENTRY, environment: { PARLEY_DEMO: variable('PARLEY_DEMO') ?? 'true' } }));
}
