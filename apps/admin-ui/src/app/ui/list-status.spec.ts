import { listStatus } from './list-status';

const FACTS = { loading: false, failed: false, count: 0, filtered: false };

describe('what a list has to show', () => {
  it('is its rows as long as it has any', () => { expect(listStatus({ ...FACTS, count: 1, loading: true, failed: true })).toBe('ready'); });
  it('is that it loads before anything is known', () => { expect(listStatus({ ...FACTS, loading: true })).toBe('loading'); });
  it('is the failure where there is nothing else', () => { expect(listStatus({ ...FACTS, failed: true, filtered: true })).toBe('failed'); });
  it('tells filters that match nothing from a list without anything', () => {
    expect(listStatus({ ...FACTS, filtered: true })).toBe('no-match');
    expect(listStatus(FACTS)).toBe('empty');
  });
});
