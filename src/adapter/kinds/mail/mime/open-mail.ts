import type { AttachmentPart, ParsedAddress, ParsedHeaders, TextPart } from 'mailparser';
import { htmlToText } from '../../../../core/rule/formatter/remove-html.js';
import { failure, type Failure } from '../../../../core/message/failure.js';
import { err, ok, type Result } from '../../../../core/message/result.js';
import { unpackTnef } from './unpack-tnef.js';
import type { MailAddress, MailFile, OpenedMail } from './opened-mail.js';

/** Bounds of what is read of one mail, whatever its size. */
export interface MailBounds {
  readonly parts: number;
  readonly files: number;
  /** Bytes of all files together, decoded. */
  readonly fileBytes: number;
  /** Characters of the plain text and of the HTML, each. */
  readonly textLength: number;
  readonly headerBytes: number;
}

export const MAIL_BOUNDS: MailBounds = { parts: 500, files: 100, fileBytes: 50 * 1_048_576, textLength: 1_000_000, headerBytes: 262_144 };

const MOST_ADDRESSES = 200;
const MOST_IDS = 100;
const MOST_HEADERS = 500;

interface Taken {
  headers: ParsedHeaders;
  text: string;
  html: string | null;
  readonly files: MailFile[];
  fileBytes: number;
  readonly omitted: string[];
}

/**
 * Takes a mail apart. Never throws: what is no mail at all is a failure, a broken one gives what can be read of it.
 * Time and memory are bounded by the mail's own size and `bounds`. Forwarded mails stay files, what TNEF holds becomes some.
 */
export async function openMail(bytes: Uint8Array, bounds: MailBounds = MAIL_BOUNDS): Promise<Result<OpenedMail, Failure>> {
  const { default: mailparser } = await import('mailparser'); // large, and most processes read no mail
  const parser = new mailparser.MailParser({
    skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true, keepDeliveryStatus: true, ignoreEmbedded: true,
    maxHeadSize: bounds.headerBytes, maxChildNodes: bounds.parts,
  });
  const taken: Taken = { headers: new Map(), text: '', html: null, files: [], fileBytes: 0, omitted: [] };
  let hasHeaders = false;
  const ended = new Promise<void>((resolve) => {
    parser.on('headers', (headers) => { taken.headers = headers; hasHeaders = true; });
    parser.on('data', (part) => { if (part.type === 'attachment') takeFile(part, taken, bounds); else takeText(part, taken, bounds); });
    parser.on('end', () => resolve());
    // What was read until then is kept: half a mail is better than none.
    parser.on('error', (error: Error) => { taken.omitted.push(`what follows a part that cannot be read (${error.message.slice(0, 100)})`); resolve(); });
  });
  parser.end(withDeclaredCharset(bytes));
  await ended;
  const lines = headersOf(parser.headerLines === false ? [] : parser.headerLines);
  if (!hasHeaders || !NAMED_HEADERS.some((name) => lines.has(name))) return err(failure('invalid', 'no-mail', 'The bytes are no mail: they begin with none of the headers that a mail has.'));
  return ok(mailOf(unpacked(taken, bounds), lines));
}

/** What Outlook packed into `winmail.dat` stands in its place; its text counts where the mail itself has none. */
function unpacked(taken: Taken, bounds: MailBounds): Taken & { readonly isUnpacked: boolean } {
  const { files, text, html, omitted, isUnpacked } = unpackTnef(taken.files, bounds, safeName);
  const isEmpty = taken.text.trim() === '';
  return { ...taken, files: [...files], text: isEmpty ? text : taken.text, html: taken.html ?? (isEmpty && html !== '' ? html : null), omitted: [...taken.omitted, ...omitted], isUnpacked };
}

/** A text without any of these is no mail. */
const NAMED_HEADERS = ['from', 'to', 'subject', 'date', 'message-id', 'received', 'return-path', 'delivered-to', 'mime-version', 'content-type'];

function takeText({ text, html }: TextPart, taken: Taken, { textLength }: MailBounds): void {
  const bounded = (whole: string, what: string): string => {
    if (whole.length > textLength) taken.omitted.push(`${what} beyond ${textLength} characters`);
    return whole.slice(0, textLength).toWellFormed().replaceAll('\0', '');
  };
  if (html !== undefined) taken.html = bounded(html, 'HTML');
  taken.text = bounded(text ?? '', 'text');
  if (taken.text.trim() === '' && taken.html !== null) taken.text = tidy(htmlToText(taken.html));
}

/** Text of HTML has the blank lines of its markup. */
const tidy = (text: string): string => text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();

function takeFile(part: AttachmentPart, taken: Taken, bounds: MailBounds): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const at = taken.files.length;
  const isOver = at >= bounds.files;
  part.content.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (!isOver && taken.fileBytes + size <= bounds.fileBytes) chunks.push(chunk);
  });
  const done = (): void => {
    const name = safeName(part.filename ?? '', part.contentType ?? '', at + 1);
    if (isOver || taken.fileBytes + size > bounds.fileBytes) taken.omitted.push(`the file ${name}`);
    else {
      taken.fileBytes += size;
      taken.files.push({ name, contentType: (part.contentType ?? 'application/octet-stream').toLowerCase().slice(0, 200), contentId: part.related === true && part.cid !== undefined ? part.cid : null, content: Buffer.concat(chunks) });
    }
    part.release();
  };
  part.content.once('end', done);
  part.content.once('error', done);
}

