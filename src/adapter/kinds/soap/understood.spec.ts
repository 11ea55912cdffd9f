import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { soap } from './index.js';
import { ADDRESSING, ENVELOPE, SERVICE, WSSE, type SoapVersion } from './names.js';

const endpoint = (settings: object = {}): ConnectedEndpoint => ({ organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, ...settings }, entityTypes: [{ name: 'ticket', references: [], settings: {} }] });
const request = (version: SoapVersion, header: string): InboundRequest => ({
  entityType: 'ticket', contentType: 'text/xml', headers: {}, query: '',
  body: Buffer.from(`<s:Envelope xmlns:s="${ENVELOPE[version]}"><s:Header>${header}</s:Header><s:Body><AddComment xmlns="${SERVICE}"><ticketId>1</ticketId><text>x</text></AddComment></s:Body></s:Envelope>`),
});
const refusal = (version: SoapVersion, header: string, to = endpoint()): string | null => {
  const examined = soap.inbound.examine!(request(version, header), to);
  return examined.ok ? null : examined.error.code;
};
const block = (attributes: string, name = 't:Transaction xmlns:t="urn:t"'): string => `<${name} ${attributes}/>`;

describe('a header block that must be understood', () => {
  it.each<[SoapVersion, string]>([['1.1', '1'], ['1.2', '1'], ['1.2', 'true']])('of %s (%s) and is not, is refused', (version, value) => {
    expect(refusal(version, block(`s:mustUnderstand="${value}"`))).toBe('not-understood');
  });

  it.each<[SoapVersion, string]>([['1.1', ''], ['1.1', 's:mustUnderstand="0"'], ['1.2', 's:mustUnderstand="false"'], ['1.2', 'mustUnderstand="1"']])('of %s is only one that says so: %s', (version, attributes) => {
    expect(refusal(version, block(attributes))).toBeNull();
  });

  it.each<[SoapVersion, string, string | null]>([
    ['1.1', 's:actor="http://schemas.xmlsoap.org/soap/actor/next"', 'not-understood'], ['1.1', 's:actor="urn:somebody"', null], ['1.1', 's:actor=""', 'not-understood'],
    ['1.2', `s:role="${ENVELOPE['1.2']}/role/next"`, 'not-understood'], ['1.2', `s:role="${ENVELOPE['1.2']}/role/ultimateReceiver"`, 'not-understood'], ['1.2', `s:role="${ENVELOPE['1.2']}/role/none"`, null], ['1.2', 's:role="urn:somebody"', null],
  ])('of %s is meant for us or for somebody else: %s', (version, whom, code) => {
    expect(refusal(version, block(`${whom} s:mustUnderstand="1"`))).toBe(code);
  });

  it('of WS-Addressing is understood, but no answer that is wanted elsewhere', () => {
    const uri = ADDRESSING['2005/08'];
    const addressed = (name: string, content: string): string => `<a:${name} xmlns:a="${uri}" s:mustUnderstand="1">${content}</a:${name}>`;
    for (const name of ['MessageID', 'Action', 'To', 'RelatesTo']) expect(refusal('1.2', addressed(name, 'urn:x'))).toBeNull();
    expect(refusal('1.2', addressed('ReplyTo', `<a:Address>${uri}/anonymous</a:Address>`))).toBeNull();
    expect(refusal('1.2', addressed('ReplyTo', '<a:Address>https://elsewhere.example</a:Address>'))).toBe('not-understood');
    expect(refusal('1.2', addressed('Unheard', 'x'))).toBe('not-understood');
  });

  it('of WS-Security is understood where something of it is asked for', () => {
    const security = block('s:mustUnderstand="1"', `w:Security xmlns:w="${WSSE}"`);
    expect(refusal('1.1', security)).toBe('not-understood');
    expect(refusal('1.1', security, endpoint({ inboundSecurity: { username: 'u', password: 'secret' } }))).toBeNull();
  });

  it('is understood where the settings say so, by their prefixes', () => {
    const header = block('s:mustUnderstand="1"');
    expect(refusal('1.1', header, endpoint({ understoodHeaders: ['t:Transaction'] }))).toBeNull();
    expect(refusal('1.1', header, endpoint({ understoodHeaders: ['t:Other', 'wsse:Transaction'] }))).toBe('not-understood');
    expect(checkSettings(soap.settings, { address: 'https://x.example', understoodHeaders: ['Transaction'] }).map(({ pointer }) => pointer)).toEqual(['/understoodHeaders/0']);
  });

  it('is told by the fault of its version, which names the block', () => {
    const answered = (version: SoapVersion) => {
      const asked = request(version, block('s:mustUnderstand="1"'));
      const examined = soap.inbound.examine!(asked, endpoint());
      if (examined.ok) throw new Error('taken');
      return soap.inbound.answer!({ kind: 'refused', status: 400, code: examined.error.code, detail: examined.error.message }, asked, endpoint())!;
    };
    const [old, recent] = [answered('1.1'), answered('1.2')];
    expect(old).toMatchObject({ status: 500, body: expect.stringMatching(/<faultcode>soap:MustUnderstand<\/faultcode><faultstring>[^<]*Transaction \(urn:t\)/) });
    expect(old.body).not.toContain('Header');
    expect(recent).toMatchObject({ status: 500, body: expect.stringContaining('<soap:Code><soap:Value>soap:MustUnderstand</soap:Value></soap:Code>') });
    expect(recent.body).toContain('<soap:Header><soap:NotUnderstood xmlns:q="urn:t" qname="q:Transaction"/></soap:Header>');
  });
});
