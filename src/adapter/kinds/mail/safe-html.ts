import { Parser } from 'htmlparser2';

/** Elements that stay, each with the attributes that stay on it. Everything else loses its tags and keeps its text. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title'], abbr: ['title'], b: [], blockquote: [], br: [], caption: [], code: [], col: ['span'], dd: [], del: [], div: [], dl: [], dt: [], em: [], h1: [], h2: [], h3: [], h4: [], h5: [], h6: [], hr: [], i: [],
  img: ['src', 'alt', 'width', 'height'], ins: [], li: [], ol: ['start'], p: [], pre: [], q: [], s: [], small: [], span: [], strong: [], sub: [], sup: [], table: [], tbody: [], td: ['colspan', 'rowspan'], tfoot: [], th: ['colspan', 'rowspan'],
  thead: [], tr: [], u: [], ul: [],
};
/** Elements that go with all that is in them. */
const GONE = new Set(['script', 'style', 'template', 'title', 'head', 'iframe', 'object', 'embed', 'svg', 'math', 'noscript', 'form', 'textarea', 'select', 'button']);
const EMPTY = new Set(['br', 'hr', 'img', 'col']);
const LINK = /^(?:https?:|mailto:|tel:)/i;
/** Pictures come with the mail; those elsewhere would tell their server who reads it and when. */
const PICTURE = /^cid:/i;
const MOST_DEPTH = 200;

const quoted = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** HTML of a mail with nothing in it that acts: no scripts, styles, forms, frames, handlers, pictures from elsewhere. Closed properly. */
export function safeHtml(html: string): string {
  let safe = '';
  let gone = 0;
  const open: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (GONE.has(name)) gone += 1;
      const kept = Object.hasOwn(KEPT, name) ? KEPT[name] : undefined;
      if (gone > 0 || kept === undefined || open.length > MOST_DEPTH) return;
      const shown = kept.flatMap((attribute) => {
        const value = attributes[attribute];
        return value === undefined || !mayStay(attribute, value) ? [] : [` ${attribute}="${quoted(value)}"`];
      });
      safe += `<${name}${shown.join('')}${name === 'a' ? ' rel="noopener noreferrer nofollow"' : ''}>`;
      if (!EMPTY.has(name)) open.push(name);
    },
    ontext: (text) => { if (gone === 0) safe += quoted(text); },
    onclosetag: (name) => {
      if (GONE.has(name)) gone -= 1;
      else if (gone === 0 && open.at(-1) === name) safe += `</${open.pop()!}>`;
    },
  }, { decodeEntities: true });
  parser.end(html);
  for (const name of open.reverse()) safe += `</${name}>`;
  return safe;
}

function mayStay(attribute: string, value: string): boolean {
  // Browsers ignore control characters and blanks in front of a scheme.
  const bare = value.replace(/[\p{Cc}\s]/gu, '');
  if (attribute === 'href') return LINK.test(bare);
  return attribute === 'src' ? PICTURE.test(bare) : true;
}
