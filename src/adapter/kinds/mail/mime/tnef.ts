import { readProperties, type MapiProperties } from './mapi-properties.js';

/** A file within TNEF. */
export interface TnefFile {
  readonly name: string;
  /** Empty where none is told. */
  readonly contentType: string;
  readonly contentId: string | null;
  readonly content: Buffer;
}

/** What Outlook and Exchange put into `winmail.dat` (MS-OXTNEF). */
export interface Tnef {
  readonly text: string;
  readonly html: string;
  /** Compressed (MS-OXRTFCP); null where there is none. */
  readonly rtf: Buffer | null;
  readonly files: readonly TnefFile[];
}

const SIGNATURE = 0x223e9f78;
const HEADER_BYTES = 6;
const MOST_ATTRIBUTES = 5_000;
const MOST_FILES = 200;
/** Mails within mails are unpacked as well, so far. */
const MOST_DEPTH = 3;

const ATTRIBUTE = { codepage: 0x00069007, body: 0x0002800c, properties: 0x00069003, beginFile: 0x00069002, fileTitle: 0x00018010, fileData: 0x0006800f, fileProperties: 0x00069005 } as const;
const PROPERTY = { body: 0x1000, rtf: 0x1009, html: 0x1013, charset: 0x3fde, data: 0x3701, longName: 0x3707, name: 0x3704, displayName: 0x3001, mimeTag: 0x370e, contentId: 0x3712 } as const;

/** Windows code pages as `TextDecoder` calls them. */
export function charsetOf(codepage: number): string {
  if (codepage === 65_001) return 'utf-8';
  if (codepage === 932) return 'shift_jis';
  if (codepage === 936) return 'gbk';
  if (codepage === 949) return 'euc-kr';
  if (codepage === 950) return 'big5';
  if (codepage === 20_866) return 'koi8-r';
  if (codepage >= 28_592 && codepage <= 28_605) return `iso-8859-${codepage - 28_590}`;
  return codepage >= 1_250 && codepage <= 1_258 ? `windows-${codepage}` : 'windows-1252';
}

/** Text of a fixed-width charset without the zero that ends it. */
const textOf = (bytes: Buffer, charset: string): string => new TextDecoder(charset).decode(bytes).replace(/\0[\s\S]*$/, '');

interface OpenFile {
  title: string;
  data: Buffer;
  properties: MapiProperties;
}

/**
 * Reads TNEF: never throws, reads no byte twice, copies nothing. What is cut off gives what stands before; null where it is no TNEF.
 * Checksums are not compared: what several programs write there is wrong.
 */
export function readTnef(bytes: Buffer, depth = 0): Tnef | null {
  if (bytes.length < HEADER_BYTES + 9 || bytes.readUInt32LE(0) !== SIGNATURE) return null;
  let charset = 'windows-1252';
  let properties: MapiProperties = new Map();
  let body = '';
  const open: OpenFile[] = [];
  let at = HEADER_BYTES;
  for (let count = 0; count < MOST_ATTRIBUTES && at + 9 <= bytes.length; count += 1) {
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const data = bytes.subarray(at + 9, Math.min(at + 9 + length, bytes.length));
    const file = open.at(-1);
    switch (id) {
      case ATTRIBUTE.codepage: if (data.length >= 4) charset = charsetOf(data.readUInt32LE(0)); break;
      case ATTRIBUTE.body: body = textOf(data, charset); break;
      case ATTRIBUTE.properties: properties = readProperties(data); break;
      case ATTRIBUTE.beginFile: if (open.length < MOST_FILES) open.push({ title: '', data: Buffer.alloc(0), properties: new Map() }); break;
      case ATTRIBUTE.fileTitle: if (file !== undefined) file.title = textOf(data, charset); break;
      case ATTRIBUTE.fileData: if (file !== undefined) file.data = data; break;
      case ATTRIBUTE.fileProperties: if (file !== undefined) file.properties = readProperties(data); break;
      default: break;
    }
    at += 9 + length + 2;
  }
  const texts = (given: MapiProperties, id: number): string => { const value = given.get(id); return value === undefined ? '' : value.isWide ? value.bytes.toString('utf16le').replace(/\0[\s\S]*$/, '') : textOf(value.bytes, charset); };
  const files = open.flatMap((one) => filesOf(one, (id) => texts(one.properties, id), depth));
  const pages = properties.get(PROPERTY.charset)?.bytes;
  const html = properties.get(PROPERTY.html);
  return {
    text: texts(properties, PROPERTY.body) || body,
    html: html === undefined ? '' : html.isWide ? texts(properties, PROPERTY.html) : textOf(html.bytes, pages === undefined || pages.length < 4 ? 'utf-8' : charsetOf(pages.readUInt32LE(0))),
    rtf: properties.get(PROPERTY.rtf)?.bytes ?? null, files: files.slice(0, MOST_FILES),
  };
}

function filesOf({ title, data, properties }: OpenFile, text: (id: number) => string, depth: number): TnefFile[] {
  const name = text(PROPERTY.longName) || text(PROPERTY.name) || title || text(PROPERTY.displayName);
  const object = properties.get(PROPERTY.data);
  const contentId = text(PROPERTY.contentId).replace(/^<|>$/g, '');
  // A mail within the mail begins with the id of its interface, then is TNEF itself.
  const inner = object !== undefined && object.bytes.length > 16 && depth < MOST_DEPTH ? readTnef(object.bytes.subarray(16), depth + 1) : null;
  if (inner !== null) {
    const written = inner.text || inner.html;
    const itself = written === '' ? [] : [{ name: `${name || 'mail'}.${inner.text === '' ? 'html' : 'txt'}`, contentType: inner.text === '' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8', contentId: null, content: Buffer.from(written) }];
    return [...itself, ...inner.files];
  }
  const content = data.length > 0 ? data : object?.bytes ?? data;
  return name === '' && content.length === 0 ? [] : [{ name, contentType: text(PROPERTY.mimeTag), contentId: contentId === '' ? null : contentId, content }];
}
