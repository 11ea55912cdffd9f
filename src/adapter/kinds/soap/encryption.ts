import { constants, createCipheriv, createDecipheriv, createPublicKey, privateDecrypt, publicEncrypt, X509Certificate, type CipherGCM, type DecipherGCM } from 'node:crypto';
import { XMLSerializer, type Document, type Element, type Node } from '@xmldom/xmldom';
import { err, ok, type Result } from '../../../core/message/result.js';
import { readXml } from '../../place/xml-document.js';
import { childOf, textOf } from './envelope-reader.js';
import { BASE64_BINARY, SIGNATURE, THUMBPRINT, XENC, XENC11 } from './names.js';
import type { SoapSecurity } from './settings.js';
import { escapeAttribute } from './xml-template.js';

interface Cipher {
  readonly uri: string;
  readonly name: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly tagBytes: number;
}

const CIPHERS: Readonly<Record<NonNullable<NonNullable<SoapSecurity['encryption']>['algorithm']>, Cipher>> = {
  'aes256-gcm': { uri: `${XENC11}aes256-gcm`, name: 'aes-256-gcm', keyBytes: 32, ivBytes: 12, tagBytes: 16 },
  'aes128-gcm': { uri: `${XENC11}aes128-gcm`, name: 'aes-128-gcm', keyBytes: 16, ivBytes: 12, tagBytes: 16 },
  'aes256-cbc': { uri: `${XENC}aes256-cbc`, name: 'aes-256-cbc', keyBytes: 32, ivBytes: 16, tagBytes: 0 },
  'aes128-cbc': { uri: `${XENC}aes128-cbc`, name: 'aes-128-cbc', keyBytes: 16, ivBytes: 16, tagBytes: 0 },
};
const OAEP = `${XENC}rsa-oaep-mgf1p`;
const OAEP11 = `${XENC11}rsa-oaep`;
const SHA1 = `${SIGNATURE}sha1`;
const SHA256 = `${XENC}sha256`;
const MGF_SHA256 = `${XENC11}mgf1sha256`;
/** Encrypted parts of one envelope: the Body, the signature, a few more. */
const MOST_PARTS = 20;

/** Encrypts the content of the Body, and the UsernameToken, of an envelope of ours for the holder of a certificate. Throws where the certificate is not one of RSA. */
export function encryptEnvelope(xml: string, { certificate, algorithm = 'aes256-gcm' }: NonNullable<SoapSecurity['encryption']>, random: (bytes: number) => Uint8Array): string {
  const cipher = CIPHERS[algorithm];
  const publicKey = createPublicKey(certificate);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error('the key is not RSA');
  const key = random(cipher.keyBytes);
  const ids: string[] = [];
  const encrypted = (type: 'Content' | 'Element', text: string): string => {
    const id = `parley-encrypted-${ids.length + 1}`;
    ids.push(id);
    return `<xenc:EncryptedData xmlns:xenc="${XENC}" Id="${id}" Type="${XENC}${type}"><xenc:EncryptionMethod Algorithm="${cipher.uri}"/><xenc:CipherData><xenc:CipherValue>${seal(cipher, key, random(cipher.ivBytes), text)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`;
  };
  const made = xml
    .replace(/(<soap:Body\b[^>]*>)([^]+)(<\/soap:Body>\s*<\/soap:Envelope>)/, (_whole, open: string, content: string, close: string) => open + encrypted('Content', content) + close)
    .replace(/<wsse:UsernameToken>[^]*?<\/wsse:UsernameToken>/, (token) => encrypted('Element', token));
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, key).toString('base64');
  const thumbprint = Buffer.from(new X509Certificate(certificate).fingerprint.replaceAll(':', ''), 'hex').toString('base64');
  // Who reads the header in order must have the key before what it opens.
  const encryptedKey = `<xenc:EncryptedKey xmlns:xenc="${XENC}"><xenc:EncryptionMethod Algorithm="${OAEP}"><ds:DigestMethod xmlns:ds="${SIGNATURE}" Algorithm="${SHA1}"/></xenc:EncryptionMethod>`
    + `<ds:KeyInfo xmlns:ds="${SIGNATURE}"><wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="${THUMBPRINT}" EncodingType="${BASE64_BINARY}">${thumbprint}</wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo>`
    + `<xenc:CipherData><xenc:CipherValue>${wrapped}</xenc:CipherValue></xenc:CipherData><xenc:ReferenceList>${ids.map((id) => `<xenc:DataReference URI="#${id}"/>`).join('')}</xenc:ReferenceList></xenc:EncryptedKey>`;
  return ids.length === 0 ? made : made.replace(/<wsse:Security\b[^>]*>/, (open) => (open.endsWith('/>') ? `${open.slice(0, -2)}>${encryptedKey}</wsse:Security>` : open + encryptedKey));
}

