import { describe, expect, it } from '@jest/globals';
import { BlockersSince, sayBlocker } from './blockers-since.js';

const blocker = (pid = 7, transaction = '3/14') => ({ pid, transaction, user: 'admin', application: 'psql', waiting: 2 });

describe('sessions that keep others waiting', () => {
  it('are told once one transaction was met at looks far enough apart', () => {
    const since = new BlockersSince();
    expect(since.look([blocker()], 1_000)).toEqual([]);
    expect(since.look([blocker()], 8_000)).toEqual([]);
    expect(since.look([blocker()], 11_000)).toEqual([{ ...blocker(), forMs: 10_000 }]);
  });

  it('are told though nobody happened to wait in between', () => {
    const since = new BlockersSince();
    since.look([blocker()], 0);
    since.look([], 10_000);
    expect(since.look([blocker()], 20_000)).toMatchObject([{ pid: 7, forMs: 20_000 }]);
  });

  it('are nothing where it is another transaction each time, of the same session or of others', () => {
    const since = new BlockersSince();
    for (let n = 0; n < 10; n++) expect(since.look([blocker(7, `3/${n}`), blocker(n, '4/1')].slice(0, 1 + (n % 2)), n * 10_000)).toEqual([]);
  });

  it('are forgotten when they were not met for a minute', () => {
    const since = new BlockersSince();
    since.look([blocker()], 0);
    since.look([], 61_000);
    expect(since.look([blocker()], 62_000)).toEqual([]);
  });

  it('are named so that they can be ended', () => {
    expect(sayBlocker({ ...blocker(), forMs: 12_300 })).toBe('session 7 (admin, psql) holds a lock for which 2 others wait, for 12 s or longer; SELECT pg_terminate_backend(7) ends it');
    expect(sayBlocker({ ...blocker(), user: '', application: '', waiting: 1, forMs: 9_000 })).toContain('session 7 holds a lock for which another session waits');
  });
});
