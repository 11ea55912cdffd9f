import { DateTime } from 'luxon';
import { htmlToText } from '../../core/rule/formatter/remove-html.js';

/** The text of HTML; also of HTML whose tags were escaped once more, as some systems keep it. */
export function textOfHtml(html: string): string {
  const text = htmlToText(html);
  return (/^\s*&(?:#60|lt);/.test(html) ? htmlToText(text) : text).trim();
}

/** A time as ISO 8601 in UTC; in a zone where it names none. Undefined where it is no time. */
export function instantIn(zone: string, text: string): string | undefined {
  const iso = DateTime.fromISO(text.trim().replace(' ', 'T'), { zone });
  return iso.isValid ? (iso.toUTC().toISO() ?? undefined) : undefined;
}

/** The text in base64, with or without line breaks. */
export const textOfBase64 = (encoded: string): string => Buffer.from(encoded, 'base64').toString();
