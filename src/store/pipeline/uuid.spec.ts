import { describe, expect, it } from '@jest/globals';
import { newId, uuidBytes, uuidFloor, uuidText, uuidTimeMs } from './uuid.js';

describe('ids', () => {
  it('are UUIDs of version 7 that tell when they were made', () => {
    const nowMs = Date.now() + 1_000;
    const id = newId(nowMs);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidTimeMs(id)).toBe(nowMs);
  });

  it('sort as they were made, many in one millisecond and with a clock that is set back', () => {
    const nowMs = Date.now() + 2_000;
    const ids = [...Array.from({ length: 10_000 }, () => newId(nowMs)), newId(nowMs - 60_000), newId(nowMs + 60_000), newId(nowMs)];
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(uuidTimeMs(ids[9_999]!) - nowMs).toBeLessThan(5);
  });

  it('have a floor: nothing that was made from then on sorts before it', () => {
    const nowMs = Date.now() + 120_000;
    expect(uuidFloor(nowMs)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-0000-0000-000000000000$/);
    expect(uuidTimeMs(uuidFloor(nowMs))).toBe(nowMs);
    expect(newId(nowMs) > uuidFloor(nowMs)).toBe(true);
    expect(uuidFloor(nowMs) > newId(nowMs - 1)).toBe(false);
  });

  it('are the same as bytes and as text', () => {
    const bytes = uuidBytes();
    expect(Buffer.from(uuidText(bytes).replaceAll('-', ''), 'hex')).toEqual(bytes);
  });
});
