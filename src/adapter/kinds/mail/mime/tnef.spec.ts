import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attribute, BINARY, file, LONG, OBJECT, properties, property, STRING, tnef } from '../../../../../test/support/tnef-sample.js';
import { wrapperOf } from '../wrapper.js';
import { openMail } from './open-mail.js';
import type { OpenedMail } from './opened-mail.js';
import { decompressRtf, rtfText } from './rtf-text.js';
import { readTnef } from './tnef.js';

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** The examples of MS-OXRTFCP, 4.1 and 4.2. */
const HELLO = hex('2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0');
const CROSSING = hex('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0');

async function opened(winmail: Buffer, { text = '' } = {}): Promise<OpenedMail> {
  const mail = await openMail(Buffer.from(`From: anna@partner.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${winmail.toString('base64')}\r\n--b--`));
  if (!mail.ok) throw new Error(mail.error.message);
  return mail.value;
}
const PDF = Buffer.from('%PDF-1.7 example');

describe('winmail.dat', () => {
  it('becomes the files that it holds, under their long names; the text of the mail stays', async () => {
    const mail = await opened(tnef([
      attribute(1, 0x00069003, properties([property(0x1000, 'other text'), { ...property(0x8001, 'a name of its own'), name: 'x-custom' }, { type: LONG, id: 0x0e08, value: Buffer.alloc(4, 1) }])),
      ...file('PRUEFB~1.PDF', PDF, [property(0x3707, 'Prüfbericht.pdf'), property(0x370e, 'application/pdf', STRING)]), ...file('notes.txt', Buffer.from('one')),
    ]), { text: 'See the file.' });
    expect(mail.files.map(({ name, contentType, content }) => [name, contentType, content.toString()])).toEqual([['Prüfbericht.pdf', 'application/pdf', PDF.toString()], ['notes.txt', 'application/octet-stream', 'one']]);
    expect([mail.text.trim(), wrapperOf(mail), mail.omitted]).toEqual(['See the file.', 'tnef', []]);
  });

  it.each([
    ['as text', [attribute(1, 0x00069003, properties([property(0x1000, 'It burns.\r\nStill.')]))], 'It burns.\nStill.'],
    ['as old text in its code page', [attribute(1, 0x0002800c, Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0]))], 'Grüße'],
    ['as HTML', [attribute(1, 0x00069003, properties([{ type: BINARY, id: 0x1013, value: Buffer.from('<p>It <b>bürns</b>.</p>') }, { type: LONG, id: 0x3fde, value: Buffer.from([0xe9, 0xfd, 0, 0]) }]))], 'It bürns.'],
    ['as compressed RTF alone', [attribute(1, 0x00069003, properties([{ type: BINARY, id: 0x1009, value: HELLO }]))], 'hello world'],
  ])('tells the text of a mail that has none: %s', async (_what, attributes, text) => {
    expect((await opened(tnef(attributes))).text.trim()).toBe(text);
  });

  it('may hold mails, which are unpacked as well, as deep as is sensible', async () => {
    const within = (inner: Buffer, name: string): Buffer[] => file('', Buffer.alloc(0), [{ type: OBJECT, id: 0x3701, value: Buffer.concat([Buffer.alloc(16, 7), inner]) }, property(0x3707, name)]);
    const inner = tnef([attribute(1, 0x00069003, properties([property(0x1000, 'forwarded words')])), ...file('inner.txt', Buffer.from('within'))]);
    expect((await opened(tnef(within(inner, 'Old mail')))).files.map(({ name, content }) => [name, content.toString()])).toEqual([['Old mail.txt', 'forwarded words'], ['inner.txt', 'within']]);
    let deep = inner;
    for (let at = 0; at < 30; at += 1) deep = tnef(within(deep, `level ${at}`));
    expect((await opened(deep)).files).toHaveLength(1);
  });

  it('cannot name files outside of where they are kept, nor bring more than a mail may', async () => {
    const mail = await opened(tnef([...file('../../etc/passwd', PDF), ...file('C:\\autoexec.bat', PDF)]));
    expect(mail.files.map(({ name }) => name)).toEqual(['passwd', 'autoexec.bat']);
    const many = await opened(tnef(Array.from({ length: 150 }, (_, at) => file(`f${at}`, PDF)).flat()));
    expect([many.files.length, many.omitted.length]).toEqual([100, 50]);
  });

  it('that cannot be read stays the file that it is', async () => {
    for (const bytes of [Buffer.from('no tnef'), tnef([]).subarray(0, 8)]) {
      const mail = await opened(bytes);
      expect([mail.files.map(({ name }) => name), wrapperOf(mail)]).toEqual([['winmail.dat'], 'tnef']);
    }
  });

  it('never throws, whatever is cut, doubled or said of its lengths', () => {
    const whole = tnef([attribute(1, 0x00069003, properties([property(0x1000, 'text'), { type: BINARY, id: 0x1009, value: HELLO }])), ...file('a.txt', PDF, [property(0x3707, 'a.txt')])]);
    fc.assert(fc.property(fc.nat(whole.length), fc.nat(40), fc.uint8Array({ maxLength: 12 }), (at, length, put) => {
      const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + length)]);
      const read = readTnef(bytes);
      const size = (read?.files ?? []).reduce((sum, one) => sum + one.content.length, 0);
      expect(size).toBeLessThanOrEqual(bytes.length);
      if (read?.rtf != null) decompressRtf(read.rtf, 100_000);
    }), { numRuns: 500 });
  });
});

