import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest, OutboundDelivery } from '../../contract.js';
import { soap } from './index.js';
import { ENVELOPE } from './names.js';

const envelope = (body: string): string => `<s:Envelope xmlns:s="${ENVELOPE['1.1']}"><s:Body>${body}</s:Body></s:Envelope>`;
const asText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const endpoint = (entityType: Record<string, unknown>): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' } }, entityTypes: [{ name: 'ticket', references: [], settings: entityType }],
});
const delivery: OutboundDelivery = { id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: {}, attachments: [], attempt: 1 };

describe('an answer that carries a document as a text', () => {
  const answered = (text: string, response: object) => {
    const call = () => Promise.resolve({ kind: 'answered' as const, status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: Buffer.from(envelope(`<t:R xmlns:t="urn:t"><t:out>${text}</t:out></t:R>`)) });
    const to = endpoint({ operations: { create: { body: '<t:C/>' } }, response: { embedded: { xpath: '//t:out' }, ...response } });
    return soap.outbound.send(delivery, to, { call } as never, new AbortController().signal);
  };

  it.each(['utf-8', 'utf-16', 'ISO-8859-1'])('of XML is read as the text that it is, though it says %s', async (charset) => {
    const made = await answered(asText(`<?xml version="1.0" encoding="${charset}"?><r><id>7</id><text>Grün</text></r>`), { ticketId: 'id' });
    expect(made).toMatchObject({ outcome: 'success', ticketId: '7', answer: { text: 'Grün' } });
  });

  it('of JSON, in CDATA, is read, numbers as they are', async () => {
    expect(await answered('<![CDATA[{"id":12345678901234567890,"a":{"b":"<x>"}}]]>', { ticketId: 'id' })).toMatchObject({ outcome: 'success', ticketId: '12345678901234567890', answer: { 'a.b': '<x>' } });
  });

  it('tells its errors there', async () => {
    const refusing = { ticketId: 'id', rejectedWhen: [{ xpath: '//error' }], error: { xpath: '//error' } };
    expect(await answered(asText('<r><error>no such group</error></r>'), refusing)).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('no such group') });
  });
});

describe('an envelope that carries a document as a text', () => {
  const inbound = { embedded: { xpath: '//t:payload' }, ticketId: { xpath: '//ticket/@id' }, attributes: { title: 'title', state: 'state', source: { path: 'source', root: true } } };
  const read = (body: string, mapping: object = inbound) => {
    const request: InboundRequest = { entityType: 'ticket', body: Buffer.from(envelope(body)), contentType: 'text/xml', headers: {}, query: '' };
    return soap.inbound.normalize(request, endpoint({ inbound: mapping }));
  };

  it('of XML is mapped from that, places from the top see what is around it', () => {
    const document = '<?xml version="1.0" encoding="utf-16"?><ticket id="7"><title>Grün &amp; rot</title><state>open</state></ticket>';
    expect(read(`<t:notify xmlns:t="urn:t"><t:source>hp</t:source><t:payload>${asText(document)}</t:payload></t:notify>`)).toMatchObject({ ok: true, value: [{ ticketId: '7', attributes: { title: 'Grün & rot', state: 'open', source: 'hp' } }] });
  });

  it('of JSON is mapped from that', () => {
    const mapping = { ...inbound, ticketId: 'id' };
    expect(read('<t:notify xmlns:t="urn:t"><t:payload><![CDATA[{"id":"7","title":"a<b"}]]></t:payload></t:notify>', mapping)).toMatchObject({ ok: true, value: [{ ticketId: '7', attributes: { title: 'a<b' } }] });
  });

  it('is asked for its conditions there', () => {
    const when = { xpath: '//state = "open"' };
    const body = (state: string): string => `<t:notify xmlns:t="urn:t"><t:payload>${asText(`<ticket id="7"><state>${state}</state></ticket>`)}</t:payload></t:notify>`;
    expect(read(body('closed'), { ...inbound, when })).toMatchObject({ ok: true, value: [] });
    expect(read(body('open'), { ...inbound, when })).toMatchObject({ ok: true, value: [{ ticketId: '7' }] });
  });

  it.each([
    ['that is missing', '<t:notify xmlns:t="urn:t"/>', /no document/],
    ['that is neither XML nor JSON', '<t:notify xmlns:t="urn:t"><t:payload>hello</t:payload></t:notify>', /neither XML nor JSON/],
    ['with a document type', `<t:notify xmlns:t="urn:t"><t:payload>${asText('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><ticket id="7">&b;</ticket>')}</t:payload></t:notify>`, /neither XML nor JSON/],
  ])('%s is refused', (_what, body, reason) => {
    expect(read(body)).toMatchObject({ ok: false, error: { kind: 'invalid', code: 'embedded-unreadable', message: expect.stringMatching(reason) } });
  });
});
