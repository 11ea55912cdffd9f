import { Parser } from 'htmlparser2';
import TurndownService from 'turndown';
import { defineFormatter } from './formatter.js';
import { htmlToText } from './remove-html.js';

/**
 * The converter takes some 40 microseconds per tag, and the square of the nesting and of white space in one run. What is
 * beyond becomes the text alone: a ticket without its emphasis is worth more than none.
 */
const MAX_LENGTH = 262_144;
const MAX_TAGS = 1_000;
const MAX_DEPTH = 100;
const LONG_BLANK = /[\s\u00a0]{300}/;

export const htmlToMarkdown = defineFormatter({
  type: 'HtmlToMarkdown',
  meaning: 'Turns HTML into Markdown; what is too much for that (1,000 tags, 100 levels) into its text',
  keys: {},
  compile: () => convert,
});

const converter = new TurndownService({
  headingStyle: 'atx',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*',
});
converter.remove(['script', 'style', 'title']);

function convert(html: string): string {
  if (!isConvertible(html)) return htmlToText(html).trim();
  try {
    return converter.turndown(html);
  } catch {
    // The converter reports by throwing; the text can always be read.
    return htmlToText(html).trim();
  }
}

function isConvertible(html: string): boolean {
  if (html.length > MAX_LENGTH || LONG_BLANK.test(html)) return false;
  let [tags, open, depth] = [0, 0, 0];
  const parser = new Parser({
    onopentag: () => {
      tags += 1;
      open += 1;
      depth = Math.max(depth, open);
      // The parser looks through all that is open at each end tag: no farther than it matters.
      if (tags > MAX_TAGS || depth > MAX_DEPTH) parser.pause();
    },
    onclosetag: () => {
      open -= 1;
    },
  });
  parser.end(html);
  return tags <= MAX_TAGS && depth <= MAX_DEPTH;
}
