import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest, InboundTold } from '../../contract.js';
import { soap } from './index.js';
import { ADDRESSING, ENVELOPE, SERVICE, type AddressingVersion } from './names.js';

const endpoint = (inbound?: object): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' } }, entityTypes: [{ name: 'ticket', references: [], settings: inbound === undefined ? {} : { inbound } }],
});
const header = (version: AddressingVersion, action: string, id = 'urn:uuid:1'): string => `<s:Header><a:MessageID xmlns:a="${ADDRESSING[version]}">${id}</a:MessageID><a:Action xmlns:a="${ADDRESSING[version]}" s:mustUnderstand="1">${action}</a:Action></s:Header>`;
const request = (body: string, given = ''): InboundRequest => ({ entityType: 'ticket', body: Buffer.from(`<s:Envelope xmlns:s="${ENVELOPE['1.2']}">${given}<s:Body>${body}</s:Body></s:Envelope>`), contentType: 'application/soap+xml', headers: {}, query: '' });
const comment = `<AddComment xmlns="${SERVICE}"><ticketId>1</ticketId><text>x</text></AddComment>`;
const accepted: InboundTold = { kind: 'accepted', messageId: 'm1', replayed: false };
const answer = (told: InboundTold, asked: InboundRequest, to = endpoint()): string => soap.inbound.answer?.(told, asked, to)?.body ?? '';

describe('an answer to an envelope with WS-Addressing', () => {
  it.each<AddressingVersion>(['2005/08', '2004/08'])('of %s says what it is and what it answers, in the same version', (version) => {
    const body = answer(accepted, request(comment, header(version, `${SERVICE}/AddComment`, 'urn:uuid:&lt;1')));
    expect(body).toContain(`<soap:Header><wsa:Action xmlns:wsa="${ADDRESSING[version]}">${SERVICE}/AddCommentResponse</wsa:Action><wsa:RelatesTo xmlns:wsa="${ADDRESSING[version]}">urn:uuid:&lt;1</wsa:RelatesTo></soap:Header>`);
  });

  it('of a mapping is named after the action that was asked for', () => {
    const mapped = endpoint({ ticketId: { xpath: '//t:id' } });
    expect(answer(accepted, request('<t:n xmlns:t="urn:t"><t:id>1</t:id></t:n>', header('2005/08', 'urn:t/Notify')), mapped)).toContain('>urn:t/NotifyResponse</wsa:Action>');
  });

  it('is a fault by its action, where it is one', () => {
    const refused: InboundTold = { kind: 'refused', status: 400, code: 'x', detail: 'y' };
    expect(answer(refused, request(comment, header('2005/08', 'urn:a')))).toContain('>http://www.w3.org/2005/08/addressing/fault</wsa:Action>');
  });

  it('is none where nobody spoke of addressing', () => {
    expect(answer(accepted, request(comment))).not.toContain('Header');
  });
});

describe('our WSDL', () => {
  it('names the action of each message and of each answer', () => {
    const asked: InboundRequest = { ...request(''), body: Buffer.alloc(0), query: 'wsdl', path: '/x' };
    const wsdl = soap.inbound.handshake?.(asked, endpoint())?.body ?? '';
    expect(wsdl).toContain(`wsam:Action="${SERVICE}/AddComment"`);
    expect(wsdl).toContain(`wsam:Action="${SERVICE}/AddCommentResponse"`);
  });
});
