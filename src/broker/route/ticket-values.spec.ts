import { describe, expect, it } from '@jest/globals';
import { TicketValues } from './ticket-values.js';

const body = (attributes: object): Buffer => Buffer.from(JSON.stringify({ ticketId: 'INC1', attributes }));

describe('the last known values of a ticket', () => {
  it('are none before its first message', () => {
    const values = new TicketValues(undefined);
    expect([values.known, values.lastReceivedMs, values.isNewer]).toEqual([null, null, false]);
  });

  it('are those that were stored, and the messages since, the later over the earlier', () => {
    const values = new TicketValues({ attributes: { a: 1, b: 2 }, lastReceivedMs: 10, since: [{ id: 'b', receivedMs: 20, body: body({ b: 3, c: 4 }) }, { id: 'c', receivedMs: 30, body: body({ c: 5 }) }], filtered: [] });
    expect(values.known).toEqual({ a: 1, b: 3, c: 5 });
    expect([values.lastReceivedMs, values.isNewer]).toEqual([30, true]);
  });

  it('need not be stored again where nothing came', () => {
    expect(new TicketValues({ attributes: { a: 1 }, lastReceivedMs: 10, since: [], filtered: [] }).isNewer).toBe(false);
  });

  it('keep what a partial message does not name, and take the newest spelling of a name', () => {
    const values = new TicketValues({ attributes: { State: 'new', group: 'a' }, lastReceivedMs: 10, since: [], filtered: [] });
    values.learn({ STATE: 'done' }, 20, 'c');
    expect(values.known).toEqual({ STATE: 'done', group: 'a' });
  });

  it('remember a value that was cleared as cleared', () => {
    const values = new TicketValues({ attributes: { group: 'a' }, lastReceivedMs: 10, since: [], filtered: [] });
    values.learn({ group: null }, 20, 'c');
    expect(values.known).toEqual({ group: null });
  });

  it('pass over a stored body that cannot be read', () => {
    expect(new TicketValues({ attributes: null, lastReceivedMs: null, since: [{ id: 'b', receivedMs: 20, body: Buffer.from('{') }], filtered: [] }).known).toBeNull();
  });

  it('never move back in time', () => {
    const values = new TicketValues(undefined);
    values.learn({ a: 1 }, 30, 'd');
    values.learn({ a: 2 }, 20, 'c');
    expect([values.known, values.lastReceivedMs]).toEqual([{ a: 2 }, 30]);
  });

  it('takes filtered messages in where they came: before a later one, never before an earlier one', () => {
    const past = (id: string, a: number) => ({ id, receivedMs: a, body: body({ a }) });
    const values = new TicketValues({ attributes: null, lastReceivedMs: null, since: [past('b', 2), past('d', 4)], filtered: [past('a', 1), past('c', 3), past('f', 6), past('h', 8)] });
    expect(values.known).toEqual({ a: 4 });
    values.catchUp('g');
    expect([values.known, values.lastReceivedMs, values.uptoId]).toEqual([{ a: 6 }, 6, 'f']);
    values.learn({ a: 7 }, 7, 'g');
    values.catchUp('i');
    expect([values.known, values.uptoId]).toEqual([{ a: 8 }, 'h']);
  });
});
