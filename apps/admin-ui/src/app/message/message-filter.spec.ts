import { isFiltered } from './message-filter';

describe('a filter', () => {
  it('narrows nothing while it is blank', () => { expect(isFiltered({ ticketId: '', state: undefined })).toBe(false); });
  it('narrows by any of its members', () => { expect(isFiltered({ endpoint: 'acme_snc' })).toBe(true); });
});
