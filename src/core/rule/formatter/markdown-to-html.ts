import { Marked } from 'marked';
import { defineFormatter } from './formatter.js';
import { costOfMarkdown } from './markdown-cost.js';

export const markdownToHtml = defineFormatter({
  type: 'MarkdownToHtml',
  meaning: 'Turns Markdown into HTML; HTML inside it is shown as text, links of other kinds than web and mail lose their address. A text that is too long or too dense for that becomes paragraphs',
  keys: {},
  compile: () => convert,
});

/** Characters from which on the cost need not even be counted. */
const MAX_LENGTH = 65_536;
/** Some 40 ms of the converter. */
const MAX_COST = 4_000_000;

/** Text from one company's ticket becomes markup in another's tool: nothing in it may run there. */
const HARMLESS_LINK = /^(?:https?:|mailto:|tel:|[/#?.])/i;

const converter = new Marked({
  gfm: true,
  async: false,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const shown = this.parser.parseInline(tokens);
      return HARMLESS_LINK.test(href) ? `<a href="${escapeHtml(href)}">${shown}</a>` : shown;
    },
    image: ({ href, text }) =>
      /^https?:/i.test(href) ? `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}">` : escapeHtml(text),
  },
});

function convert(markdown: string): string {
  if (markdown.length > MAX_LENGTH || costOfMarkdown(markdown) > MAX_COST) return plainHtml(markdown);
  try {
    const html = converter.parse(markdown);
    return typeof html === 'string' ? html.trimEnd() : plainHtml(markdown);
  } catch {
    // The converter reports by throwing; paragraphs can always be told.
    return plainHtml(markdown);
  }
}

/** The text with its paragraphs and lines, its marks as they stand. */
function plainHtml(markdown: string): string {
  const paragraphs = markdown.replaceAll('\r\n', '\n').split('\n\n').map((one) => one.trim()).filter((one) => one !== '');
  return paragraphs.map((one) => `<p>${escapeHtml(one).replaceAll('\n', '<br>')}</p>`).join('\n');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
