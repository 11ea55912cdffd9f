import { describe, expect, it } from '@jest/globals';
import type { SendResult } from '../../contract.js';
import { readEnvelope } from './envelope-reader.js';
import { judgedByFault, readFault } from './fault.js';
import { ENVELOPE, type SoapVersion } from './names.js';

const faultIn = (fault: string, version: SoapVersion = '1.1') => {
  const read = readEnvelope({ body: Buffer.from(`<s:Envelope xmlns:s="${ENVELOPE[version]}"><s:Body>${fault}</s:Body></s:Envelope>`), contentType: 'text/xml', headers: {}, query: '', status: 500 });
  if (!read.ok) throw new Error(read.error.message);
  return readFault(read.value);
};
const of11 = (code: string, more = ''): string => `<faultcode>${code}</faultcode><faultstring>no such group</faultstring>${more}`;
const of12 = (prefix: string, code: string): string => `<${prefix}Code><${prefix}Value>x:${code}</${prefix}Value></${prefix}Code><${prefix}Reason><${prefix}Text xml:lang="en">no such group</${prefix}Text></${prefix}Reason>`;

describe('a fault', () => {
  it.each<[string, string, SoapVersion]>([
    ['in its own namespace', `<s:Fault>${of11('s:Client')}</s:Fault>`, '1.1'],
    ['whose parts have the envelope\'s namespace', '<s:Fault><s:faultcode>s:Client</s:faultcode><s:faultstring>no such group</s:faultstring></s:Fault>', '1.1'],
    ['in no namespace', `<Fault>${of11('Client')}</Fault>`, '1.1'],
    ['of 1.1 in an envelope of 1.2', `<s:Fault>${of11('s:Client')}</s:Fault>`, '1.2'],
    ['of 1.1, its own namespace included, in an envelope of 1.2', `<o:Fault xmlns:o="${ENVELOPE['1.1']}">${of11('o:Client')}</o:Fault>`, '1.2'],
  ])('%s is read', (_what, fault, version) => {
    expect(faultIn(fault, version)).toMatchObject({ code: 'Client', text: 'no such group' });
  });

  it.each<[string, string, SoapVersion]>([
    ['of 1.2', `<s:Fault>${of12('s:', 'Sender')}</s:Fault>`, '1.2'],
    ['of 1.2 in an envelope of 1.1', `<s:Fault>${of12('s:', 'Sender')}</s:Fault>`, '1.1'],
    ['of 1.2, its own namespace included, in an envelope of 1.1', `<n:Fault xmlns:n="${ENVELOPE['1.2']}">${of12('n:', 'Sender')}</n:Fault>`, '1.1'],
    ['of 1.2 whose parts have no namespace', `<s:Fault>${of12('', 'Sender')}</s:Fault>`, '1.2'],
  ])('%s is read', (_what, fault, version) => {
    expect(faultIn(fault, version)).toMatchObject({ code: 'Sender', text: 'no such group' });
  });

  it('of the system\'s own, beside an ordinary answer, is none', () => {
    expect(faultIn('<Fault xmlns="urn:t"><part>fan</part></Fault>')).toBeNull();
    expect(faultIn('<GetResponse><Fault>a broken fan</Fault></GetResponse>')).toBeNull();
  });

  it('has the text in the language that we read, and of its detail every text apart', () => {
    const reason = '<s:Reason><s:Text xml:lang="de">keine solche Gruppe</s:Text><s:Text xml:lang="en-GB">no such group</s:Text></s:Reason>';
    expect(faultIn(`<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>${reason}</s:Fault>`, '1.2')?.text).toBe('no such group');
    expect(faultIn(`<s:Fault>${of11('s:Client', '<detail><e:error xmlns:e="urn:e"><code>42</code><message>unknown group</message></e:error></detail>')}</s:Fault>`)?.detail).toBe('42 unknown group');
  });
});

describe('what a fault makes of an answer', () => {
  const base: SendResult = { outcome: 'unknown', httpStatus: 500, ticketId: null, answer: {}, error: null, retryAfterMs: null, endpointFault: true, body: null };
  const judged = (code: string, subcode: string | null = null) => judgedByFault(base, { code, subcode, text: 'x', detail: null }).outcome;

  it.each([
    ['Client', 'rejected'], ['Server', 'retryable'], ['Server.userException', 'retryable'],
    ['Client.Authentication', 'credentials'], ['Server.Unauthenticated', 'credentials'], ['Client.NotAuthenticated', 'credentials'], ['FailedAuthentication', 'credentials'],
    ['Client.AuthenticationMethodUnknown', 'rejected'],
  ])('%s is %s', (code, outcome) => expect(judged(code)).toBe(outcome));

  it.each([['InvalidSecurityToken', 'credentials'], ['Authentication', 'credentials'], ['Rejected', 'rejected']])('Sender with %s is %s', (subcode, outcome) => expect(judged('Sender', subcode)).toBe(outcome));
});
