import { describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSettings } from '../setting/check-settings.js';
import { ADMISSION_SCHEMA, type AdmissionSettings } from '../setting/admission-settings.js';
import { doorOf, type Caller } from './door.js';

const PEM = readFileSync(join(import.meta.dirname, '../../net/fixture/client.pem'), 'utf8');
const OTHER = readFileSync(join(import.meta.dirname, '../../net/fixture/stranger.pem'), 'utf8');
const { raw, fingerprint256 } = new X509Certificate(PEM);
const DER = raw.toString('base64');

const from = (address: string, headers: Caller['headers'] = {}, isProxied = true): Caller => ({ address, isProxied, headers });
const code = (settings: AdmissionSettings, caller: Caller): string | null => doorOf(settings)(caller)?.code ?? null;

describe('an inbound address', () => {
  it('takes requests from anywhere where nothing is set', () => {
    expect(code({}, from('203.0.113.7', {}, false))).toBeNull();
  });

  it('takes them from the addresses that are set alone', () => {
    const settings = { addresses: ['203.0.113.0/24', '2001:db8::/32'] };
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::9']) expect(code(settings, from(address))).toBeNull();
    for (const address of ['203.0.114.9', '2001:db9::9', '', 'unknown']) expect(code(settings, from(address))).toBe('address-not-allowed');
    expect(doorOf(settings)(from('198.51.100.1'))?.message).toBe('This endpoint takes no requests from the address 198.51.100.1.');
  });

  it.each([
    ['as RFC 9440 has it', `:${DER}:`], ['as nginx escapes it', encodeURIComponent(PEM)], ['with blanks for line ends', PEM.replaceAll('\n', ' ')], ['as Traefik does, with a chain', `${DER},${new X509Certificate(OTHER).raw.toString('base64')}`],
  ])('takes a client certificate that a proxy hands on %s', (_how, given) => {
    const settings = { certificate: { header: 'Client-Cert', allowed: [fingerprint256] } };
    expect(code(settings, from('10.0.0.1', { 'client-cert': given }))).toBeNull();
    expect(code({ certificate: { ...settings.certificate, allowed: [fingerprint256.replaceAll(':', '').toLowerCase()] } }, from('10.0.0.1', { 'client-cert': given }))).toBeNull();
  });

  it('takes no other certificate, and believes nobody but a proxy', () => {
    const settings = { certificate: { header: 'Client-Cert', allowed: [fingerprint256] } };
    expect(code(settings, from('10.0.0.1', { 'client-cert': encodeURIComponent(OTHER) }))).toBe('certificate-not-allowed');
    expect(code(settings, from('10.0.0.1', { 'client-cert': `:${DER}:` }, false))).toBe('certificate-missing');
    for (const given of [undefined, '', ' ', [DER, DER]]) expect(code(settings, from('10.0.0.1', { 'client-cert': given }))).toBe('certificate-missing');
    for (const given of ['x', ':', '%', '%00', '%E0%A4%A', 'null', `${DER.slice(0, 100)}`, '-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----', fingerprint256, `:${DER}:, :${DER}:`, `${DER}, `, 'A'.repeat(60_000)]) {
      expect(code(settings, from('10.0.0.1', { 'client-cert': given }))).toBe('certificate-unreadable');
    }
  });

  it('takes what a proxy says of a certificate', () => {
    const settings: AdmissionSettings = { certificate: { header: 'x-ssl-client-s-dn', form: 'text', allowed: ['CN=Vendor X,O=X', 'AB:cd:01'] } };
    for (const given of ['CN=Vendor X,O=X', ' CN=Vendor X,O=X ', 'abcd01', 'AB:CD:01']) expect(code(settings, from('10.0.0.1', { 'x-ssl-client-s-dn': given }))).toBeNull();
    for (const given of ['cn=vendor x,o=x', 'CN=Vendor X', 'abcd', 'CN=Vendor X,O=X, CN=other']) expect(code(settings, from('10.0.0.1', { 'x-ssl-client-s-dn': given }))).toBe('certificate-not-allowed');
  });

  it('must be described by networks, and by certificates that are named', () => {
    const problems = (given: unknown): string[] => checkSettings(ADMISSION_SCHEMA, given).map(({ pointer }) => pointer);
    expect(problems({ addresses: ['10.0.0.0/8', '::1'], certificate: { header: 'Client-Cert', allowed: ['ab'] } })).toEqual([]);
    expect(problems({ addresses: ['10.0.0.0/8', '10.0.0.0/40', 'example.com', ''] })).toEqual(['/addresses/1', '/addresses/2', '/addresses/3']);
    expect(problems({ addresses: [] })).toEqual(['/addresses']);
    expect(problems({ certificate: { header: 'no blank', allowed: [] } })).toEqual(['/certificate/header', '/certificate/allowed']);
    expect(problems({ certificate: {} })).toEqual(['/certificate/header', '/certificate/allowed']);
  });
});
