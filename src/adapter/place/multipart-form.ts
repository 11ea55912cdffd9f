import { failure, type Failure } from '../../core/message/failure.js';
import { err, ok, type Result } from '../../core/message/result.js';

/** A part of a form: a field, or a file where it has a file name. */
export interface FormPart {
  readonly field: string;
  readonly fileName: string | null;
  /** Empty where the part does not say. */
  readonly contentType: string;
  readonly content: Buffer;
}

const MOST_PARTS = 1_000;
const LONGEST_HEAD = 16_384;
const LONGEST_BOUNDARY = 200;

export const isMultipartForm = (contentType: string): boolean => /^multipart\/form-data\s*(?:;|$)/i.test(contentType);

/** Takes a body of multipart/form-data apart (RFC 7578). What is no such form to its end is refused as a whole. */
export function readMultipartForm(contentType: string, body: Uint8Array): Result<readonly FormPart[], Failure> {
  const boundary = parameterOf(contentType, 'boundary');
  if (boundary === null || boundary === '' || boundary.length > LONGEST_BOUNDARY) return broken('its content type names no boundary');
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first boundary may stand at the very beginning.
  let at = bytes.subarray(0, mark.length - 2).equals(mark.subarray(2)) ? mark.length - 2 : after(bytes, mark, 0);
  if (at === -1) return broken('its boundary is not in it');
  const parts: FormPart[] = [];
  for (;;) {
    if (bytes.subarray(at, at + 2).toString('latin1') === '--') return ok(parts);
    const line = bytes.indexOf('\r\n', at);
    if (line === -1 || bytes.subarray(at, line).toString('latin1').trim() !== '') return broken('a boundary is followed by something else');
    const end = bytes.indexOf(mark, line);
    if (end === -1) return broken('it ends before its last boundary');
    if (parts.length >= MOST_PARTS) return broken(`it has more than ${MOST_PARTS} parts`);
    const part = readPart(bytes.subarray(line, end));
    if (!part.ok) return part;
    if (part.value !== null) parts.push(part.value);
    at = end + mark.length;
  }
}

const broken = (why: string): Result<never, Failure> => err(failure('invalid', 'broken-form', `The body is not a form: ${why}.`));

function after(bytes: Buffer, mark: Buffer, from: number): number {
  const found = bytes.indexOf(mark, from);
  return found === -1 ? -1 : found + mark.length;
}

/** `part` begins with the line end before its first header. Null for a field of files in which none was chosen. */
function readPart(part: Buffer): Result<FormPart | null, Failure> {
  const end = part.subarray(0, LONGEST_HEAD).indexOf('\r\n\r\n');
  if (end === -1) return broken('a part has no end of its headers');
  const headers = new Map(part.subarray(0, end).toString('utf8').replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n').filter((line) => line !== '').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const disposition = headers.get('content-disposition') ?? '';
  const field = parameterOf(disposition, 'name');
  if (!/^form-data\b/i.test(disposition) || field === null) return broken('a part does not say which field it is');
  const fileName = encodedParameterOf(disposition, 'filename') ?? parameterOf(disposition, 'filename');
  const raw = part.subarray(end + 4);
  if (fileName === '' && raw.length === 0) return ok(null);
  const isBase64 = /^base64$/i.test(headers.get('content-transfer-encoding') ?? '');
  return ok({
    field: unescaped(field), fileName: fileName === null ? null : baseNameOf(unescaped(fileName)), contentType: headers.get('content-type') ?? '',
    content: isBase64 ? Buffer.from(raw.toString('latin1'), 'base64') : raw,
  });
}

/** A parameter of a header, quoted or not; null where it is not there. */
function parameterOf(header: string, name: string): string | null {
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]*))`, 'i').exec(header) ?? [];
  // A backslash stands before a quote; elsewhere it is part of a path, as old browsers send them.
  return quoted === undefined ? (plain ?? null) : quoted.replaceAll(/\\(["\\])/g, '$1');
}

/** A parameter in the form of RFC 8187: `filename*=UTF-8''na%C3%AFve.txt`. */
function encodedParameterOf(header: string, name: string): string | null {
  const encoded = new RegExp(`;\\s*${name}\\*\\s*=\\s*utf-8'[^']*'([^;\\s]+)`, 'i').exec(header)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null; // the plain one counts
  }
}

/** Browsers write quotes and line ends in names so. */
const unescaped = (name: string): string => name.replaceAll(/%22/g, '"').replaceAll(/%0d/gi, '\r').replaceAll(/%0a/gi, '\n');

/** The name without the folders that some senders put before it. */
const baseNameOf = (path: string): string => path.split(/[/\\]/).at(-1)!.trim() || 'file';
