import { describe, expect, it } from '@jest/globals';
import { AcceptRoom, type AcceptLimits } from './accept-room.js';

const setup = (limits: Partial<AcceptLimits> = {}): AcceptRoom => new AcceptRoom({ requests: 3, bytes: 1_000, allRequests: 5, allBytes: 1_500, ...limits });

describe('room for requests under way', () => {
  it('ends for an organization that floods, not for another', () => {
    const room = setup();
    for (let n = 0; n < 3; n++) expect(typeof room.enter('flood', 1)).toBe('function');
    expect(room.enter('flood', 1)).toBe('too-many');
    expect(typeof room.enter('quiet', 1)).toBe('function');
  });

  it('is there again when a request is answered, counted once', () => {
    const room = setup({ requests: 1 });
    const leave = room.enter('a', 1) as () => void;
    expect(room.enter('a', 1)).toBe('too-many');
    leave();
    leave();
    expect(typeof room.enter('a', 1)).toBe('function');
    expect(room.enter('a', 1)).toBe('too-many');
  });

  it('is measured in bytes too; a body of unknown length counts as a large one', () => {
    const room = setup();
    room.enter('a', 900);
    expect(room.enter('a', 200)).toBe('too-many');
    expect(room.enter('a', Number.NaN)).toBe('too-many');
    expect(typeof room.enter('a', 100)).toBe('function');
  });

  it('always takes a request that comes alone, however large it is or full the process', () => {
    const room = setup();
    for (let n = 0; n < 3; n++) room.enter('a', 1);
    for (let n = 0; n < 2; n++) room.enter('b', 1);
    expect(room.enter('b', 1)).toBe('full');
    expect(typeof room.enter('c', 9_999)).toBe('function');
  });
});
