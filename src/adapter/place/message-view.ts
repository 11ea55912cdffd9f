import { ok, err, type Result } from '../../core/message/result.js';
import { failure, type Failure } from '../../core/message/failure.js';
import type { Document } from '@xmldom/xmldom';
import { readExactJson } from './exact-json.js';
import { isMultipartForm, readMultipartForm, type FormPart } from './multipart-form.js';
import { readXml, xmlToJson } from './xml-document.js';

/** What came over HTTP, as it may be looked at: an answer, or an inbound request. Header names are lower case. */
export interface Received {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of an answer; null of a request. */
  readonly status: number | null;
  /** Of a request. */
  readonly query?: string;
}

/** A body read in the form it has, as late as possible and once: as text, as JSON (numbers exactly), as XML. */
export class MessageView {
  private readText: string | undefined;
  private readDocument: Result<unknown, Failure> | undefined;
  private readDom: Result<Document, Failure> | undefined;

  /** What places that start at the top see, where that is more than the body: the body with what was fetched for it. */
  top: unknown;

  constructor(readonly received: Received) {}

  /** The body as text, by the charset that its byte order mark, its type or its XML declaration names; UTF-8 otherwise. */
  get text(): string {
    return (this.readText ??= new TextDecoder(charsetOf(this.received)).decode(this.received.body));
  }

  /** The body as JSON: JSON itself, XML by the rules of `xmlToJson`, forms by their fields, their files below `@files`. Other text is a failure. */
  get document(): Result<unknown, Failure> {
    return (this.readDocument ??= this.read());
  }

  get xml(): Document | null {
    const read = this.readXml();
    return read.ok ? read.value : null;
  }

  /** The body as XML, or why it is none; the same document each time. */
  readXml(): Result<Document, Failure> {
    return (this.readDom ??= readXml(this.text));
  }

  private read(): Result<unknown, Failure> {
    const { contentType, body } = this.received;
    if (/^application\/x-www-form-urlencoded/i.test(contentType)) return ok(fieldsOf(this.text));
    if (isMultipartForm(contentType)) {
      const parts = readMultipartForm(contentType, body);
      return parts.ok ? ok(partsOf(parts.value)) : parts;
    }
    if (/[/+]xml\b/i.test(contentType) || /^\s*</.test(this.text)) {
      const read = this.readXml();
      return read.ok ? ok(xmlToJson(read.value)) : read;
    }
    try {
      // Broken UTF-8 is no JSON, not JSON with replacement characters.
      return ok(readExactJson(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    } catch {
      return err(failure('invalid', 'broken-json', 'The body is not JSON in UTF-8.'));
    }
  }
}

/** Under which files of a form are found; not among its fields where all of these are taken. */
export const FORM_FILES = '@files';

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => membersOf([...new URLSearchParams(text)]);

/** Fields of a form; those that come several times are lists. A `payload` that is JSON is read, as senders with one field mean it. */
function membersOf(given: readonly (readonly [name: string, value: unknown])[]): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown[]>();
  for (const [name, value] of given) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, name === 'payload' && typeof values[0] === 'string' ? jsonOrText(values[0]) : values.length === 1 ? values[0] : values]));
}

/** Fields of a form with files: those that say that they are JSON are read. */
function partsOf(parts: readonly FormPart[]): Readonly<Record<string, unknown>> {
  const fields = parts.filter(({ fileName }) => fileName === null).map(({ field, contentType, content }): readonly [string, unknown] => {
    const text = new TextDecoder(charsetOf({ contentType, body: content })).decode(content);
    return [field, /^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType) ? jsonOrText(text) : text];
  });
  const files = parts.flatMap(({ field, fileName, contentType, content }) => (fileName === null ? [] : [{ field, name: fileName, contentType: contentType || 'application/octet-stream', size: content.length, contentBase64: content.toString('base64') }]));
  return Object.defineProperty({ ...membersOf(fields.filter(([name]) => name !== FORM_FILES)) }, FORM_FILES, { value: files, enumerable: false });
}

function jsonOrText(text: string): unknown {
  try {
    return readExactJson(text);
  } catch {
    return text;
  }
}

/** A byte order mark says it most surely (RFC 7303). */
function charsetOf({ contentType, body }: Pick<Received, 'contentType' | 'body'>): string {
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  const named = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)/i.exec(Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 200)).toString('latin1'))?.[1];
  if (named === undefined) return 'utf-8';
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return 'utf-8';
  }
}
