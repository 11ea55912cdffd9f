import { describe, expect, it } from 'vitest';
import { requestLines } from './request-lines';

describe('a request as text', () => {
  it('has its line, its headers, and its body behind an empty line', () => {
    expect(requestLines({ method: 'POST', url: 'https://x.example/t', headers: { accept: 'a', authorization: 'Basic [hidden]' }, body: '{"a":1}' })).toBe('POST https://x.example/t\naccept: a\nauthorization: Basic [hidden]\n\n{"a":1}');
  });
  it('ends with its headers where it has no body', () => { expect(requestLines({ method: 'GET', url: '/', headers: {}, body: '' })).toBe('GET /'); });
});
