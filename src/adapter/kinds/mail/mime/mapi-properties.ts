/** A property's bytes; of several values the first. `isWide`: text in UTF-16. */
export interface MapiProperty {
  readonly bytes: Buffer;
  readonly isWide: boolean;
}

/** By the property's id. Named ones (0x8000 and more) are left out: their ids mean something else in every mail. */
export type MapiProperties = ReadonlyMap<number, MapiProperty>;

const MOST_PROPERTIES = 5_000;
const MOST_VALUES = 10_000;
const FIRST_NAMED = 0x8000;
const SEVERAL = 0x1000;
const WIDE = 0x1f;
/** Bytes of each type of a fixed size (MS-OXCDATA 2.11.1), as they lie here: padded to four. */
const SIZES: ReadonlyMap<number, number> = new Map([[0x2, 4], [0x3, 4], [0x4, 4], [0x5, 8], [0x6, 8], [0x7, 8], [0xa, 4], [0xb, 4], [0x14, 8], [0x40, 8], [0x48, 16]]);
/** Those that tell their length: texts, objects, bytes. */
const LENGTHY: ReadonlySet<number> = new Set([0xd, 0x1e, WIDE, 0x102]);

const padded = (length: number): number => length + ((4 - (length % 4)) % 4);

/** Reads bytes one after the other; beyond the end it stands still. */
class Cursor {
  at = 0;
  constructor(private readonly bytes: Buffer) {}
  get isOver(): boolean { return this.at >= this.bytes.length; }

  uint32(): number {
    const value = this.at + 4 <= this.bytes.length ? this.bytes.readUInt32LE(this.at) : 0;
    this.skip(4);
    return value;
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, Math.min(this.at + length, this.bytes.length));
    this.skip(length);
    return taken;
  }

  skip(length: number): void {
    this.at = Math.min(this.at + length, this.bytes.length);
  }
}

/** Reads the properties of a mail or a file (MS-OXTNEF 2.1.3.4). Ends where a type is not known: nothing says then how long its value is. */
export function readProperties(bytes: Buffer): MapiProperties {
  const found = new Map<number, MapiProperty>();
  const cursor = new Cursor(bytes);
  const most = Math.min(cursor.uint32(), MOST_PROPERTIES);
  for (let count = 0; count < most && !cursor.isOver; count += 1) {
    const tag = cursor.uint32();
    const [type, id] = [tag & 0xfff, tag >>> 16];
    if (id >= FIRST_NAMED) skipName(cursor);
    const value = readValue(cursor, type, (tag & SEVERAL) !== 0);
    if (value === null) break;
    if (id < FIRST_NAMED && !found.has(id)) found.set(id, { bytes: value, isWide: type === WIDE });
  }
  return found;
}

/** A named property stands behind its name: the id of a set, then a number or a text. */
function skipName(cursor: Cursor): void {
  cursor.skip(16);
  const isText = cursor.uint32() === 1;
  if (isText) cursor.skip(padded(cursor.uint32()));
  else cursor.skip(4);
}

/** The first value; null of a type that is not known. */
function readValue(cursor: Cursor, type: number, hasSeveral: boolean): Buffer | null {
  const size = SIZES.get(type);
  if (size === undefined && !LENGTHY.has(type)) return null;
  const values = hasSeveral || size === undefined ? Math.min(cursor.uint32(), MOST_VALUES) : 1;
  let first: Buffer | null = null;
  for (let at = 0; at < values && !cursor.isOver; at += 1) {
    const length = size ?? cursor.uint32();
    const value = cursor.take(length);
    cursor.skip(padded(length) - length);
    first ??= value;
  }
  return first ?? Buffer.alloc(0);
}
