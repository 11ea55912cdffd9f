import { makeRunFolder } from './run-folder.mjs';

/** Servers are started by the first test that asks for one (database.ts, redis.ts): unit tests wait for nothing. */
export default async function setUp() {
  makeRunFolder();
}
