import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, NOW } from '../../../../test/support/routing.js';
import { RunningMemory } from '../../conversation/memory-draft.js';
import type { Value } from '../../message/value.js';
import { Place, type Problem } from '../../shape/place.js';
import { type Known, scopeOf, type Scope, translationKey } from '../scope.js';
import { compileFormatters, formatterShape } from './chain.js';
import { Refusal } from './formatter.js';
import { FORMATTERS } from './formatters.js';

type Raw = Readonly<Record<string, unknown>>;

function setup(known: Known = {}): Scope {
  const conversation = aConversation();
  return scopeOf({ message: aMessage(), conversation, memory: new RunningMemory(conversation), now: NOW, known });
}

function format(value: Value | undefined, ...formatters: Raw[]): unknown {
  const chain = compileFormatters(formatters, Place.root());
  if (chain === null) throw new Error('does not compile');
  const formatted = chain(value, setup());
  return formatted instanceof Refusal ? `refused: ${formatted.reason}` : formatted;
}

function problemsOf(formatter: unknown): readonly Problem[] {
  const place = Place.root();
  formatterShape.read(formatter, place);
  if (place.problems.length === 0) compileFormatters([formatter], place);
  return place.problems;
}

const f = (type: string, keys: Raw = {}): Raw => ({ type, ...keys });

const TABLE: [Raw, Value | undefined, unknown][] = [
  [f('Regex', { pattern: 'INC(\\d+)' }), 'see INC0042 now', '0042'],
  [f('Regex', { pattern: 'INC\\d+' }), 'see INC0042 now', 'INC0042'],
  [f('Regex', { pattern: '(x)|(y)' }), 'ay', 'y'],
  [f('Regex', { pattern: '(a)(b)', group: 0 }), 'xab', 'ab'],
  [f('Regex', { pattern: '(a)(c)?', group: 2 }), 'xab', undefined],
  [f('Regex', { pattern: '()x' }), 'x', ''],
  [f('Regex', { pattern: 'inc' }), 'INC', undefined],
  [f('Regex', { pattern: '.*' }), '  ', undefined],
  [f('Regex', { pattern: '^v' }), ['vip', 'x', 'v2'], ['v', 'v']],
  [f('Truncate', { maxLength: 3 }), 'a😀bc', 'a😀b'],
  [f('Truncate', { maxLength: 0 }), 'abc', ''],
  [f('Truncate', { maxLength: 5 }), 12345678, '12345'],
  [f('Lowercase'), 'ÄB', 'äb'],
  [f('Uppercase'), 'straße', 'STRASSE'],
  [f('Capitalize'), 'jean-LUC o\'neill  ÉTÉ', 'Jean-Luc O\'neill  Été'],
  [f('Capitalize'), '😀a ǆ', '😀a Ǆ'],
  [f('RemoveHtml'), '<b>a&nbsp;b</b> &lt;c&gt; &#228;&copy;', 'a b <c> ä©'],
  [f('RemoveHtml'), 'a<br>b<BR/>c', 'a\nb\nc'],
  [f('RemoveHtml'), '<p>a</p><p>b</p>', 'a\nb\n'],
  [f('RemoveHtml'), '<scr<script>ipt>alert(1)</script>', 'ipt>alert(1)'],
  [f('RemoveHtml'), '<script>alert(1)</script><style>p{}</style>x', 'x'],
  [f('RemoveHtml'), '1 < 2 & 3', '1 < 2 & 3'],
  [f('RemoveHtml'), '<a href="x">link</a><!-- hidden -->', 'link'],
  [f('RemoveHtml'), 'plain\u00a0text', 'plain text'],
  [f('ReplaceAll', { template: 'a.c', replacement: '$&' }), 'a.c abc a.c', '$& abc $&'],
  [f('ReplaceAll', { template: ' ' }), 'a b c', 'abc'],
  [f('ReplaceAll', { template: '(\\w)(\\d)', replacement: '$2$1', isRegex: true }), 'a1 b2', '1a 2b'],
  [f('DateFormat', { toFormat: 'dd.MM.yyyy HH:mm', toTimeZone: 'Europe/Helsinki' }), '2026-07-01T09:30:00Z', '01.07.2026 12:30'],
  [f('DateFormat', { toFormat: 'EpochTime_s' }), ' 2026-07-01T09:30:00.999Z ', '1782898200'],
  [f('DateFormat', { fromTimeZone: 'Europe/Helsinki', toFormat: 'HH:mm' }), '2026-07-01T09:30:00', '06:30'],
  [f('DateFormat', { fromFormat: 'EpochTime', toFormat: 'yyyy-MM-dd HH:mm:ss.SSS' }), 1782898200123, '2026-07-01 09:30:00.123'],
  [f('DateFormat', { fromFormat: "yyyy-MM-dd'T'HH:mm:ssZZ", fromTimeZone: 'Asia/Tokyo', toFormat: 'HH:mm' }), '2026-07-01T09:30:00+02:00', '07:30'],
  [f('DateFormat', { fromFormat: 'd LLL yyyy h:mm a', toFormat: 'cccc, d LLLL' }), '1 Jul 2026 3:05 PM', 'Wednesday, 1 July'],
  [f('DateFormat', { fromTimeZone: 'Europe/Berlin', toFormat: 'EpochTime' }), '2026-10-25T02:30:00', '1792891800000'],
  [f('DateFormat', { fromTimeZone: 'Europe/Berlin', toFormat: 'HH:mm', toTimeZone: 'Europe/Berlin' }), '2026-03-29T02:30:00', '03:30'],
  [f('DateFormat', { toFormat: 'ZZ', toTimeZone: 'UTC+5:30' }), '2026-03-29', '+05:30'],
  [f('DateFormat', { toFormat: 'yyyy' }), 'yesterday', 'refused: DateFormat: "yesterday" is not an ISO 8601 date'],
  [f('DateFormat', { fromFormat: 'dd.MM.yyyy', toFormat: 'yyyy' }), '31.02.2026', 'refused: DateFormat: "31.02.2026" is not a date like "dd.MM.yyyy"'],
  [f('Trim'), '\u00a0 a b \n', 'a b'],
  [f('Trim'), '  ', '  '],
  [f('Split', { separator: ',' }), 'a,b,,c', ['a', 'b', '', 'c']],
  [f('Split', { separator: '' }), 'a😀', ['a', '😀']],
  [f('Split', { separator: ',' }), ['a,b', 'c'], ['a', 'b', 'c']],
  [f('HtmlToMarkdown'), '<h1>A</h1><p>b <strong>c</strong> <a href="https://x.example">d</a></p><ul><li>e</li></ul><script>f</script>', '# A\n\nb **c** [d](https://x.example)\n\n-   e'],
  [f('MarkdownToHtml'), '# A\n\nb **c** <script>x</script>', '<h1>A</h1>\n<p>b <strong>c</strong> &lt;script&gt;x&lt;/script&gt;</p>'],
  [f('MarkdownToHtml'), '[a](javascript:alert(1)) [b](https://x.example) ![c](file:///etc)', '<p>a <a href="https://x.example">b</a> c</p>'],
  [f('StripQuotedReply'), 'Done.\r\n\r\nOn Fri, 20 Nov 2026 at 12:00, Ann <a@b.c>\nwrote:\n> please', 'Done.'],
  [f('StripQuotedReply'), 'Fixed\n\n-----Original Message-----\nFrom: x', 'Fixed'],
  [f('StripQuotedReply'), 'Ja\nVon: Ann\nGesendet: heute\nAn: x', 'Ja'],
  [f('StripQuotedReply'), 'Text\n-- \nAnn\nAcme', 'Text'],
  [f('StripQuotedReply'), 'From: here on\nall is well\n> quoted\n\n> more', 'From: here on\nall is well'],
  [f('PadStart', { length: 5, with: '0' }), 42, '00042'],
  [f('PadStart', { length: 6, with: 'ab' }), '😀', 'ababa😀'],
  [f('PadStart', { length: 2 }), 'abc', 'abc'],
  [f('Translate', { target: 'en' }), undefined, undefined],
];

