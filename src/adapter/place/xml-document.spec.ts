import { describe, expect, it } from '@jest/globals';
import { compileXpath, readXml, xmlToJson } from './xml-document.js';

const read = (text: string) => {
  const document = readXml(text);
  if (!document.ok) throw new Error(document.error.message);
  return document.value;
};

describe('XML from outside', () => {
  it('becomes JSON: text, members, lists and attributes, without prefixes', () => {
    expect(xmlToJson(read('<?xml version="1.0"?><!-- x --><n:ticket xmlns:n="urn:x" n:no="7"><n:id>INC1</n:id><tag>a</tag><tag><![CDATA[<b>]]></tag><empty/><p>some <b>bold</b> text</p></n:ticket>'))).toEqual({
      ticket: { '@no': '7', id: 'INC1', tag: ['a', '<b>'], empty: '', p: { b: 'bold', '#text': 'some  text' } },
    });
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['entities that grow', '<!doctype a [<!ENTITY x "xxxxxxxx">]><a>&x;&x;</a>'],
    ['depth', '<a>'.repeat(5_000) + '</a>'.repeat(5_000)],
    ['a crowd', `<a>${'<b/>'.repeat(200_001)}</a>`],
    ['what is not well-formed', '<a><b></a>'], ['text', 'hello'], ['nothing', ''], ['an entity that nobody knows', '<a>&nope;</a>'],
  ])('is refused for %s', (_, text) => {
    expect(readXml(text)).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  });

  it('is asked by XPath with prefixes', () => {
    const document = read('<s:Envelope xmlns:s="urn:soap"><s:Body><id>7</id><id>8</id></s:Body></s:Envelope>');
    const found = (expression: string) => {
      const compiled = compileXpath(expression, { soap: 'urn:soap' });
      return compiled.ok ? compiled.value(document) : compiled.error;
    };
    expect(found('/soap:Envelope/soap:Body/id[1]')).toBe('7');
    expect(found('//id')).toEqual(['7', '8']);
    expect(found('count(//id)')).toBe(2);
    expect(found('//id = 8')).toBe(true);
    expect(found('//nothing')).toBeUndefined();
    expect(found('//id[')).toMatch(/not an XPath/);
    expect(found('//other:id')).toMatch(/prefix without namespace/);
  });
});