function seal({ name, tagBytes }: Cipher, key: Uint8Array, iv: Uint8Array, text: string): string {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), ...(tagBytes > 0 ? [(cipher as CipherGCM).getAuthTag()] : [])]).toString('base64');
}

/**
 * An envelope with everything in clear that was encrypted for a key; the same text where nothing is. Which of the steps does not work is not told:
 * whoever has changed the bytes could learn from it what they say.
 */
export function decryptEnvelope(xml: string, privateKey: string): Result<string, string> {
  const read = readXml(xml);
  if (!read.ok) return ok(xml); // it is judged as what it is
  const document = read.value;
  const parts = Array.from(document.getElementsByTagNameNS(XENC, 'EncryptedData'));
  if (parts.length === 0) return ok(xml);
  if (parts.length > MOST_PARTS) return err(`it has more than ${MOST_PARTS} encrypted parts`);
  try {
    const keys = Array.from(document.getElementsByTagNameNS(XENC, 'EncryptedKey')).map((one) => unwrapped(one, privateKey));
    for (const part of parts) replaceBy(part, opened(part, keys), document);
    return ok(new XMLSerializer().serializeToString(document));
  } catch {
    return err('it cannot be decrypted with the key of the settings');
  }
}

const algorithmOf = (element: Element | null): string => element?.getAttribute('Algorithm') ?? '';
const cipherValue = (element: Element): Buffer => Buffer.from((textOf(childOf(element, 'CipherData', XENC), 'CipherValue', XENC) ?? '').replace(/\s+/g, ''), 'base64');

function unwrapped(encryptedKey: Element, privateKey: string): Buffer {
  const method = childOf(encryptedKey, 'EncryptionMethod', XENC);
  const digest = algorithmOf(method === null ? null : childOf(method, 'DigestMethod', SIGNATURE)) || SHA1;
  const mask = algorithmOf(method === null ? null : childOf(method, 'MGF', XENC11));
  const hash = algorithmOf(method) === OAEP && digest === SHA1 ? 'sha1' : algorithmOf(method) === OAEP11 && digest === SHA256 && mask === MGF_SHA256 ? 'sha256' : null;
  if (hash === null) throw new Error('the key is wrapped in a way that is not accepted');
  return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, cipherValue(encryptedKey));
}

function opened(part: Element, keys: readonly Buffer[]): string {
  const uri = algorithmOf(childOf(part, 'EncryptionMethod', XENC));
  const cipher = Object.values(CIPHERS).find((one) => one.uri === uri);
  if (cipher === undefined) throw new Error('it is encrypted in a way that is not accepted');
  const bytes = cipherValue(part);
  for (const key of keys.filter(({ length }) => length === cipher.keyBytes)) {
    try {
      return unsealed(cipher, key, bytes);
    } catch {
      continue; // another part's key
    }
  }
  throw new Error('no key opens it');
}

function unsealed({ name, ivBytes, tagBytes }: Cipher, key: Buffer, bytes: Buffer): string {
  const decipher = createDecipheriv(name, key, bytes.subarray(0, ivBytes));
  // The padding of XML Encryption says its length in its last byte alone; the others may be anything.
  if (tagBytes > 0) (decipher as DecipherGCM).setAuthTag(bytes.subarray(bytes.length - tagBytes));
  else decipher.setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes)), decipher.final()]);
  const padding = tagBytes > 0 ? 0 : (clear.at(-1) ?? 0);
  if (tagBytes === 0 && (padding < 1 || padding > ivBytes || padding > clear.length)) throw new Error('the padding does not fit');
  return new TextDecoder('utf-8', { fatal: true }).decode(clear.subarray(0, clear.length - padding));
}

/** Puts what was encrypted into its place, read with the prefixes that are known there. */
function replaceBy(part: Element, text: string, document: Document): void {
  const declared = new Map<string, string>();
  for (let at: Node | null = part.parentNode; at !== null && at.nodeType === 1; at = at.parentNode) {
    for (const { name, value } of Array.from((at as Element).attributes)) if (/^xmlns(?::|$)/.test(name) && !declared.has(name)) declared.set(name, value);
  }
  const scope = [...declared].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  const read = readXml(`<parley-clear${scope}>${text}</parley-clear>`);
  if (!read.ok) throw new Error('it holds no XML');
  for (const child of Array.from(read.value.documentElement!.childNodes)) part.parentNode!.insertBefore(document.importNode(child, true), part);
  part.parentNode!.removeChild(part);
}
