import { describe, expect, it } from '@jest/globals';
import { readMultipartForm } from './multipart-form.js';
import { MessageView } from './message-view.js';
import { compilePlace } from './place.js';

const TYPE = 'multipart/form-data; boundary=xYz';
const form = (...parts: string[]): Buffer => Buffer.from(`${parts.map((part) => `--xYz\r\n${part}\r\n`).join('')}--xYz--\r\n`, 'latin1');
const field = (name: string, value: string, more = ''): string => `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`;
const file = (name: string, fileName: string, content: string, type = 'text/plain'): string => `Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n${content}`;
const parts = (body: Buffer, type = TYPE) => {
  const read = readMultipartForm(type, body);
  return read.ok ? read.value.map(({ field: name, fileName, content }) => [name, fileName, content.toString()]) : read.error.message;
};
const view = (body: Buffer): MessageView => new MessageView({ body, contentType: TYPE, headers: {}, status: null });
const document = (body: Buffer): unknown => {
  const read = view(body).document;
  return read.ok ? read.value : read.error.code;
};

describe('a form of several parts', () => {
  it('is taken apart into fields and files, byte by byte', () => {
    const binary = '\x00\xff\r\n--xY\r\n\r\n--\n';
    expect(parts(form(field('title', 'Printer'), file('log', 'a b.txt', 'one')))).toEqual([['title', null, 'Printer'], ['log', 'a b.txt', 'one']]);
    const read = readMultipartForm(TYPE, form(file('f', 'x.bin', binary, 'application/octet-stream')));
    expect(read.ok && read.value[0]?.content.equals(Buffer.from(binary, 'latin1'))).toBe(true);
    expect(parts(form())).toEqual([]);
    expect(parts(form(field('empty', ''), file('none', '', '')))).toEqual([['empty', null, '']]);
  });

  it.each([
    ['a preamble and an epilogue', Buffer.concat([Buffer.from('ignored\r\n'), form(field('a', '1')), Buffer.from('ignored')]), TYPE],
    ['blanks behind a boundary', Buffer.from('--xYz \t\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xYz--'), TYPE],
    ['a quoted boundary and a charset', Buffer.from('--x Y\r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n--x Y--'), 'multipart/form-data; charset=utf-8; boundary="x Y"'],
    ['base64', form('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ=='), TYPE],
    ['a folded header', form('Content-Disposition: form-data;\r\n name="a"\r\n\r\n1'), TYPE],
  ])('may have %s', (_what, body, type) => {
    expect(parts(body, type)).toEqual([['a', null, '1']]);
  });

  it.each([
    ['naïve "x".txt', 'filename="na%C3%AFve"; filename*=UTF-8\'\'na%C3%AFve%20%22x%22.txt'], ['a"b.txt', 'filename="a%22b.txt"'], ['a"b.txt', 'filename="a\\"b.txt"'], ['x.txt', 'filename="C:\\fakepath\\x.txt"'],
    ['passwd', 'filename="../../etc/passwd"'], ['file', 'filename="/"'], ['bad', 'filename="bad"; filename*=UTF-8\'\'%E0%A4%A'],
  ])('names a file %s', (expected, parameters) => {
    expect(parts(form(`Content-Disposition: form-data; name="f"; ${parameters}\r\n\r\nx`))).toEqual([['f', expected, 'x']]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), TYPE], ['no boundary', form(field('a', '1')), 'multipart/form-data'], ['an empty boundary', form(field('a', '1')), 'multipart/form-data; boundary=""'],
    ['another boundary', form(field('a', '1')), 'multipart/form-data; boundary=other'], ['a cut end', form(field('a', '1')).subarray(0, -5), TYPE], ['no end at all', Buffer.from('--xYz\r\n'), TYPE],
    ['a part without headers', form('1'), TYPE], ['a part without name', form('Content-Disposition: form-data\r\n\r\n1'), TYPE], ['a part that is no field', form('Content-Disposition: attachment; name="a"\r\n\r\n1'), TYPE],
    ['endless headers', form(`X: ${'y'.repeat(20_000)}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1`), TYPE], ['too many parts', form(...Array.from({ length: 1_001 }, () => field('a', '1'))), TYPE],
    ['a boundary with more behind it', Buffer.from('--xYzz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xYz--'), TYPE], ['JSON', Buffer.from('{"a":1}'), TYPE],
  ])('with %s is refused', (_what, body, type) => {
    expect(parts(body, type)).toMatch(/^The body is not a form: .+\.$/);
  });

  it('is read by its fields; JSON in them is read, and what comes several times is a list', () => {
    const json = 'Content-Disposition: form-data; name="json"\r\nContent-Type: application/json\r\n\r\n{"x":[1]}';
    const body = form(field('a', '1'), field('a', '2'), field('payload', '{"n":9007199254740993}'), json, field('\xc3\xbc', '\xc3\xa9'), field('constructor', 'c'), file('f', 'x.txt', 'one'));
    expect(document(body)).toEqual({ a: ['1', '2'], payload: { n: '9007199254740993' }, json: { x: [1] }, 'ü': 'é', constructor: 'c' });
    expect(Object.entries(document(form(field('__proto__', 'p'))) as object)).toEqual([['__proto__', 'p']]);
  });

  it('has its files beside the fields, for places that ask for them', () => {
    const asked = view(form(field('@files', 'no'), file('f', 'x.txt', 'one'), file('g', 'y.bin', 'two', '')));
    const read = asked.document;
    expect(read.ok && Object.keys(read.value as object)).toEqual([]);
    const files = [{ field: 'f', name: 'x.txt', contentType: 'text/plain', size: 3, contentBase64: 'b25l' }, { field: 'g', name: 'y.bin', contentType: 'application/octet-stream', size: 3, contentBase64: 'dHdv' }];
    for (const place of ['["@files"]', { jmespath: '"@files"[]' }]) expect(compilePlace(place)(asked, read.ok ? read.value : null)).toEqual(files);
  });

  it('that is broken is no document', () => {
    expect(document(Buffer.from('--xYz'))).toBe('broken-form');
  });
});
