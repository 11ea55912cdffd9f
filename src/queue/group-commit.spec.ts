import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { GroupCommit } from './group-commit.js';

/** A store whose writes end when they are told to. */
function setup(options: { maxItems?: number; inFlight?: number } = {}) {
  const writes: { readonly items: readonly number[]; end(): void; fail(error: Error): void }[] = [];
  const group = new GroupCommit<number, string>((items) => new Promise((resolve, reject) => {
    writes.push({ items, end: () => resolve(items.map((item) => `kept ${item}`)), fail: reject });
  }), { maxItems: 10, maxWaitMs: 4, inFlight: 1, ...options });
  const add = (...items: number[]) => Promise.all(items.map((item) => group.add(item)));
  const untilWrites = async (count: number) => {
    while (writes.length < count) await sleep(1);
  };
  return { group, writes, add, untilWrites };
}

describe('group commit', () => {
  it('writes what comes in one turn of the loop together, and answers each item', async () => {
    const { writes, add, untilWrites } = setup();
    const answers = add(1, 2, 3);
    await untilWrites(1);
    writes[0]?.end();
    expect(await answers).toEqual(['kept 1', 'kept 2', 'kept 3']);
    expect(writes.map((write) => write.items)).toEqual([[1, 2, 3]]);
  });

  it('keeps what comes during a write for the next one', async () => {
    const { writes, add, untilWrites } = setup();
    const first = add(1);
    await untilWrites(1);
    const later = add(2, 3);
    await sleep(10);
    expect(writes).toHaveLength(1);
    writes[0]?.end();
    await untilWrites(2);
    writes[1]?.end();
    expect(await Promise.all([first, later])).toEqual([['kept 1'], ['kept 2', 'kept 3']]);
  });

  it('begins another write while one is slow, where several may be under way', async () => {
    const { writes, add, untilWrites } = setup({ inFlight: 2 });
    const all = [add(1)];
    await untilWrites(1);
    all.push(add(2));
    await untilWrites(2);
    for (const write of writes) write.end();
    expect(await Promise.all(all)).toEqual([['kept 1'], ['kept 2']]);
  });

  it('lets the first item wait for company after a large write, though not for long', async () => {
    const { writes, add, untilWrites } = setup();
    const crowd = add(1, 2, 3, 4, 5);
    await untilWrites(1);
    writes[0]?.end();
    await crowd;
    const pair = [add(6)];
    await new Promise((resolve) => { setImmediate(resolve); });
    pair.push(add(7));
    await untilWrites(2);
    expect(writes[1]?.items).toEqual([6, 7]);
    writes[1]?.end();
    await Promise.all(pair);
  });

  it('never writes more than the most items at once, and loses none', async () => {
    const { writes, add, untilWrites } = setup({ maxItems: 4 });
    const answers = add(...Array.from({ length: 10 }, (_, at) => at));
    for (let write = 0; write < 3; write++) {
      await untilWrites(write + 1);
      writes[write]?.end();
    }
    expect(await answers).toHaveLength(10);
    expect(writes.map((write) => write.items.length)).toEqual([4, 4, 2]);
  });

  it('gives a failure to every item of that write and to no other', async () => {
    const { group, writes, untilWrites } = setup();
    const failing = [group.add(1), group.add(2)];
    await untilWrites(1);
    const fine = group.add(3);
    writes[0]?.fail(new Error('down'));
    expect((await Promise.allSettled(failing)).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    await untilWrites(2);
    writes[1]?.end();
    expect(await fine).toBe('kept 3');
  });

  it('gives everybody a share of a write, where more waits than it takes', async () => {
    const writes: string[][] = [];
    let end = (): void => undefined;
    const group = new GroupCommit<string, null>(async (items) => {
      writes.push([...items]);
      if (writes.length === 1) await new Promise<void>((resolve) => { end = resolve; });
      return items.map(() => null);
    }, { maxItems: 10, maxWaitMs: 4, inFlight: 1 }, (item) => item[0]!);
    const all = [group.add('f')];
    while (writes.length < 1) await sleep(1);
    all.push(...Array.from({ length: 100 }, (_, n) => group.add(`f${n}`)), group.add('q'));
    end();
    await Promise.all(all);
    expect(writes[1]).toHaveLength(10);
    expect(writes[1]).toContain('q');
  });
});
