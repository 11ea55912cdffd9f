import { afterAll, beforeAll } from '@jest/globals';
import { EgressPolicy, GuardedHttp } from '../../src/net/index.js';
import { FakeTarget } from './fake-target.js';

/** One target and one way out to it, for all tests of a file. */
export interface Stand {
  readonly target: FakeTarget;
  readonly http: GuardedHttp;
}

export function useStand(): Stand {
  const stand = { http: new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] })) } as { -readonly [K in keyof Stand]: Stand[K] };
  beforeAll(async () => { stand.target = await FakeTarget.start(); });
  afterAll(async () => { await stand.http.close(); await stand.target.stop(); });
  return stand;
}
