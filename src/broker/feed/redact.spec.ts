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

  it('is cut where it is long, and counted where it is no text', () => {
    expect(showBody(Buffer.from('x'.repeat(70_000)))).toEqual({ body: 'x'.repeat(65_536), truncated: true });
    expect(showBody(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual({ body: '[3 bytes that are no text]', truncated: false });
  });

  it('hides credentials in headers and query', () => {
    expect(redactHeaders({ authorization: 'Basic x', 'x-hub-signature-256': 'y', 'content-type': 'z' })).toEqual({ authorization: '[hidden]', 'x-hub-signature-256': '[hidden]', 'content-type': 'z' });
    expect(redactQuery('token=abc&project=1')).toBe('token=%5Bhidden%5D&project=1');
  });
});
