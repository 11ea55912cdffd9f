import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BodyProblem, type CanonicalBody, readCanonicalBody } from './canonical-body.js';

const encoder = new TextEncoder();

function readText(text: string): ReturnType<typeof readCanonicalBody> {
  return readCanonicalBody(encoder.encode(text));
}

function accepted(text: string): CanonicalBody {
  const read = readText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function refused(text: string): readonly BodyProblem[] {
  const read = readText(text);
  if (read.ok) throw new Error('was accepted');
  return read.error;
}

const pointers = (text: string): string[] => refused(text).map((problem) => problem.pointer);

describe('a canonical body', () => {
  it('is read with everything that it may have', () => {
    const body = accepted(
      JSON.stringify({
        ticketId: 'INC1', messageType: 'Submit', attributes: { state: 'open' }, unknown: { kept: 'not' },
        attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'aGVsbG8=' }],
        sender: { id: 'ann', name: 'Ann' }, occurredAt: '2026-11-20T14:00:00+02:00',
        references: [{ endpoint: 'acme_snc', entityType: 'incident', ticketId: 42 }],
      }),
    );
    expect(body).toEqual({
      ticketId: 'INC1', messageType: 'Submit', attributes: { state: 'open' },
      attachments: [{ name: 'a.txt', contentType: 'text/plain', contentBase64: 'aGVsbG8=', size: 5 }],
      sender: { id: 'ann', name: 'Ann' }, occurredAt: '2026-11-20T12:00:00.000Z',
      references: [{ endpoint: 'acme_snc', entityType: 'incident', ticketId: '42' }],
    });
  });

  it('needs no more than a ticket id, and reads null as missing', () => {
    const empty = { messageType: '', attributes: {}, attachments: [], sender: null, occurredAt: null, references: [] };
    expect(accepted('{"ticketId":7}')).toEqual({ ticketId: '7', ...empty });
    expect(accepted('{"ticketId":"7","sender":null,"attributes":null,"attachments":null}')).toEqual({ ticketId: '7', ...empty });
  });

  it('makes dotted names of objects and keeps lists', () => {
    const { attributes } = accepted(
      '{"ticketId":"1","attributes":{"fields":{"summary":"x","caller":{"email":"a@b"}},"tags":["a",1,null],"comments":[{"by":{"id":"ann"},"n":1}],"grid":[[1,2],[3]],"none":{},"empty":[]}}',
    );
    expect(attributes).toEqual({
      'fields.summary': 'x', 'fields.caller.email': 'a@b', tags: ['a', 1, null], comments: [{ 'by.id': 'ann', n: 1 }],
      grid: ['[1,2]', '[3]'], empty: [],
    });
  });

  it('keeps numbers that a double cannot hold exactly as written', () => {
    const { ticketId, attributes } = accepted(
      '{"ticketId":12345678901234567890,"attributes":{"id":9007199254740993,"ok":9007199254740991,"d":0.1234567890123456789,"e":1e22,"big":1e400,"tiny":1e-400,"list":[9007199254740993,1.5],"deep":[[9007199254740993]]}}',
    );
    expect(ticketId).toBe('12345678901234567890');
    expect(attributes).toEqual({
      id: '9007199254740993', ok: 9007199254740991, d: '0.1234567890123456789', e: '1e22', big: '1e400', tiny: '1e-400',
      list: ['9007199254740993', 1.5], deep: ['["9007199254740993"]'],
    });
  });

  it('reads a body with a long number as it reads one without', () => {
    const bodies = fc.record({ ticketId: fc.constant('1'), attributes: fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: true })) });
    fc.assert(
      fc.property(bodies, (body) => {
        const plain = readText(JSON.stringify(body));
        const exact = readText(JSON.stringify({ ...body, ignored: '1234567890123456' }));
        expect(JSON.stringify(exact)).toBe(JSON.stringify(plain));
      }),
    );
  });

  it('is refused with the position of broken JSON', () => {
    const [problem] = refused('{"ticketId": "1", }');
    expect(problem).toMatchObject({ kind: 'syntax', position: 18 });
    expect(refused('')[0]?.kind).toBe('syntax');
    expect(refused('{"ticketId":"\u0001"}')[0]?.kind).toBe('syntax');
  });

  it('is refused where it is no UTF-8', () => {
    const read = readCanonicalBody(Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(read).toMatchObject({ ok: false, error: [{ kind: 'syntax', expected: 'text in UTF-8' }] });
  });

  it('is refused with every wrong shape and its pointer', () => {
    const text = JSON.stringify({
      ticketId: ' ', messageType: 5, attributes: [], sender: {}, occurredAt: 'soon',
      attachments: [{ name: 'a/b', contentBase64: 'a' }, 7, { name: '', contentType: 'a\nb', contentBase64: '' }],
      references: [{ endpoint: '', entityType: 'x', ticketId: 1.5 }],
    });
    expect(pointers(text).sort()).toEqual([
      '/attachments/0/contentBase64', '/attachments/1', '/attachments/2/contentType', '/attachments/2/name', '/attributes',
      '/messageType', '/occurredAt', '/references/0/endpoint', '/references/0/ticketId', '/sender/id', '/ticketId',
    ]);
    expect(refused(text).every((problem) => problem.kind === 'shape')).toBe(true);
    expect(pointers('[]')).toEqual(['']);
    expect(pointers('{"attributes":{}}')).toEqual(['/ticketId']);
  });

  it('is refused where a key would reach a prototype', () => {
    expect(pointers('{"ticketId":"1","attributes":{"a":{"__proto__":{"x":1}}}}')).toEqual(['/attributes/a/__proto__']);
    expect(pointers('{"ticketId":"1","attributes":{"l":[{"__proto__":1}]}}')).toEqual(['/attributes/l/0/__proto__']);
    const { attributes } = accepted('{"ticketId":"1","attributes":{"constructor":"c","prototype":"p","toString":{"x":1}}}');
    expect(attributes).toEqual({ constructor: 'c', prototype: 'p', 'toString.x': 1 });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('is refused where a text cannot be stored', () => {
    expect(pointers('{"ticketId":"1","attributes":{"a":"x\\u0000","b/c":["\\ud800"],"ok":"\\ud83d\\ude00"}}')).toEqual([
      '/attributes/a', '/attributes/b~1c/0',
    ]);
    expect(pointers('{"ticketId":"\\u0000","attributes":{"k\\udc00":1,"l":[["\\u0000"]]}}')).toEqual([
      '/ticketId', '/attributes/k\udc00', '/attributes/l/0',
    ]);
  });

  it('is refused where two members make one attribute', () => {
    expect(pointers('{"ticketId":"1","attributes":{"a":{"b":1},"a.b":2}}')).toEqual(['/attributes/a.b']);
  });

  it('takes the last of repeated keys, as JSON does', () => {
    expect(accepted('{"ticketId":"1","attributes":{"a":1,"a":2}}').attributes).toEqual({ a: 2 });
    expect(accepted('{"ticketId":"1","x":1234567890123456789,"attributes":{"a":1,"a":2}}').attributes).toEqual({ a: 2 });
  });

  it('is refused beyond 32 levels and survives any depth', () => {
    const nested = (levels: number): string => `{"ticketId":"1","attributes":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
    expect(Object.keys(accepted(nested(32)).attributes)).toEqual([Array(32).fill('a').join('.')]);
    expect(refused(nested(33))[0]?.kind).toBe('shape');
    expect(refused(`{"ticketId":"1","attributes":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`)[0]?.kind).toBe('shape');
    expect(refused(`{"ticketId":"1","attributes":${'['.repeat(200_000)}`)[0]?.kind).toBe('syntax');
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readCanonicalBody(bytes)));
    fc.assert(fc.property(fc.json(), (text) => void readText(text)));
  });
});
