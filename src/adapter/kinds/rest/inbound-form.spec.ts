import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { rest } from './index.js';

const TYPE = 'multipart/form-data; boundary=b';
const form = (...parts: string[]): string => `${parts.map((part) => `--b\r\nContent-Disposition: form-data; ${part}\r\n`).join('')}--b--\r\n`;
const request = (body: string, contentType = TYPE): InboundRequest => ({ entityType: 'Issue', body: Buffer.from(body), contentType, headers: {}, query: '' });
const endpoint = (inbound: Record<string, unknown>): ConnectedEndpoint => ({ organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'https://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings: { inbound } }] });
const read = (inbound: Record<string, unknown>, body: string) => rest.inbound.normalize(request(body), endpoint(inbound));

const TICKET = form('name="id"\r\n\r\nT-1', 'name="title"\r\n\r\nPrinter', 'name="log"; filename="a.log"\r\nContent-Type: text/plain\r\n\r\none', 'name="photo"; filename="b.png"\r\n\r\n\x01\x02');

describe('a request that is a form with files', () => {
  it('is a message with its fields and its files', () => {
    const result = read({ ticketId: 'id' }, TICKET);
    expect(result).toMatchObject({ ok: true, value: [{ ticketId: 'T-1', attributes: { id: 'T-1', title: 'Printer' }, attachments: [{ name: 'a.log', contentType: 'text/plain', size: 3 }, { name: 'b.png', contentType: 'application/octet-stream', size: 2 }] }] });
    expect(result.ok && Object.keys(result.value[0]!.attributes)).toEqual(['id', 'title']);
    expect(result.ok && result.value[0]!.attachments.map(({ content }) => Buffer.from(content).toString())).toEqual(['one', '\x01\x02']);
  });

  it('whose files are chosen by the settings has those alone', () => {
    const attachments = { list: { jmespath: "\"@files\"[?field == 'photo']" }, name: 'name', content: 'contentBase64' };
    expect(read({ ticketId: 'id', attachments }, TICKET)).toMatchObject({ ok: true, value: [{ attachments: [{ name: 'b.png' }] }] });
    expect(read({ ticketId: 'id', attributes: { files: { jmespath: 'length("@files")' } } }, TICKET)).toMatchObject({ ok: true, value: [{ attributes: { files: 2 } }] });
  });

  it('that carries several messages gives its files to none of them', () => {
    const body = form('name="payload"\r\n\r\n[{"id":1},{"id":2}]', 'name="log"; filename="a.log"\r\n\r\none');
    expect(read({ each: 'payload', ticketId: 'id' }, body)).toMatchObject({ ok: true, value: [{ ticketId: '1', attachments: [] }, { ticketId: '2', attachments: [] }] });
  });

  it.each(['', '--b', '--b--', form(), form('name="id"\r\n\r\n'), form('filename="x"\r\n\r\nT-1'), '{"id":1}', form(...Array.from({ length: 101 }, () => 'name="f"; filename="x"\r\n\r\nx'), 'name="id"\r\n\r\n1')])('that cannot be read is a failure with its reason (%#)', (body) => {
    expect(read({ ticketId: 'id' }, body)).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringMatching(/\w/) } });
  });

  it('is not taken for one by its body alone', () => {
    expect(rest.inbound.normalize(request(TICKET, 'text/plain'), endpoint({ ticketId: 'id' }))).toMatchObject({ ok: false, error: { code: 'broken-json' } });
  });
});
