import { describe, expect, it } from '@jest/globals';
import { MessageView } from './message-view.js';
import { compilePlace } from './place.js';

const view = new MessageView({ body: Buffer.from('{}'), contentType: 'application/json', headers: {}, status: null });
const read = (setting: Parameters<typeof compilePlace>[0], value: unknown): unknown => compilePlace(setting)(view, { at: value });

describe('a place whose value has a form', () => {
  it.each([
    ['<p>Since 07:40<br>no VPN &amp; no mail</p>', 'Since 07:40\nno VPN & no mail'], ['&#60;p&#62;Escaped &#38;amp; kept&#60;/p&#62;', 'Escaped & kept'], ['&lt;p&gt;Hi&lt;/p&gt;', 'Hi'], ['plain', 'plain'],
  ])('gives the text of the HTML %s', (html, text) => {
    expect(read({ path: 'at', html: true }, html)).toBe(text);
  });

  it.each([
    ['2026-01-31 08:05:12', '2026-01-31T06:05:12.000Z'], ['2026-07-31 08:05:12', '2026-07-31T05:05:12.000Z'], ['2026-01-31T08:05:12+01:00', '2026-01-31T07:05:12.000Z'], ['', undefined], ['soon', undefined],
  ])('gives the time %s as an instant', (text, instant) => {
    expect(read({ path: 'at', zone: 'Europe/Helsinki' }, text)).toBe(instant);
  });

  it('gives the text in base64, and what HTML in it says', () => {
    const encoded = Buffer.from('<p>Gr\u00fcn</p>').toString('base64').replace(/(.{4})/g, '$1\n');
    expect(read({ path: 'at', base64: true }, encoded)).toBe('<p>Gr\u00fcn</p>');
    expect(read({ path: 'at', base64: true, html: true }, encoded)).toBe('Gr\u00fcn');
  });

  it.each([[{ plain: 'a < b', html: '<p>no</p>' }, 'a < b'], [{ plain: ' ', html: '<p>yes</p>' }, 'yes'], [{ html: '<p>yes</p>' }, 'yes'], [{}, undefined]])('is looked for elsewhere where %j has nothing there', (value, text) => {
    expect(read({ path: 'at.plain', else: { path: 'at.html', html: true } }, value)).toBe(text);
  });

  it('leaves alone what is no text', () => {
    expect(read({ path: 'at', html: true }, 7)).toBe(7);
    expect(read({ path: 'missing', html: true, zone: 'UTC' }, 7)).toBeUndefined();
  });
});
