import { mergeFresh, withMore, withWaiting } from './paged-rows';

interface Row { readonly id: string; readonly state: string }
const row = (id: string, state = 'SENT'): Row => ({ id, state });
const idOf = (one: Row): string => one.id;
const shown = (...ids: string[]) => ({ rows: ids.map((id) => row(id)), waiting: [], nextCursor: 'older' });

describe('rows that arrive while a list is looked at', () => {
  it('wait above the list and move nothing', () => {
    const merged = mergeFresh(shown('b', 'a'), { items: [row('d'), row('c'), row('b'), row('a')], nextCursor: null }, idOf);
    expect(merged.rows.map(idOf)).toEqual(['b', 'a']);
    expect(merged.waiting.map(idOf)).toEqual(['d', 'c']);
  });

  it('are counted once however often the list is read', () => {
    const page = { items: [row('c'), row('b')], nextCursor: null };
    const merged = mergeFresh(mergeFresh(shown('b'), page, idOf), page, idOf);
    expect(merged.waiting.map(idOf)).toEqual(['c']);
  });

  it('keep those that waited when even newer ones push them off the first page', () => {
    const first = mergeFresh(shown('a'), { items: [row('b'), row('a')] }, idOf);
    const second = mergeFresh(first, { items: [row('d'), row('c')] }, idOf);
    expect(second.waiting.map(idOf)).toEqual(['d', 'c', 'b']);
  });

  it('stand on top once they are asked for', () => {
    const merged = withWaiting(mergeFresh(shown('a'), { items: [row('b'), row('a')] }, idOf));
    expect(merged.rows.map(idOf)).toEqual(['b', 'a']);
    expect(merged.waiting).toEqual([]);
  });

  it('are shown at once in a list that is empty', () => {
    expect(mergeFresh({ rows: [], waiting: [], nextCursor: null }, { items: [row('a')] }, idOf).rows.map(idOf)).toEqual(['a']);
  });
});

describe('rows that are shown', () => {
  it('change where they stand', () => {
    const merged = mergeFresh({ rows: [row('a', 'QUEUED')], waiting: [], nextCursor: null }, { items: [row('a', 'SENT')] }, idOf);
    expect(merged.rows).toEqual([row('a', 'SENT')]);
  });

  it('keep the place where older ones go on', () => {
    expect(mergeFresh(shown('a'), { items: [row('b')], nextCursor: 'other' }, idOf).nextCursor).toBe('older');
  });

  it('are followed by the next page, none of them twice', () => {
    const more = withMore(shown('b', 'a'), { items: [row('a'), row('z')], nextCursor: null }, idOf);
    expect(more.rows.map(idOf)).toEqual(['b', 'a', 'z']);
    expect(more.nextCursor).toBeNull();
  });
});
