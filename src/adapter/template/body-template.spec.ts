import { describe, expect, it } from '@jest/globals';
import { fillTemplate, fillText, memberAt, templateProblems, type TemplateScope } from './body-template.js';

const document = { title: 'Mail & <b>', due: '2026-11-20T10:00:00Z', count: 3, none: '', comments: [{ text: 'a', internal: true }, { text: 'b' }], tags: ['x', 'y'], wide: 'äö€𝄞' };
const scope: TemplateScope = { read: (name) => memberAt(document, name), document: () => document };
const filled = (template: unknown) => fillTemplate(template, scope);

describe('a structural template', () => {
  it('keeps types, leaves out what is absent, and inserts text elsewhere', () => {
    expect(filled({ a: '{{count}}', b: 'n={{count}}', c: '{{gone}}', d: ['{{gone}}', '{{tags}}'], e: null, f: 'x{{gone}}y' })).toEqual({ a: 3, b: 'n=3', d: [['x', 'y']], e: null, f: 'xy' });
  });

  it('loops, decides, asks and puts together', () => {
    expect(filled({ notes: { $each: 'comments', $as: { no: '{{index}}', text: '{{item.text | upper}}', private: '{{item.internal}}' } } })).toEqual({ notes: [{ no: 0, text: 'A', private: true }, { no: 1, text: 'B' }] });
    expect(filled({ $each: 'comments[?internal].text' })).toEqual(['a']);
    expect(filled({ $each: 'nothing.here' })).toEqual([]);
    expect(filled({ p: { $if: 'count > `2`', $then: 'high', $else: 'low' }, q: { $if: 'none', $then: 1 } })).toEqual({ p: 'high' });
    expect(filled({ n: { $query: 'length(comments)' }, m: { $query: 'comments[1]' }, x: { $query: 'length(count)' } })).toEqual({ n: 2, m: { text: 'b' } });
    expect(filled({ $query: "join(': ', [title, to_string(count)])", $filter: 'truncate:4 | toAdf' })).toEqual({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Mail' }] }] });
    expect(filled({ a: { $query: 'nothing', $filter: 'upper' } })).toEqual({});
    expect(filled({ $merge: [{ a: 1, b: 1 }, { $if: 'count', $then: { b: 2 } }, 'text'] })).toEqual({ a: 1, b: 2 });
    expect(filled({ $literal: { $if: 'x', t: '{{count}}' } })).toEqual({ $if: 'x', t: '{{count}}' });
  });

  it('does not reach the machinery of objects', () => {
    expect(filled({ a: '{{constructor.name}}', b: { $query: 'constructor' }, c: { $query: '__proto__' } })).toEqual({});
  });

  it.each([
    ['{{title | xml}}', 'Mail &amp; &lt;b&gt;'], ["{{due | date:'dd.MM.yyyy HH:mm':'Europe/Helsinki'}}", '20.11.2026 12:00'], ['{{due | epoch}}', 1_795_168_800], ['{{due | shift:-120 | epoch}}', 1_795_168_680], ['{{due | epochMs}}', 1_795_168_800_000],
    ["{{gone | default:'a:b|c'}}", 'a:b|c'], ['{{none | omitEmpty}}', undefined], ['{{gone | nullIfEmpty}}', null], ['{{count | text}}', '3'], ['{{wide | truncate:3}}', 'äö€'], ['{{wide | truncateBytes:8}}', 'äö€'],
    ['{{tags | join:-}}', 'x-y'], ['{{title | base64}}', Buffer.from('Mail & <b>').toString('base64')], ['{{count | list}}', [3]], ['{{tags | first | upper}}', 'X'], ['{{tags | json}}', '["x","y"]'],
    ['{{count | sha256 | truncate:6}}', '4e0740'], ['{{title | beforeLast:"&"}}', 'Mail '], ['{{title | beforeLast:"@"}}', 'Mail & <b>'], ['{{title | nope}}', 'Mail & <b>'], ["{{title | date:'yyyy'}}", 'Mail & <b>'], ['{{title | urlencode}}', 'Mail%20%26%20%3Cb%3E'],
    ["{{due | date:'yyyy':'No/Zone'}}", '2026-11-20T10:00:00Z'], ['{{title | toText}}', 'Mail & '], ['{{title | toHtml}}', 'Mail &amp; &lt;b&gt;'],
  ])('fills %s', (template, expected) => {
    expect(filled(template)).toEqual(expected);
  });

  it('escapes what is inserted into XML, and nothing else of it', () => {
    expect(fillText('<t a="{{title}}">{{count}}</t>', scope, (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))).toBe('<t a="Mail &amp; &lt;b>">3</t>');
  });

  it('is checked before it is used', () => {
    expect(templateProblems({ a: '{{x | uper}}', b: { $each: 'a[', $as: 1 }, c: ['{{x | upper}}'], d: { $literal: '{{x | nope}}' }, e: { $query: 'x', $filter: 'nope' }, f: { $query: 'x', $filter: 1 } })).toEqual(['there is no filter "uper"', '$each is no JMESPath expression', 'there is no filter "nope"', '$filter is no text']);
  });
});
