/** Blocks are told apart by blank lines; the converter looks ahead no farther than to the end of one. */
const BLOCK_END = /\n[ \t]*\n/;
/** What every character costs, whatever it is, in the unit of the result. */
const PER_CHARACTER = 80;

/**
 * What a Markdown text costs the converter at worst, in hundredths of a microsecond (measured, see the README of the
 * core). At each mark it may look ahead to the end of the block, which makes marks times characters; emphasis is
 * matched by pairs, which makes it the square of its marks as well; and references are looked for among definitions.
 */
export function costOfMarkdown(markdown: string): number {
  let cost = markdown.length * PER_CHARACTER + countOf(markdown, /\]:/g) * countOf(markdown, /\[/g);
  for (const block of markdown.split(BLOCK_END)) {
    const marks = countOf(block, /[^\w \t\u0080-\uffff]|_/g);
    const emphasis = countOf(block, /[*_~]/g);
    cost += marks * block.length + (emphasis * emphasis * block.length) / 250;
  }
  return cost;
}

function countOf(text: string, sought: RegExp): number {
  let found = 0;
  for (const _match of text.matchAll(sought)) found += 1;
  return found;
}
