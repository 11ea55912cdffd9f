/** A property of a mail or a file, as samples are made of: type, id, value as it lies there. */
export interface SampleProperty {
  readonly type: number;
  readonly id: number;
  readonly value: Buffer;
  /** Of a property that has a name instead of an id. */
  readonly name?: string;
}

export const STRING = 0x1e;
export const WIDE = 0x1f;
export const BINARY = 0x102;
export const OBJECT = 0xd;
export const LONG = 0x3;

const uint32 = (value: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; };
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** Text with the zero that ends it, in the width of its type. */
export const textValue = (text: string, type = WIDE): Buffer => (type === WIDE ? Buffer.from(`${text}\0`, 'utf16le') : Buffer.from(`${text}\0`, 'latin1'));

export const property = (id: number, text: string, type = WIDE): SampleProperty => ({ id, type, value: textValue(text, type) });

/** Properties as they stand in TNEF (MS-OXTNEF 2.1.3.4). */
export function properties(list: readonly SampleProperty[]): Buffer {
  return Buffer.concat([uint32(list.length), ...list.map(({ type, id, value, name }) => {
    const named = name === undefined ? [] : [Buffer.alloc(16, 9), uint32(1), uint32(textValue(name).length), padded(textValue(name))];
    const lengthy = [STRING, WIDE, BINARY, OBJECT].includes(type);
    return Buffer.concat([uint32(((id << 16) | type) >>> 0), ...named, ...(lengthy ? [uint32(1), uint32(value.length), padded(value)] : [value])]);
  })]);
}

/** One attribute with its checksum (2.1.3.1); level 1 is the mail's, 2 a file's. */
export function attribute(level: 1 | 2, id: number, data: Buffer): Buffer {
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((total, byte) => (total + byte) & 0xffff, 0));
  return Buffer.concat([Buffer.from([level]), uint32(id), uint32(data.length), data, sum]);
}

/** A whole stream: signature, key, version, code page, then these attributes. */
export const tnef = (attributes: readonly Buffer[], codepage = 1_252): Buffer =>
  Buffer.concat([uint32(0x223e9f78), Buffer.from([1, 0]), attribute(1, 0x00089006, uint32(0x10000)), attribute(1, 0x00069007, Buffer.concat([uint32(codepage), uint32(0)])), ...attributes]);

/** A file: its beginning, its old name, its bytes, its properties. */
export const file = (title: string, content: Buffer, more: readonly SampleProperty[] = []): Buffer[] =>
  [attribute(2, 0x00069002, Buffer.alloc(14)), attribute(2, 0x00018010, textValue(title, STRING)), attribute(2, 0x0006800f, content), attribute(2, 0x00069005, properties(more))];
