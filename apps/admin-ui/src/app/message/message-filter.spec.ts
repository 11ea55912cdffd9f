import { isFiltered, mayTakeAll } from './message-filter';

describe('a filter', () => {
  it('narrows nothing while it is blank', () => { expect(isFiltered({ ticketId: '', state: undefined })).toBe(false); });
  it('narrows by any of its members', () => { expect(isFiltered({ endpoint: 'acme_snc' })).toBe(true); });
});

describe('all failed messages at once', () => {
  it.each([[{ state: 'FAILED' }, true], [{ state: 'FAILED', endpoint: 'acme', since: '1h', ticketId: '' }, true], [{ state: 'ROUTED' }, false], [{ state: 'FAILED', ticketId: 'INC1' }, false], [{ state: 'FAILED', said: 'printer' }, false], [{ state: 'FAILED', rule: 'r' }, false]])('are offered only where nothing more than they would be taken: %o', (filter, may) => {
    expect(mayTakeAll(filter)).toBe(may);
  });
});
