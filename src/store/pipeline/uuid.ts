import { randomFillSync } from 'node:crypto';

/** Random bytes are taken from a block: one call into the generator per 256 ids. */
const block = Buffer.alloc(4096);
let used = block.length;
let lastMs = 0;
let sequence = 0;

/** A UUIDv7 as 16 bytes: milliseconds, then a 12-bit counter within the millisecond, so that ids of one process sort as they were made. */
export function uuidBytes(nowMs: number = Date.now()): Buffer {
  if (used === block.length) {
    randomFillSync(block);
    used = 0;
  }
  const id = Buffer.allocUnsafe(16);
  block.copy(id, 8, used, used + 8);
  used += 8;
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = id[8]! & 0x7f;
  } else if (++sequence > 0xfff) {
    // More than 4,096 ids in one millisecond, or a clock set back: borrow from the next millisecond.
    lastMs += 1;
    sequence = 0;
  }
  id.writeUIntBE(lastMs, 0, 6);
  id[6] = 0x70 | (sequence >> 8);
  id[7] = sequence & 0xff;
  id[8] = 0x80 | (id[8]! & 0x3f);
  return id;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The text form of a UUID given as 16 bytes. */
export function uuidText(id: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    text += HEX[id[i]!];
    if (i === 3 || i === 5 || i === 7 || i === 9) text += '-';
  }
  return text;
}

/** A new UUIDv7 as text. */
export const newId = (nowMs?: number): string => uuidText(uuidBytes(nowMs));

/** When a UUIDv7 was made, in milliseconds since 1970. */
export const uuidTimeMs = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The least UUID whose time is `ms`: the bound of a partition. */
export function uuidFloor(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
