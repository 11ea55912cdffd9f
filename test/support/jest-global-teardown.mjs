import { endRun, runFolder } from './run-folder.mjs';

export default async function tearDown() {
  await endRun(runFolder());
}
