import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { CallOutcome, ConnectedEndpoint, OutboundDelivery, RenderedRequest } from '../../contract.js';
import { decryptEnvelope, encryptEnvelope } from './encryption.js';
import { soap } from './index.js';
import { ENVELOPE, WSSE } from './names.js';
import { signEnvelope, verifiedBody } from './signature.js';

const pem = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const [key, certificate, stranger] = [pem('./fixture/signer.key'), pem('./fixture/signer.pem'), pem('./fixture/stranger.pem')];
const ALGORITHMS = ['aes256-gcm', 'aes128-gcm', 'aes256-cbc', 'aes128-cbc'] as const;
const envelope = (body: string, header = ''): string => `<soap:Envelope xmlns:soap="${ENVELOPE['1.1']}" xmlns:t="urn:t"><soap:Header><wsse:Security xmlns:wsse="${WSSE}" soap:mustUnderstand="1">${header}</wsse:Security></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
const CONTENT = '<t:Create><t:title>Gr\u00fcn &amp; geheim</t:title></t:Create>';

describe('what is encrypted', () => {
  it.each(ALGORITHMS)('by %s can be read by the holder of the key alone', (algorithm) => {
    const token = '<wsse:UsernameToken><wsse:Username>u</wsse:Username><wsse:Password>pass-word</wsse:Password></wsse:UsernameToken>';
    const sealed = encryptEnvelope(envelope(CONTENT, token), { certificate, algorithm }, randomBytes);
    for (const word of ['geheim', 'title', 'pass-word', 'UsernameToken>']) expect(sealed).not.toContain(word);
    // The key stands before what it opens.
    expect(sealed.indexOf('<xenc:EncryptedKey')).toBeLessThan(sealed.indexOf('<xenc:EncryptedData'));
    const clear = decryptEnvelope(sealed, key);
    expect(clear.ok && clear.value).toContain(`<soap:Body>${CONTENT}</soap:Body>`);
    expect(clear.ok && clear.value).toContain(token);
  });

  it('is not the same twice', () => {
    const once = (): string => encryptEnvelope(envelope(CONTENT), { certificate }, randomBytes);
    expect(once()).not.toBe(once());
  });

  it('was signed before, and is signed still once it is in clear', () => {
    const sealed = encryptEnvelope(signEnvelope(envelope(CONTENT), key), { certificate }, randomBytes);
    const clear = decryptEnvelope(sealed, key);
    if (!clear.ok) throw new Error(clear.error);
    expect(verifiedBody(clear.value, [certificate], { nowMs: 0, maxAgeSeconds: 1 })).toMatchObject({ ok: true, value: expect.stringContaining('geheim') });
  });

  it.each(ALGORITHMS)('by %s and was changed, or is for somebody else, is refused in one and the same sentence', (algorithm) => {
    const sealed = encryptEnvelope(envelope(CONTENT), { certificate, algorithm }, randomBytes);
    const value = /<xenc:EncryptedData[^]*?<xenc:CipherValue>([^<]+)</.exec(sealed)![1]!;
    const cut = sealed.replace(value, Buffer.from(value, 'base64').subarray(0, -1).toString('base64'));
    const others = encryptEnvelope(envelope(CONTENT), { certificate: stranger, algorithm }, randomBytes);
    for (const bad of [cut, others, sealed.replace('rsa-oaep-mgf1p', 'rsa-1_5'), sealed.replace(/<xenc:EncryptedKey[^]*<\/xenc:EncryptedKey>/, '')]) {
      expect(decryptEnvelope(bad, key)).toEqual({ ok: false, error: 'it cannot be decrypted with the key of the settings' });
    }
  });

  it('brings nothing that XML from outside may not have', () => {
    const bomb = encryptEnvelope(envelope('<!DOCTYPE a [<!ENTITY b "c">]><t:a>&b;</t:a>'), { certificate }, randomBytes);
    expect(decryptEnvelope(bomb, key)).toMatchObject({ ok: false });
    expect(decryptEnvelope(envelope(`<x xmlns="http://www.w3.org/2001/04/xmlenc#">${'<EncryptedData/>'.repeat(30)}</x>`), key)).toMatchObject({ ok: false, error: expect.stringContaining('more than 20') });
  });

  it('is nothing where nothing was', () => {
    expect(decryptEnvelope(envelope(CONTENT), key)).toEqual({ ok: true, value: envelope(CONTENT) });
    expect(decryptEnvelope('no xml', key)).toEqual({ ok: true, value: 'no xml' });
  });
});

describe('an endpoint that encrypts', () => {
  const endpoint = (settings: object): ConnectedEndpoint => ({
    organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, ...settings },
    entityTypes: [{ name: 'ticket', references: [], settings: { operations: { create: { body: '<t:Create><t:title>{{attributes.title}}</t:title></t:Create>' } }, response: { ticketId: { xpath: '//t:id' } } } }],
  });
  const delivery: OutboundDelivery = { id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'geheim' }, attachments: [], attempt: 1 };
  const sent = async (to: ConnectedEndpoint, answer = '') => {
    const asked: RenderedRequest[] = [];
    const call = (request: RenderedRequest): Promise<CallOutcome> => {
      asked.push(request);
      return Promise.resolve({ kind: 'answered', status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(answer) });
    };
    const result = await soap.outbound.send(delivery, to, { call } as never, new AbortController().signal);
    return { result, text: Buffer.from(asked[0]?.body ?? '').toString() };
  };

  it('sends what only the target can read, and shows what it is', async () => {
    const to = endpoint({ security: { encryption: { certificate } } });
    const { text } = await sent(to);
    expect(text).not.toContain('geheim');
    expect(decryptEnvelope(text.replace(/^<\?xml[^>]*\?>/, ''), key)).toMatchObject({ ok: true, value: expect.stringContaining('<t:title>geheim</t:title>') });
    const shown = soap.outbound.render(delivery, to);
    expect(shown.ok && Buffer.from(shown.value.body ?? '').toString()).toContain('<t:title>geheim</t:title>');
  });

  it('reads what the target encrypted for it', async () => {
    const answer = encryptEnvelope(envelope('<t:Created><t:id>7</t:id></t:Created>'), { certificate }, randomBytes);
    expect((await sent(endpoint({ encryptedAnswers: { key } }), answer)).result).toMatchObject({ outcome: 'success', ticketId: '7' });
    const signed = encryptEnvelope(signEnvelope(envelope('<t:Created><t:id>8</t:id></t:Created>'), key), { certificate }, randomBytes);
    expect((await sent(endpoint({ encryptedAnswers: { key }, signedAnswers: { certificates: [certificate] } }), signed)).result).toMatchObject({ outcome: 'success', ticketId: '8' });
    expect((await sent(endpoint({ encryptedAnswers: { key } }), encryptEnvelope(envelope('<t:a/>'), { certificate: stranger }, randomBytes))).result).toMatchObject({ outcome: 'unknown', error: expect.stringContaining('cannot be decrypted') });
  });

  it('cannot for a certificate that is none', async () => {
    const curve = pem('../../../net/fixture/client.pem');
    expect((await sent(endpoint({ security: { encryption: { certificate: curve } } }))).result).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('cannot be encrypted') });
    expect(checkSettings(soap.settings, { address: 'https://x.example', security: { encryption: { certificate, algorithm: 'rc4' } } }).map(({ pointer }) => pointer)).toEqual(['/security/encryption/algorithm']);
  });
});
