import { describe, expect, it } from '@jest/globals';
import type { CarriedAttachment, ConnectedEndpoint, InboundRequest, OutboundDelivery } from '../../contract.js';
import { soap } from './index.js';
import { ENVELOPE } from './names.js';

const FILE: CarriedAttachment = { id: 'f1', name: 'a.bin', contentType: 'application/x-a', size: 4, content: Buffer.from([0, 13, 10, 255]) };
const BASE64 = Buffer.from(FILE.content).toString('base64');
const endpoint = (settings: object, entityType: object): ConnectedEndpoint => ({ organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, ...settings }, entityTypes: [{ name: 'ticket', references: [], settings: { ...entityType } }] });
const delivery: OutboundDelivery = { id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: {}, attachments: [FILE], attempt: 1 };
const INBOUND = { inbound: { ticketId: { xpath: '//t:id' }, attachments: { list: 'file', name: '@name', content: '#text' } } };

describe('files as attachments of an envelope (SwA)', () => {
  const create = { swa: true, body: '<t:Create><t:id>7</t:id><t:file parley:each="files" name="{{item.name}}" href="cid:{{item.id}}"/></t:Create>' };
  const sent = (settings: object = {}) => soap.outbound.render(delivery, endpoint(settings, { operations: { create } }));

  it.each([['1.1', 'text/xml'], ['1.2', 'application/soap+xml']])('go as parts that the template names, in %s', (version, type) => {
    const made = sent({ version });
    if (!made.ok) throw new Error(made.error.message);
    expect(made.value.headers['content-type']).toMatch(new RegExp(`^multipart/related; type="${type.replace('+', '\\+')}"; start="<envelope@parley>"; boundary=`));
    const text = Buffer.from(made.value.body ?? '').toString('latin1');
    expect(text).toContain('<t:file name="a.bin" href="cid:f1"/>');
    expect(text).toContain(`Content-Type: ${type}; charset=utf-8\r\n`);
    expect(text).toContain('Content-Type: application/x-a\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <f1>\r\n\r\n\0\r\n\xff\r\n');
  });

  it('do not go beside a signature that would not cover them', () => {
    expect(sent({ security: { signature: { key: 'x', certificate: 'x' } } })).toMatchObject({ ok: false, error: { message: expect.stringContaining('parts of their own') } });
  });

  const request = (body: string, id = 'f1'): InboundRequest => {
    const root = `<s:Envelope xmlns:s="${ENVELOPE['1.1']}" xmlns:t="urn:t"><s:Body><t:Create><t:id>7</t:id>${body}</t:Create></s:Body></s:Envelope>`;
    const bytes = Buffer.concat([Buffer.from(`--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n\r\n${root}\r\n--b\r\nContent-Type: application/x-a\r\nContent-ID: <${id}>\r\nContent-Transfer-Encoding: binary\r\n\r\n`), Buffer.from(FILE.content), Buffer.from('\r\n--b--\r\n')]);
    return { entityType: 'ticket', body: bytes, contentType: 'multipart/related; type="text/xml"; start="<r>"; boundary=b', headers: {}, query: '' };
  };
  it.each([['by an attribute', '<t:file name="a.bin" href="cid:f1"/>'], ['by its text', '<t:file name="a.bin">cid:f1</t:file>'], ['with other characters', '<t:file name="a.bin">cid:f%31</t:file>']])('are read where they are referred to %s', (_what, body) => {
    const read = soap.inbound.normalize(request(body), endpoint({}, INBOUND));
    expect(read).toMatchObject({ ok: true, value: [{ ticketId: '7', attachments: [{ name: 'a.bin', size: 4 }] }] });
    if (read.ok) expect(Buffer.from(read.value[0]!.attachments[0]!.content).toString('base64')).toBe(BASE64);
  });

  it('stay what they are where no part is meant, and come once', () => {
    const title = { inbound: { ticketId: { xpath: '//t:id' }, attributes: { title: 'title' } } };
    expect(soap.inbound.normalize(request('<t:title>cid:nobody</t:title>'), endpoint({}, title))).toMatchObject({ ok: true, value: [{ attributes: { title: 'cid:nobody' } }] });
    expect(soap.inbound.normalize(request('<t:file>cid:f1</t:file><t:file>cid:f1</t:file>'), endpoint({}, INBOUND))).toMatchObject({ ok: false, error: { message: expect.stringContaining('twice') } });
  });
});
