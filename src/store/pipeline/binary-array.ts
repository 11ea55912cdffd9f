/**
 * PostgreSQL arrays in binary form. `pg` sends a Buffer as a binary parameter: no array text is built here,
 * no hex doubles a bytea, nothing is parsed there. Format: dimensions, has-null flag, element type,
 * length, lower bound, then length and bytes of each element (-1: null).
 */
const OID = { uuid: 2950, text: 25, bytea: 17, int2: 21, int4: 23, int8: 20, bool: 16, timestamptz: 1184 } as const;

type ElementType = keyof typeof OID;

const HEADER = 20;
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;

function header(type: ElementType, count: number, size: number, hasNull: boolean): Buffer {
  const array = Buffer.allocUnsafe(HEADER + size);
  array.writeInt32BE(count === 0 ? 0 : 1, 0);
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(OID[type], 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return count === 0 ? array.subarray(0, 12) : array;
}

/** An array of elements of `width` bytes each; null elements take none. */
function fixed<T>(type: ElementType, width: number, items: readonly (T | null)[], write: (array: Buffer, value: T, at: number) => void): Buffer {
  let nulls = 0;
  for (const item of items) if (item === null) nulls++;
  const array = header(type, items.length, items.length * 4 + (items.length - nulls) * width, nulls > 0);
  let at = HEADER;
  for (const item of items) {
    if (item === null) {
      array.writeInt32BE(-1, at);
      at += 4;
    } else {
      array.writeInt32BE(width, at);
      write(array, item, at + 4);
      at += 4 + width;
    }
  }
  return array;
}

const hexValue = (code: number): number => (code < 58 ? code - 48 : (code | 32) - 87);

/** Writes the 16 bytes of a UUID's text; the text is trusted to be one. */
function writeUuid(array: Buffer, id: string, at: number): void {
  let place = at;
  for (let i = 0; i < 36; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) i++;
    array[place++] = (hexValue(id.charCodeAt(i)) << 4) | hexValue(id.charCodeAt(i + 1));
  }
}

export const uuids = (items: readonly (string | null)[]): Buffer => fixed('uuid', 16, items, writeUuid);
export const int2s = (items: readonly (number | null)[]): Buffer => fixed('int2', 2, items, (array, value, at) => array.writeInt16BE(value, at));
export const int4s = (items: readonly (number | null)[]): Buffer => fixed('int4', 4, items, (array, value, at) => array.writeInt32BE(value, at));
export const int8s = (items: readonly (number | bigint | null)[]): Buffer =>
  fixed('int8', 8, items, (array, value, at) => array.writeBigInt64BE(BigInt(value), at));
export const bools = (items: readonly (boolean | null)[]): Buffer => fixed('bool', 1, items, (array, value, at) => array.writeUInt8(value ? 1 : 0, at));
/** Instants in milliseconds since 1970. */
export const instants = (items: readonly (number | null)[]): Buffer =>
  fixed('timestamptz', 8, items, (array, ms, at) => array.writeBigInt64BE(BigInt(Math.round((ms - EPOCH_2000_MS) * 1000)), at));

export function bytes(items: readonly (Uint8Array | null)[]): Buffer {
  let size = 0;
  let hasNull = false;
  for (const item of items) {
    if (item === null) hasNull = true;
    size += 4 + (item?.length ?? 0);
  }
  const array = header('bytea', items.length, size, hasNull);
  let at = HEADER;
  for (const item of items) {
    array.writeInt32BE(item === null ? -1 : item.length, at);
    at += 4;
    if (item !== null) {
      array.set(item, at);
      at += item.length;
    }
  }
  return array;
}

export function texts(items: readonly (string | null)[]): Buffer {
  const lengths = items.map((item) => (item === null ? -1 : Buffer.byteLength(item)));
  let size = 0;
  for (const length of lengths) size += 4 + Math.max(length, 0);
  const array = header('text', items.length, size, lengths.includes(-1));
  let at = HEADER;
  items.forEach((item, i) => {
    array.writeInt32BE(lengths[i]!, at);
    at += 4;
    if (item !== null) at += array.write(item, at);
  });
  return array;
}