describe('RTF', () => {
  it('is decompressed as the specification shows it, and ends at a bound', () => {
    expect(latin1(decompressRtf(HELLO, 1_000)!)).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
    expect(latin1(decompressRtf(CROSSING, 1_000)!)).toBe('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}');
    expect(decompressRtf(HELLO, 10)).toHaveLength(10);
    expect(latin1(decompressRtf(Buffer.concat([hex('0c000000 05000000 4d454c41 00000000'), Buffer.from('plain')]), 1_000)!)).toBe('plain');
    expect(decompressRtf(Buffer.from('neither the one nor the other'), 1_000)).toBeNull();
  });

  it('cannot claim to be larger than it can be', () => {
    const bomb = Buffer.concat([hex('ffffffff ffffffff 4c5a4675 00000000'), Buffer.alloc(1_000, 0xff)]);
    expect(decompressRtf(bomb, 100_000_000)!.length).toBeLessThanOrEqual(18_300);
  });

  it.each([
    ['paragraphs, signs and braces', '{\\rtf1\\ansi one\\par two\\tab three\\line \\{x\\} \\emdash\\~y}', 'one\ntwo\tthree\n{x} —\u00a0y'],
    ['letters of a code page and of Unicode', "{\\rtf1 Gr\\'fc\\'dfe \\u26408?\\uc0\\u26412 !}", 'Grüße 木本!'],
    ['no fonts, colours, pictures', '{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\*\\generator Riched20;}{\\pict 00ff}text}', 'text'],
    ['of HTML within RTF what is shown', '{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 one{\\*\\htmltag84 <br>}\\htmlrtf \\line \\htmlrtf0 two\\htmlrtf }\\htmlrtf0}', 'one\ntwo'],
    ['words that are names in JavaScript', '{\\rtf1 a\\constructor b\\toString c}', 'abc'],
  ])('gives %s', (_what, rtf, text) => {
    expect(rtfText(Buffer.from(rtf, 'latin1'), latin1)).toBe(text);
  });

  it('that is nested without end, or never closed, ends', () => {
    expect(rtfText(Buffer.from('{'.repeat(100_000)), latin1)).toBe('');
    expect(rtfText(Buffer.from(`{\\rtf1 ${'}'.repeat(1_000)}x`), latin1)).toBe('x');
  });
});
