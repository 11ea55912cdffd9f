import { describe, expect, it } from '@jest/globals';
import { redactHeaders, redactQuery, showBody } from './redact.js';

const shown = (text: string): string => showBody(Buffer.from(text)).body;

describe('a raw request', () => {
  it('is shown to the letter where nothing is to be hidden', () => {
    const text = '{ "id": 12345678901234567890, "b" : [1.0] }';
    expect(shown(text)).toBe(text);
    expect(shown('a=1&b')).toBe('a=1&b');
  });

  it('is shown without secrets and files', () => {
    const body = JSON.parse(shown(JSON.stringify({ a: { Password: 'x', access_token: 'y', tokenised: 'stays' }, attachments: [{ name: 'n', contentBase64: 'AAAA'.repeat(10) }] }))) as unknown;
    expect(body).toEqual({ a: { Password: '[hidden]', access_token: '[hidden]', tokenised: 'stays' }, attachments: [{ name: 'n', contentBase64: '[30 bytes]' }] });
  });

  it('is shown without secrets where it is no JSON: cut, broken, XML, a form', () => {
    expect(shown('{"password": "a\\"b", "text": "stays", "token":"c')).toBe('{"password": "[hidden]", "text": "stays", "token":"[hidden]');
    expect(shown('<e><wsse:Password Type="x#Text">pass</wsse:Password><password><![CDATA[a<b]]></password><text>stays</text></e>')).toBe('<e><wsse:Password Type="x#Text">[hidden]</wsse:Password><password>[hidden]</password><text>stays</text></e>');
    expect(shown('user=bot&password=pass&access_token=t%20k&text=stays')).toBe('user=bot&password=[hidden]&access_token=[hidden]&text=stays');
  });

  it('that was kept in part is shown to its last whole letter', () => {
    expect(showBody(Buffer.from('{"text":"für').subarray(0, 11), { isCut: true })).toEqual({ body: '{"text":"f', truncated: true });
  });

  it('is cut where it is long, and counted where it is no text', () => {
    expect(showBody(Buffer.from('x'.repeat(70_000)))).toEqual({ body: 'x'.repeat(65_536), truncated: true });
    expect(showBody(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual({ body: '[3 bytes that are no text]', truncated: false });
  });

  it('hides credentials in headers and query', () => {
    expect(redactHeaders({ authorization: 'Basic x', 'x-hub-signature-256': 'y', 'content-type': 'z' })).toEqual({ authorization: '[hidden]', 'x-hub-signature-256': '[hidden]', 'content-type': 'z' });
    expect(redactHeaders({ 'x-auth': 'a', 'x-hmac-sha256': 'b', 'x-author': 'c', 'x-desk': 'd' }, ['x-desk'])).toEqual({ 'x-auth': '[hidden]', 'x-hmac-sha256': '[hidden]', 'x-author': 'c', 'x-desk': '[hidden]' });
    expect(redactQuery('token=abc&project=1')).toBe('token=%5Bhidden%5D&project=1');
  });
});
