/** Signs that mean something wherever they stand. */
const ALWAYS = /[{}[\]|\\]/g;
/** Signs that begin a phrase where a word would begin: bold, emphasis, inserted, superscript, subscript, deleted, picture. */
const OPENING = /(?<![\p{L}\p{N}\\])([*_+^~!-])(?=\S)/gu;
/** Of a line: numbered lists. Other lists are caught by what opens a phrase, or do no harm. */
const NUMBERED = /^(#+)(?=\s)/gm;
const MOST_MARKUP = 100_000;
const MACRO = /(?<!\\)\{(?:code|noformat|quote|color|panel|anchor)(?::[^}\n]{0,200})?\}/g;

/** Plain text as wiki markup of Jira: what would be read as markup is not. */
export const wikiOf = (text: string): string => text.replaceAll(ALWAYS, '\\$&').replaceAll(OPENING, '\\$1').replaceAll(NUMBERED, '\\$1');

/** The text of wiki markup, each of whose phrases ends before long: without macros and signs, addresses behind the text of their links. */
export function textOfWiki(markup: string): string {
  // Jira keeps a third of that; patterns that look ahead must not be asked about more.
  if (markup.length > MOST_MARKUP) return markup;
  return markup.replaceAll('\r\n', '\n').replaceAll(MACRO, '')
    .replaceAll(/^(?:h[1-6]|bq)\.\s+/gm, '')
    .replaceAll(/(?<!\\)\{\{([^{}\n]{1,200})\}\}/g, '$1')
    .replaceAll(/(?<!\\)\[~(?:accountid:)?([^\]\n]{1,200})\]/g, '@$1')
    .replaceAll(/(?<!\\)\[([^|\]\n]{1,200})\|([^\]|\n]{1,500})(?:\|[^\]\n]{0,200})?\]/g, (_, text: string, href: string) => (text === href ? href : `${text} (${href})`))
    .replaceAll(/(?<!\\)\[((?:https?|mailto|ftp):[^\]\n]{1,500})\]/g, '$1')
    .replaceAll(/(?<![\p{L}\p{N}\\])!([^\s!|]{1,200}\.\w{1,10})(?:\|[^!\n]{0,200})?!/gu, '$1')
    .replaceAll(/(?<![\p{L}\p{N}\\])([*_])(\S(?:[^\n]{0,200}?\S)?)(?<!\\)\1(?![\p{L}\p{N}])/gu, '$2')
    .replaceAll(/\\([{}[\]|*_+^~!#\\-])/g, '$1');
}
