import { describe, expect, it } from '@jest/globals';
import { settle, type SettleOptions } from './settle.js';

const failure = (code: string | undefined): Error => Object.assign(new Error(`error ${code ?? 'of the network'}`), { code });

/** A store that refuses batches with certain items in them. */
function setup(refuses: Readonly<Record<string, string>>, options: Partial<SettleOptions<string, string>> = {}) {
  const written: string[][] = [];
  const refused: [string, string][] = [];
  let attempts = 0;
  const settled = (items: readonly string[]) => settle<string, string>(items, {
    write: (batch) => {
      attempts++;
      const culprit = batch.find((item) => refuses[item] !== undefined);
      if (culprit !== undefined) return Promise.reject(failure(refuses[culprit]));
      written.push([...batch]);
      return Promise.resolve(`wrote ${batch.join('')}`);
    },
    refuse: (item, culprit) => {
      refused.push([item, culprit]);
      return Promise.resolve(`refused ${item}`);
    },
    mayWork: () => true, onRetry: () => undefined, ...options,
  });
  return { settled, written, refused, attempts: () => attempts };
}

describe('settling a batch', () => {
  it('writes it at once where nothing is wrong', async () => {
    const { settled, written } = setup({});
    expect(await settled(['a', 'b', 'c'])).toEqual(['wrote abc']);
    expect(written).toEqual([['a', 'b', 'c']]);
  });

  it('finds the culprit by halving, and writes all others in their order', async () => {
    const { settled, written, refused } = setup({ c: '22P05' });
    await settled(['a', 'b', 'c', 'd', 'e']);
    expect(written.flat()).toEqual(['a', 'b', 'd', 'e']);
    expect(refused).toEqual([['c', 'row']]);
  });

  it('tells a claim that is gone from content that is refused', async () => {
    const { settled, refused } = setup({ a: '22012', b: '23514', c: '54000' });
    await settled(['a', 'b', 'c', 'd']);
    expect(refused).toEqual([['a', 'guard'], ['b', 'row'], ['c', 'row']]);
  });

  it('tries a key that somebody else has just taken again: the next look finds it', async () => {
    let taken = true;
    const { settled, refused } = setup({}, { write: () => (taken ? ((taken = false), Promise.reject(failure('23505'))) : Promise.resolve('found')) });
    expect(await settled(['a', 'b'])).toEqual(['found']);
    expect(refused).toEqual([]);
  });

  it('gives a key up that is taken again and again', async () => {
    const { settled, refused, attempts } = setup({ a: '23505' });
    await settled(['a']);
    expect(refused).toEqual([['a', 'row']]);
    expect(attempts()).toBe(6);
  });

  it('tries again while the database does not answer and this process may work', async () => {
    let left = 2;
    const retries: string[] = [];
    const { settled } = setup({}, { write: () => (left-- > 0 ? Promise.reject(failure(undefined)) : Promise.resolve('at last')), onRetry: (error) => retries.push(String(error)) });
    expect(await settled(['a'])).toEqual(['at last']);
    expect(retries).toHaveLength(2);
  });

  it('stops trying when this process may not work any more', async () => {
    const { settled, attempts } = setup({ a: '57P01' }, { mayWork: () => false });
    await expect(settled(['a'])).rejects.toThrow('57P01');
    expect(attempts()).toBe(1);
  });
});
