import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bools, bytes, instants, int2s, int4s, int8s, texts, uuids } from '../../src/store/pipeline/binary-array.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openStore } from './pipeline-setup.js';

let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => { store = await openStore(); });
afterAll(() => store.close());

/** What PostgreSQL makes of an array. */
const read = async (type: string, array: Buffer): Promise<unknown[]> => (await store.database.worker.query<{ value: unknown }>(`SELECT u AS value FROM unnest($1::${type}[]) WITH ORDINALITY t(u, n) ORDER BY n`, [array])).rows.map(({ value }) => value);

describe('binary arrays', () => {
  const ids = [newId(), null, newId(), '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'];
  const words = ['a', '', null, 'ü€😀', 'line\nbreak "quoted" {1,2}', 'x'.repeat(70_000)];
  const blobs = [Buffer.from([0, 1, 255]), null, Buffer.alloc(0), Buffer.alloc(100_000, 7)];
  const times = [0, null, Date.UTC(2026, 10, 20, 12, 0, 0, 123), -1_000];

  it('arrive as they were given, element by element, nulls and empty ones too', async () => {
    expect(await read('uuid', uuids(ids))).toEqual(ids);
    expect(await read('text', texts(words))).toEqual(words);
    expect(await read('bytea', bytes(blobs))).toEqual(blobs);
    expect(await read('int2', int2s([0, -32_768, 32_767, null]))).toEqual([0, -32_768, 32_767, null]);
    expect(await read('int4', int4s([0, null, -2_147_483_648, 2_147_483_647]))).toEqual([0, null, -2_147_483_648, 2_147_483_647]);
    expect(await read('int8', int8s([0, 9_007_199_254_740_991, -1n, (1n << 62n) + 1n, null]))).toEqual(['0', '9007199254740991', '-1', '4611686018427387905', null]);
    expect(await read('bool', bools([true, false, null]))).toEqual([true, false, null]);
    expect((await read('timestamptz', instants(times))).map((at) => (at === null ? null : (at as Date).getTime()))).toEqual(times);
  });

  it('of nothing are empty arrays', async () => {
    for (const [type, array] of Object.entries({ uuid: uuids([]), text: texts([]), bytea: bytes([]), int2: int2s([]), int4: int4s([]), int8: int8s([]), bool: bools([]), timestamptz: instants([]) })) {
      expect(await read(type, array)).toEqual([]);
    }
  });

  it('of nulls alone hold nulls', async () => {
    expect(await read('uuid', uuids([null, null]))).toEqual([null, null]);
    expect(await read('text', texts([null]))).toEqual([null]);
  });

  it('take upper-case ids, and half characters as a replacement', async () => {
    const id = newId();
    expect(await read('uuid', uuids([id.toUpperCase()]))).toEqual([id]);
    expect(await read('text', texts(['a\ud800b']))).toEqual(['a\ufffdb']);
  });
});