describe('the formatters', () => {
  it.each(TABLE)('%j makes of %j: %j', (formatter, value, expected) => expect(format(value, formatter)).toEqual(expected));

  it('are all in the table', () => {
    expect([...new Set(TABLE.map(([{ type }]) => type))].sort()).toEqual(FORMATTERS.map((entry) => entry.type).sort());
  });

  it.each(FORMATTERS.map((entry) => [entry.type]))('%s passes absent through, and blank unchanged (Regex: absent)', (type) => {
    const formatter = TABLE.find(([raw]) => raw['type'] === type)?.[0] ?? {};
    expect(format(undefined, formatter)).toBeUndefined();
    for (const blank of ['', ' ', null]) expect(format(blank, formatter)).toBe(type === 'Regex' ? undefined : blank);
  });

  it('fail on elements that are no text', () => {
    expect(format([{ a: 1 }], f('Trim'))).toBe('refused: Trim: {"a":1} has fields of its own and is no text');
  });

  it('leave nothing of a list of which no element is left', () => {
    expect(format(['a'], f('Regex', { pattern: 'z' }))).toBeUndefined();
    expect(format([], f('Trim'))).toEqual([]);
  });

  it('take no text that is too long for a pattern', () => {
    expect(format('x'.repeat(65_537), f('Regex', { pattern: 'y' }))).toMatch(/^refused: Regex: .* at most 65536 for this pattern$/s);
    expect(format('x'.repeat(65_537), f('ReplaceAll', { template: 'y', isRegex: true }))).toMatch(/^refused: ReplaceAll/);
  });

  it('turn HTML that is too much for Markdown into its text', () => {
    expect(format('<div>'.repeat(15_000) + 'x', f('HtmlToMarkdown'))).toBe('x');
    expect(format(`${'<div>'.repeat(101)}<b>x</b>`, f('HtmlToMarkdown'))).toBe('x');
    expect(format(`${'<div>'.repeat(99)}<b>x</b>`, f('HtmlToMarkdown'))).toBe('**x**');
    expect(format('<i>a</i>'.repeat(1_001), f('HtmlToMarkdown'))).toBe('a'.repeat(1_001));
    expect(format(`<p>a${'\u00a0'.repeat(300)}<b>b</b></p>`, f('HtmlToMarkdown'))).toBe(`a${' '.repeat(300)}b`);
    expect(format(`<b>${'x'.repeat(300_000)}</b>`, f('HtmlToMarkdown'))).toBe('x'.repeat(300_000));
  });

  it('turn Markdown that is too much for the converter into paragraphs, whose marks stay', () => {
    for (const marks of ['!', '*a ', '- ', '[a](', '|\n|-\n', '<', '_a__b']) expect(format(marks.repeat(10_000), f('MarkdownToHtml'))).toMatch(/^<p>[^]*<\/p>$/);
    expect(format(`${'>'.repeat(5_000)}[ <script>\nb\r\n\r\n\nc`, f('MarkdownToHtml'))).toBe(`<p>${'&gt;'.repeat(5_000)}[ &lt;script&gt;<br>b</p>\n<p>c</p>`);
    expect(format('A line of *text* with [a link](https://x.example).\n\n'.repeat(400), f('MarkdownToHtml'))).toMatch(/^<p>A line of <em>text<\/em>/);
  });

  it('keep all text of HTML that is nested deeper than it is followed, and hidden text hidden', () => {
    const inner = Array.from({ length: 1_000 }, (_, at) => `<div>${at} `).join('');
    expect(String(format(inner, f('RemoveHtml'))).split(/\s+/).filter((word) => word !== '')).toEqual(Array.from({ length: 1_000 }, (_, at) => `${at}`));
    expect(format(`a<template>${'<b>hidden'.repeat(1_000)}</template>b`, f('RemoveHtml'))).toBe('ab');
    expect(format(`${'<a href="x">y'.repeat(50_000)}`, f('RemoveHtml'))).toBe('y'.repeat(50_000));
  });

  it('ask once for a translation that is not known, and use one that is', () => {
    const scope = setup({ [translationKey({ source: 'fi', target: 'en', text: 'hei' })]: 'hello' });
    const chain = compileFormatters([f('Translate', { source: 'fi', target: 'en' })], Place.root());
    expect(chain?.(['hei', 'moi', 'moi'], scope)).toEqual(['hello', 'moi', 'moi']);
    expect(scope.needs).toEqual([{ source: 'fi', target: 'en', text: 'moi' }]);
  });

  it.each([
    [{ type: 'Nope' }, 'type', '"Nope"'],
    ['Trim', '', '"Trim"'],
    [{ type: 'Truncate' }, 'maxLength', 'nothing'],
    [{ type: 'Truncate', maxLength: -1 }, 'maxLength', '-1'],
    [{ type: 'Regex', pattern: '(' }, '[0].pattern', 'missing closing ): `(`'],
    [{ type: 'Regex', pattern: 'a(b)', group: 2 }, '[0].group', '2'],
    [{ type: 'ReplaceAll', template: '' }, 'template', '""'],
    [{ type: 'ReplaceAll', template: '[', isRegex: true }, '[0].template', 'missing closing ]: `[`'],
    [{ type: 'DateFormat' }, 'toFormat', 'nothing'],
    [{ type: 'DateFormat', toFormat: 'yyyy', toTimeZone: 'Mars/Olympus' }, '[0].toTimeZone', '"Mars/Olympus"'],
    [{ type: 'DateFormat', toFormat: 'yyyy', fromTimeZone: 'local' }, '[0].fromTimeZone', '"local"'],
    [{ type: 'DateFormat', toFormat: 'yyyy', fromFormat: 'HH:mm' }, '[0].fromFormat', '"HH:mm"'],
    [{ type: 'PadStart', length: 10_001 }, '[0].length', '10001'],
    [{ type: 'Translate' }, 'target', 'nothing'],
  ])('%j is refused', (formatter, path, found) => {
    expect(problemsOf(formatter).map((problem) => [problem.path, problem.found])).toEqual([[path, found]]);
  });
});
