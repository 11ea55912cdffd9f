import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';

/** A part of a multipart/related body: the envelope itself, or a file that it refers to by `cid:`. */
export interface RelatedPart {
  readonly id: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

const MOST_PARTS = 101;

/** Writes a multipart/related body (RFC 2387): the first part is the envelope. The boundary is told by the caller; where a part holds it, it grows. */
export function writeRelated(parts: readonly RelatedPart[], wanted: string, { type, startInfo }: { readonly type: string; readonly startInfo?: string }): { readonly contentType: string; readonly body: Uint8Array } {
  let boundary = wanted;
  while (parts.some(({ content }) => buffer(content).includes(boundary))) boundary += 'x';
  const [root] = parts;
  const chunks = parts.flatMap(({ id, contentType, content }) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\n\r\n`), content, Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/related; type="${type}"; start="<${root?.id ?? ''}>"${startInfo === undefined ? '' : `; start-info="${startInfo}"`}; boundary="${boundary}"`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** Takes a multipart/related body apart: the envelope first, then the parts by their ids. Bounded; what is broken is a failure. */
export function readRelated(contentType: string, body: Uint8Array): Result<{ readonly root: RelatedPart; readonly parts: ReadonlyMap<string, RelatedPart> }, Failure> {
  const boundary = parameter(contentType, 'boundary');
  if (boundary === undefined || boundary.length > 70) return broken('has no boundary');
  const bytes = buffer(body);
  const mark = Buffer.from(`--${boundary}`);
  const found: RelatedPart[] = [];
  let at = bytes.indexOf(mark);
  while (at >= 0) {
    const from = at + mark.length;
    if (bytes.subarray(from, from + 2).toString('latin1') === '--') break;
    const next = bytes.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), from);
    if (next < 0) return broken('is cut off');
    if (found.length >= MOST_PARTS) return broken(`has more than ${MOST_PARTS} parts`);
    const part = partOf(bytes.subarray(from, next));
    if (part === null) return broken('has a part that cannot be read');
    found.push(part);
    at = next + 2;
  }
  const start = bare(parameter(contentType, 'start') ?? '');
  const root = start === '' ? found[0] : found.find(({ id }) => id === start);
  if (root === undefined) return broken('has no part that is the envelope');
  const parts = new Map(found.filter((one) => one !== root).map((one) => [one.id, one]));
  return ok({ root, parts });
}

const broken = (what: string): Result<never, Failure> => err(failure('invalid', 'broken-multipart', `The body of several parts ${what}.`));

function partOf(bytes: Buffer): RelatedPart | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const headers = new Map(bytes.subarray(0, end).toString('latin1').replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  }));
  const content = bytes.subarray(end + 4);
  const encoding = (headers.get('content-transfer-encoding') ?? 'binary').toLowerCase();
  if (!/^(?:binary|8bit|7bit|base64)$/.test(encoding)) return null;
  return {
    id: bare(headers.get('content-id') ?? ''), contentType: headers.get('content-type') ?? 'application/octet-stream',
    content: encoding === 'base64' ? Buffer.from(content.toString('latin1'), 'base64') : content,
  };
}

/** A parameter of a content type, quoted or not. */
export const parameter = (contentType: string, name: string): string | undefined => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(contentType);
  return found?.[1] ?? found?.[2];
};

const bare = (id: string): string => id.replace(/^<|>$/g, '');
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
