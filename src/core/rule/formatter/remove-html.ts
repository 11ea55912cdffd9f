import { Parser } from 'htmlparser2';
import { defineFormatter } from './formatter.js';

const BLOCKS = new Set(
  ('address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul').split(' '),
);
/** Elements whose text is no text for readers. */
const UNREAD = new Set(['script', 'style', 'template', 'title', 'head']);
/** The parser looks through all open elements at each end tag: with this many at most, its work is linear. */
const MAX_DEPTH = 100;
export const removeHtml = defineFormatter({
  type: 'RemoveHtml',
  meaning: 'Removes tags, decodes entities; line breaks and ends of blocks become new lines',
  keys: {},
  compile: () => htmlToText,
});

/** The text of an HTML fragment. A real parser reads it: taking tags out by pattern can leave new ones behind. */
export function htmlToText(html: string): string {
  if (!/[<&\u00a0]/.test(html)) return html;
  const text = new TextOfHtml();
  let rest = html;
  while (rest !== '') rest = text.read(rest);
  return text.text.replaceAll('\u00a0', ' ');
}

class TextOfHtml {
  text = '';
  private unread = 0;

  /**
   * Reads up to the end, or to where elements are nested too deep, and answers what is left. What is open there is
   * forgotten, and the rest is read as if it stood alone: no text is lost, only new lines at the ends of what was open.
   */
  read(html: string): string {
    let depth = 0;
    let end = html.length;
    let unreadIn = '';
    this.unread = 0;
    const parser = new Parser(
      {
        ontext: (part) => {
          if (this.unread === 0) this.text += part;
        },
        onopentagname: (name) => {
          if (name === 'br') this.text += '\n';
          if (UNREAD.has(name)) {
            if (this.unread === 0) unreadIn = `<${name}>`;
            this.unread += 1;
          }
          depth += 1;
        },
        onopentag: () => {
          if (depth <= MAX_DEPTH) return;
          end = parser.endIndex + 1;
          parser.pause();
        },
        onclosetag: (name) => {
          depth -= 1;
          if (BLOCKS.has(name)) this.text += '\n';
          if (UNREAD.has(name)) this.unread -= 1;
        },
      },
      { decodeEntities: true, lowerCaseTags: true },
    );
    parser.end(html);
    // What is not for readers stays so.
    return (this.unread > 0 && end < html.length ? unreadIn : '') + html.slice(end);
  }
}
