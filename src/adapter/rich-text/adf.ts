/** A node of the Atlassian Document Format: a document of JSON in the place of text. */
interface Node {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly { readonly type?: unknown; readonly attrs?: Readonly<Record<string, unknown>> }[];
  readonly content?: readonly Node[];
}

/** Deepest nesting that is read; editors make a dozen. */
const MOST_DEPTH = 50;

/** Plain text as a document: a paragraph for each line, so that the way back gives the same text. */
export function adfOf(text: string): Readonly<Record<string, unknown>> {
  const paragraph = (line: string): object => (line === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text: line }] });
  return { type: 'doc', version: 1, content: text.split(/\r?\n/).map(paragraph) };
}

/** The text of a document; undefined where it is none. What has no text of its own (pictures, layouts) leaves what stands in it. */
export function textOfAdf(document: unknown): string | undefined {
  const root = document as Node | null;
  if (typeof root !== 'object' || root === null || root.type !== 'doc') return undefined;
  return blocks(root, 1).replaceAll(/\n{3,}/g, '\n\n').trimEnd();
}

const childrenOf = ({ content }: Node): readonly Node[] => (Array.isArray(content) ? content.filter((one) => typeof one === 'object' && one !== null) : []);
const attribute = ({ attrs }: Node, name: string): string => (typeof attrs?.[name] === 'string' ? attrs[name] : '');
const blocks = (node: Node, depth: number): string => (depth > MOST_DEPTH ? '' : childrenOf(node).map((child) => textOf(child, depth + 1)).join('\n'));
const inline = (node: Node, depth: number): string => (depth > MOST_DEPTH ? '' : childrenOf(node).map((child) => textOf(child, depth + 1)).join(''));
const indented = (text: string, mark: string): string => mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);

function textOf(node: Node, depth: number): string {
  switch (node.type) {
    case 'text': return linked(node);
    case 'hardBreak': return '\n';
    case 'mention': case 'status': return attribute(node, 'text');
    case 'emoji': return attribute(node, 'text') || attribute(node, 'shortName');
    case 'inlineCard': case 'blockCard': case 'embedCard': return attribute(node, 'url');
    case 'date': return dateOf(attribute(node, 'timestamp'));
    case 'media': return attribute(node, 'alt');
    case 'rule': return '---';
    case 'paragraph': case 'heading': case 'codeBlock': return inline(node, depth);
    case 'blockquote': return blocks(node, depth).replaceAll(/^/gm, '> ');
    case 'bulletList': case 'taskList': case 'decisionList': return childrenOf(node).map((item) => indented(textOf(item, depth + 1), '- ')).join('\n');
    case 'orderedList': return childrenOf(node).map((item, index) => indented(textOf(item, depth + 1), `${index + 1}. `)).join('\n');
    case 'taskItem': case 'decisionItem': return inline(node, depth);
    case 'tableRow': return childrenOf(node).map((cell) => blocks(cell, depth + 1)).join(' | ');
    default: return blocks(node, depth);
  }
}

/** The address of a link stands behind its text, unless it is its text. */
function linked({ text, marks }: Node): string {
  const own = typeof text === 'string' ? text : '';
  const href = Array.isArray(marks) ? (marks as NonNullable<Node['marks']>).find((mark) => mark?.type === 'link')?.attrs?.['href'] : undefined;
  return typeof href === 'string' && href !== own ? `${own} (${href})` : own;
}

function dateOf(timestamp: string): string {
  const at = new Date(Number(timestamp));
  return timestamp === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
}
