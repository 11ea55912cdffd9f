import { dateFormat } from './date-format.js';
import type { FormatterDefinition } from './formatter.js';
import { htmlToMarkdown } from './html-to-markdown.js';
import { capitalize, lowercase, uppercase } from './letter-case.js';
import { markdownToHtml } from './markdown-to-html.js';
import { padStart } from './pad-start.js';
import { regex } from './regex.js';
import { removeHtml } from './remove-html.js';
import { replaceAll } from './replace-all.js';
import { split } from './split.js';
import { stripQuotedReply } from './strip-quoted-reply.js';
import { translate } from './translate.js';
import { trim } from './trim.js';
import { truncate } from './truncate.js';

/** Every formatter; parser, API schema, editor and documentation read this list. */
export const FORMATTERS: readonly FormatterDefinition[] = [
  regex,
  truncate,
  lowercase,
  uppercase,
  capitalize,
  removeHtml,
  replaceAll,
  dateFormat,
  trim,
  translate,
  split,
  htmlToMarkdown,
  markdownToHtml,
  stripQuotedReply,
  padStart,
];

const BY_TYPE: ReadonlyMap<string, FormatterDefinition> = new Map(FORMATTERS.map((entry) => [entry.type, entry]));

/** The formatter of that type, or undefined. */
export function findFormatter(type: string): FormatterDefinition | undefined {
  return BY_TYPE.get(type);
}
