import { htmlToText } from '../../../../core/rule/formatter/remove-html.js';
import type { MailFile } from './opened-mail.js';
import { decompressRtf, rtfText } from './rtf-text.js';
import { charsetOf, readTnef, type Tnef } from './tnef.js';

/** How much may come out of all TNEF of a mail; of bytes never more than went in, since nothing but text is compressed there. */
export interface UnpackBounds {
  readonly files: number;
  readonly textLength: number;
}

/** What a mail's files are with TNEF unpacked, and what text was found in it. */
export interface Unpacked {
  readonly files: readonly MailFile[];
  readonly text: string;
  readonly html: string;
  readonly omitted: readonly string[];
  readonly isUnpacked: boolean;
}

const RTF_BYTES = 4 * 1_048_576;

export const isTnef = ({ name, contentType }: Pick<MailFile, 'name' | 'contentType'>): boolean => contentType === 'application/ms-tnef' || contentType === 'application/vnd.ms-tnef' || name.toLowerCase() === 'winmail.dat';

/** Puts the files that TNEF holds in its place. What cannot be read stays as it is. `nameOf` makes a name harmless. */
export function unpackTnef(files: readonly MailFile[], bounds: UnpackBounds, nameOf: (name: string, contentType: string, number: number) => string): Unpacked {
  const kept: MailFile[] = [];
  const omitted: string[] = [];
  const texts: string[] = [];
  const pages: string[] = [];
  let count = files.filter((file) => !isTnef(file)).length;
  let isUnpacked = false;
  for (const file of files) {
    const tnef = isTnef(file) ? readTnef(file.content) : null;
    if (tnef === null) {
      kept.push(file);
      continue;
    }
    isUnpacked = true;
    texts.push(textOf(tnef));
    pages.push(tnef.html);
    for (const { name, contentType, contentId, content } of tnef.files) {
      const given = nameOf(name, contentType, kept.length + 1);
      if (count >= bounds.files) {
        omitted.push(`the file ${given}`);
        continue;
      }
      count += 1;
      kept.push({ name: given, contentType: (contentType || 'application/octet-stream').toLowerCase().slice(0, 200), contentId, content });
    }
  }
  const first = (all: readonly string[]): string => (all.find((one) => one.trim() !== '') ?? '').slice(0, bounds.textLength).toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n');
  return { files: kept, text: first(texts), html: first(pages), omitted, isUnpacked };
}

/** A mail's text is there as text, as HTML, or as RTF alone. */
function textOf({ text, html, rtf }: Tnef): string {
  if (text.trim() !== '') return text;
  if (html.trim() !== '') return htmlToText(html);
  const plain = rtf === null ? null : decompressRtf(rtf, RTF_BYTES);
  if (plain === null) return '';
  const [, page = '1252'] = /\\ansicpg(\d{3,5})/.exec(plain.toString('latin1', 0, 1_000)) ?? [];
  return rtfText(plain, decoderOf(Number(page)));
}

function decoderOf(page: number): (bytes: Buffer) => string {
  const decoder = new TextDecoder(charsetOf(page));
  return (bytes) => decoder.decode(bytes);
}
