import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { adfOf, textOfAdf } from './adf.js';
import { textOfWiki, wikiOf } from './wiki.js';

describe('a document of Atlassian\'s format', () => {
  it('has a paragraph for each line, none of them with an empty text', () => {
    expect(adfOf('one\n\ntwo')).toEqual({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'one' }] }, { type: 'paragraph' }, { type: 'paragraph', content: [{ type: 'text', text: 'two' }] }] });
  });

  it('reads as the text that it was made of', () => {
    assert(property(string({ unit: 'grapheme', maxLength: 200 }), (text) => textOfAdf(adfOf(text)) === text.replaceAll('\r\n', '\n').replaceAll(/\n{3,}/g, '\n\n').trimEnd()));
  });

  it('reads as text whatever it is made of', () => {
    const text = (value: string, ...marks: object[]): object => ({ type: 'text', text: value, marks });
    const paragraph = (...content: object[]): object => ({ type: 'paragraph', content });
    const document = {
      type: 'doc', version: 1, content: [
        { type: 'heading', attrs: { level: 1 }, content: [text('VPN')] }, paragraph(text('see '), text('this', { type: 'link', attrs: { href: 'https://x.example' } }), { type: 'hardBreak' }, { type: 'mention', attrs: { id: '1', text: '@Vera' } }),
        { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('a')), { type: 'orderedList', content: [{ type: 'listItem', content: [paragraph(text('b'))] }] }] }] },
        { type: 'codeBlock', content: [text('x = 1;\ny')] }, { type: 'blockquote', content: [paragraph(text('q'))] }, { type: 'panel', content: [paragraph(text('note'))] },
        { type: 'table', content: [{ type: 'tableRow', content: [{ type: 'tableHeader', content: [paragraph(text('c'))] }, { type: 'tableCell', content: [paragraph(text('d'))] }] }] },
        { type: 'mediaSingle', content: [{ type: 'media', attrs: { alt: 'photo.png' } }] }, paragraph({ type: 'date', attrs: { timestamp: '1769817600000' } }, { type: 'emoji', attrs: { shortName: ':smile:' } }),
      ],
    };
    expect(textOfAdf(document)).toBe('VPN\nsee this (https://x.example)\n@Vera\n- a\n  1. b\nx = 1;\ny\n> q\nnote\nc | d\nphoto.png\n2026-01-31:smile:');
  });

  it('that is none has no text, and one that is broken or without an end harms nobody', () => {
    for (const none of [null, 'text', 1, [], {}, { type: 'paragraph' }]) expect(textOfAdf(none)).toBeUndefined();
    for (const content of [1, 'x', [null], [{ type: 'text' }], [{ type: 'text', text: 1, marks: 'x' }], [{ type: 'tableRow', content: [1] }], [{ type: 'date', attrs: { timestamp: 'x' } }]]) expect(textOfAdf({ type: 'doc', content })?.trim()).toBe('');
    let deep: object = { type: 'text', text: 'x' };
    for (let depth = 0; depth < 20_000; depth++) deep = { type: 'panel', content: [deep] };
    expect(textOfAdf({ type: 'doc', content: [deep] })).toBe('');
  });
});

describe('wiki markup', () => {
  it.each([
    ['a {code} b', 'a \\{code\\} b'], ['[link|x]', '\\[link\\|x\\]'], ['*bold* and -5', '\\*bold* and \\-5'], ['VPN-down 3*4', 'VPN-down 3*4'], ['Hello!', 'Hello!'], ['!a.png!', '\\!a.png!'], ['# one', '\\# one'], ['C:\\temp', 'C:\\\\temp'],
  ])('of %j is %j', (text, markup) => {
    expect(wikiOf(text)).toBe(markup);
    expect(textOfWiki(markup)).toBe(text);
  });

  it('that never ends is read in no time', () => {
    const began = performance.now();
    for (const sign of ['*', '[', '{{', '!a.', '[a|', '_a ', '[~', '\\']) textOfWiki(sign.repeat(1e5 / sign.length));
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each([
    ['h1. VPN', 'VPN'], ['{code:java}\nx\n{code}', '\nx\n'], ['[the page|https://x.example]', 'the page (https://x.example)'], ['[https://x.example]', 'https://x.example'], ['ask [~vera]', 'ask @vera'],
    ['*really* _slow_', 'really slow'], ['!photo.png|thumbnail!', 'photo.png'], ['{{mono}} {color:red}x{color}', 'mono x'], ['a_b_c', 'a_b_c'],
  ])('%j reads as %j', (markup, text) => {
    expect(textOfWiki(markup)).toBe(text);
  });
});
