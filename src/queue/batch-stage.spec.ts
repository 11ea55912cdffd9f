import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchRunner, type BatchStage } from './batch-stage.js';
import type { Instance } from './instance.service.js';

interface Lane {
  readonly name: string;
  readonly items: readonly string[];
  readonly crashes?: number;
}

const failure = (code: string): Error => Object.assign(new Error(`error ${code}`), { code });

/** A stage whose store refuses items that are named `bad`, and whose rules fail over items named `broken`. */
function setup({ claimed = [] as Lane[], onCommit = (_results: readonly string[]): void => undefined } = {}) {
  const committed: string[] = [];
  const released: string[] = [];
  const accused: string[] = [];
  const batches: number[] = [];
  const waiting = [...claimed];
  const stage: BatchStage<Lane, string, string> = {
    name: 'test',
    claim: () => Promise.resolve({ lanes: waiting.splice(0), full: false }),
    read: (lanes) => (lanes.some(({ name }) => name === 'unreadable') ? Promise.reject(failure('22P02')) : Promise.resolve(`context of ${lanes.map(({ name }) => name).join('')}`)),
    decide: ({ name, items }, context) => {
      if (items.includes('broken')) throw new Error('a fault of ours');
      if (!context.includes(name)) throw new Error(`${name} was read with the context of another`);
      return `${name}: ${items.join(' ')}`;
    },
    commit: async (results) => {
      await sleep(1);
      if (results.some((result) => result.includes('bad'))) throw failure('22P05');
      onCommit(results);
      batches.push(results.length);
      committed.push(...results);
    },
    condemn: ({ name, items }, reason) => `${name}: ${items[0]?.replace(/bad|broken/, '?') ?? 'nothing'} condemned (${reason.replace(/^Error: |^error: /, '')})`,
    size: ({ items }) => items.length,
    first: (lane, count) => ({ ...lane, items: lane.items.slice(0, count) }),
    release: ({ name }) => {
      released.push(name);
      return Promise.resolve();
    },
    crashCount: ({ crashes = 0 }) => crashes + 1,
    accuse: ({ name }) => {
      accused.push(name);
      return Promise.resolve();
    },
    ownerOf: ({ name }) => name[0]!,
  };
  const instance = { mayWork: () => true, whenLost: () => undefined, claiming: (write: (claim: bigint) => Promise<unknown>) => write(1n) } as unknown as Instance;
  const runner = new BatchRunner(stage, instance, 1);
  const run = async (...lanes: readonly Lane[]): Promise<void> => {
    runner.hand(lanes);
    await runner.drain(AbortSignal.timeout(2_000));
  };
  return { run, runner, committed, released, batches, accused };
}

const lane = (name: string, ...items: readonly string[]): Lane => ({ name, items });

describe('a batch stage', () => {
  beforeAll(() => { Logger.overrideLogger(false); });
  afterAll(() => { Logger.overrideLogger(['error']); });

  it('decides and commits the lanes in hand together', async () => {
    const { run, committed, batches } = setup();
    await run(lane('a', '1', '2'), lane('b', '3'));
    expect(committed).toEqual(['a: 1 2', 'b: 3']);
    expect(batches).toEqual([2]);
  });

  it('takes what waits in the store before what it was handed', async () => {
    const { runner, committed } = setup({ claimed: [lane('old', '1')] });
    runner.wake();
    runner.hand([lane('new', '2')]);
    while (committed.length < 2) await sleep(1);
    expect(committed).toEqual(['old: 1', 'new: 2']);
  });

  it('takes from everybody who has lanes in hand, however many one brought before', async () => {
    const { run, committed } = setup();
    await run(...Array.from({ length: 200 }, (_, n) => lane(`flood${n}`, '1')), lane('quiet', '2'));
    expect(committed).toHaveLength(201);
    expect(committed.indexOf('quiet: 2')).toBeLessThan(64);
  });

  it('commits what comes before an item that the database refuses, and condemns that item alone', async () => {
    const before = setup();
    await before.run(lane('a', '1'), lane('b', '2', '3', 'bad', '4'), lane('c', '5'));
    expect(before.committed.sort()).toEqual(['a: 1', 'b: 2 3', 'c: 5']);
    const next = setup();
    await next.run(lane('b', 'bad', '4'));
    expect(next.committed).toEqual(['b: ? condemned (error 22P05)']);
  });

  it('tries a lane that cannot be decided by its head alone, and condemns that only if it is its fault', async () => {
    const { run, committed } = setup();
    await run(lane('a', '1', 'broken'), lane('b', 'broken', '2'), lane('c', '3'));
    expect(committed.sort()).toEqual(['a: 1', 'b: ? condemned (could not be processed: Error: a fault of ours)', 'c: 3']);
  });

  it('tries a lane alone that was in hand at several ends of a process, by its head, the least suspected first, after the others', async () => {
    const { run, committed, batches, accused } = setup();
    await run({ ...lane('a', '1', '2'), crashes: 1 }, { ...lane('b', '1', '2'), crashes: 102 }, { ...lane('c', '1', '2'), crashes: 3 }, lane('d', '1'));
    expect(committed).toEqual(['a: 1 2', 'd: 1', 'c: 1', 'b: 1']);
    expect(batches).toEqual([2, 1, 1]);
    expect(accused).toEqual(['c', 'b']);
  });

  it('condemns the head of a lane that ended the process three times while it was alone', async () => {
    const { run, committed, accused } = setup();
    await run({ ...lane('a', '1', '2'), crashes: 305 });
    expect(committed).toEqual(['a: 1 condemned (ended the process each time that it was tried)']);
    expect(accused).toEqual([]);
  });

  it('decides each lane with the context that was read for it, when one of them cannot be read', async () => {
    const { run, committed } = setup();
    await run(lane('a', '1'), lane('unreadable', '2'), lane('c', '3'), lane('d', '4'));
    expect(committed.sort()).toEqual(['a: 1', 'c: 3', 'd: 4', 'unreadable: 2 condemned (error 22P02)']);
  });

  it('gives back lanes that are not its own any more, and those of a batch that it had to drop', async () => {
    const { run, released, committed } = setup({ onCommit: (results) => { if (results.some((result) => result.startsWith('gone'))) throw failure('22012'); } });
    await run(lane('a', '1'), lane('gone', '2'));
    expect(released).toEqual(['gone']);
    expect(committed).toEqual(['a: 1']);
  });
});