const EXTENSIONS: Readonly<Record<string, string>> = { 'message/rfc822': '.eml', 'text/calendar': '.ics', 'message/delivery-status': '.txt', 'text/rfc822-headers': '.txt', 'application/ms-tnef': '.dat', 'text/html': '.html', 'text/plain': '.txt' };

/** The last step of a path and nothing that a file system or a terminal takes for something else. */
function safeName(name: string, contentType: string, number: number): string {
  const type = contentType.toLowerCase();
  const given = name.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').split(/[\\/]/).at(-1)!.replace(/[<>:"|?*]/g, '_').replace(/^\.+/, '').trim();
  if (given !== '') return given.length > 200 ? given.slice(0, 150) + given.slice(-50) : given;
  return `${type === 'message/rfc822' ? 'mail' : 'file'}-${number}${EXTENSIONS[type] ?? ''}`;
}

function mailOf(taken: Taken & { readonly isUnpacked: boolean }, lines: ReadonlyMap<string, readonly string[]>): OpenedMail {
  const { headers } = taken;
  const type = headers.get('content-type') as { readonly value?: string; readonly params?: Readonly<Record<string, string>> } | undefined;
  return {
    messageId: idsIn(lines.get('message-id')?.[0] ?? '')[0] ?? null,
    inReplyTo: idsIn((lines.get('in-reply-to') ?? []).join(' ')), references: idsIn((lines.get('references') ?? []).join(' ')),
    subject: textOf(headers.get('subject')), from: addressesOf(headers.get('from')), sender: addressesOf(headers.get('sender'))[0] ?? null,
    replyTo: addressesOf(headers.get('reply-to')), to: addressesOf(headers.get('to')), cc: addressesOf(headers.get('cc')),
    date: instantOf(lines.get('date')?.[0] ?? ''),
    text: taken.text, html: taken.html, files: taken.files, headers: lines,
    contentType: String(type?.value ?? 'text/plain').toLowerCase(), isUnpacked: taken.isUnpacked, reportType: type?.params?.['report-type']?.toLowerCase() ?? null, omitted: taken.omitted,
  };
}

function headersOf(lines: readonly { readonly key: string; readonly line: string }[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { key, line } of lines.slice(0, MOST_HEADERS)) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]/g, ' ').trim().replaceAll('\0', '').toWellFormed().slice(0, 16_384);
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}

/** A date as a header writes it (RFC 5322); read here, since the parser takes the present time for one that cannot be read. Without a zone it is UTC. */
function instantOf(text: string): string | null {
  const bare = text.replace(/\([^()]*\)/g, '').trim().slice(0, 100);
  const at = Date.parse(/(?:[+-]\d{4}|[A-Z]{1,4}|Z)$/i.test(bare) ? bare : `${bare} +0000`);
  return Number.isNaN(at) || Math.abs(at) > 8e12 ? null : new Date(at).toISOString();
}

/** Message ids without brackets, at most 998 characters each; clients that forget the brackets are understood. */
export function idsIn(text: string): string[] {
  const bracketed = [...text.slice(0, 65_536).matchAll(/<([^<>\s]{3,998})>/g)].map(([, id]) => id!);
  const found = bracketed.length > 0 ? bracketed : text.trim().split(/\s+/).filter((word) => /^[^\s<>@]+@[^\s<>@]+$/.test(word) && word.length < 998);
  return [...new Set(found)].slice(-MOST_IDS);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().replaceAll('\0', '').toWellFormed().slice(0, 2_000) : '');

/** Addresses of a header; groups are opened, a header that comes twice counts once for all. */
function addressesOf(value: unknown): MailAddress[] {
  const lists = (Array.isArray(value) ? value : [value]) as ({ readonly value?: readonly ParsedAddress[] } | undefined)[];
  const flat = lists.flatMap((list) => list?.value ?? []).flatMap((one) => one.group ?? [one]);
  return flat.flatMap(({ address, name }) => (address === undefined || address === '' ? [] : [{ address: textOf(address).toLowerCase(), name: textOf(name) }])).slice(0, MOST_ADDRESSES);
}

/** Old senders write Western letters without saying in which charset; read as UTF-8 they would all be lost. */
function withDeclaredCharset(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\r\n\r\n') === -1 ? buffer.indexOf('\n\n') : buffer.indexOf('\r\n\r\n');
  const head = buffer.subarray(0, end === -1 ? buffer.length : end).toString('latin1');
  if (end === -1 || /^content-type\s*:/im.test(head) || isUtf8(buffer)) return buffer;
  return Buffer.concat([Buffer.from('Content-Type: text/plain; charset=windows-1252\r\n'), buffer]);
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
