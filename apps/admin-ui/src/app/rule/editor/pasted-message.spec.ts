import { describe, expect, it } from 'vitest';
import { readPasted } from './pasted-message';

const ROUTE = { endpoint: 'acme', entityType: 'incident' };

describe('a pasted message', () => {
  it('is a case as it is', () => { expect(readPasted('{"message":{"endpoint":"x"},"now":"2026-01-01T00:00:00Z"}', ROUTE)).toEqual({ message: { endpoint: 'x' }, now: '2026-01-01T00:00:00Z' }); });
  it('is a canonical message, from the source of the rule unless it says otherwise', () => { expect(readPasted('{"ticketId":"INC1","attributes":{"a":1}}', ROUTE)).toMatchObject({ message: { ...ROUTE, ticketId: 'INC1', attributes: { a: 1 } } }); });
  it('is nothing but attributes', () => { expect(readPasted('{"short_description":"Printer"}', ROUTE)).toMatchObject({ message: { ...ROUTE, attributes: { short_description: 'Printer' } } }); });
  it.each(['{', '[]', '"x"', 'null', ''])('is refused in words: %j', (text) => { expect(readPasted(text, ROUTE)).toMatch(/^This is/); });
});
