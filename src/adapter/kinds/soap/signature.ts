import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { Element } from '@xmldom/xmldom';
import { XMLSerializer } from '@xmldom/xmldom';
import { err, ok, type Result } from '../../../core/message/result.js';
import { readXml } from '../../place/xml-document.js';
import { childOf, childrenOf } from './envelope-reader.js';
import { isEnvelopeNamespace, SIGNATURE, WSSE, WSU } from './names.js';
import { TIMESTAMP_ID, TOKEN_ID } from './security.js';

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
/** What an answer may be signed with; everything else (SHA-1, HMAC under a public key, other transforms) is refused. */
const ALGORITHMS = new Set([RSA_SHA256, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512']);
const DIGESTS = new Set([SHA256, 'http://www.w3.org/2001/04/xmlenc#sha512']);

const at = (...names: string[]): string => names.map((name) => `/*[local-name(.)='${name}']`).join('');

/** Signs Body, and Timestamp where there is one, with the key of the certificate that stands in the header. Throws where the key cannot sign. */
export function signEnvelope(xml: string, key: string): string {
  // A key of another kind would sign all the same, and nobody else could verify what the signature says of itself.
  if (createPrivateKey(key).asymmetricKeyType !== 'rsa') throw new Error('the key is not RSA');
  const signed = new SignedXml({
    idMode: 'wssecurity', privateKey: key, signatureAlgorithm: RSA_SHA256, canonicalizationAlgorithm: EXCLUSIVE,
    getKeyInfoContent: () => `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:Reference URI="#${TOKEN_ID}" ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"/></wsse:SecurityTokenReference>`,
  });
  const reference = (xpath: string): void => signed.addReference({ xpath, transforms: [EXCLUSIVE], digestAlgorithm: SHA256 });
  reference(at('Envelope', 'Body'));
  if (xml.includes(`wsu:Id="${TIMESTAMP_ID}"`)) reference(at('Envelope', 'Header', 'Security', 'Timestamp'));
  signed.computeSignature(xml, { prefix: 'ds', location: { reference: at('Envelope', 'Header', 'Security'), action: 'append' } });
  return signed.getSignedXml();
}

interface Freshness {
  readonly nowMs: number;
  readonly maxAgeSeconds: number;
}

/**
 * Checks the signature of an envelope against certificates that are known beforehand (never those it brings), and answers the signed
 * Body alone as an envelope: whatever else stands in the document is not read. The reason where it does not hold.
 */
export function verifiedBody(xml: string, certificates: readonly string[], freshness: Freshness): Result<string, string> {
  const signed = signedParts(xml, certificates);
  return signed.ok ? bodyAmong(signed.value, freshness) : signed;
}

/** What the signature of an envelope covers, each in its canonical form; the reason where it is not that of a certificate that is trusted. */
export function signedParts(xml: string, certificates: readonly string[]): Result<readonly string[], string> {
  const read = readXml(xml);
  if (!read.ok) return err(read.error.message);
  const envelope = read.value.documentElement!;
  const headers = childrenOf(envelope, 'Header');
  const security = headers.flatMap((header) => childrenOf(header, 'Security', WSSE));
  const signatures = security.flatMap((one) => childrenOf(one, 'Signature', SIGNATURE));
  if (headers.length !== 1 || signatures.length !== 1) return err('it is not signed once');
  const problem = algorithmProblem(signatures[0]!);
  if (problem !== null) return err(problem);
  const node = new XMLSerializer().serializeToString(signatures[0]!);
  for (const certificate of certificates) {
    const references = signedBy(certificate, node, xml);
    if (references !== null) return ok(references);
  }
  return err('its signature is not that of a trusted certificate');
}

function algorithmProblem(signature: Element): string | null {
  const info = childOf(signature, 'SignedInfo', SIGNATURE);
  if (info === null) return 'its signature has no SignedInfo';
  const algorithm = (element: Element | null): string => element?.getAttribute('Algorithm') ?? '';
  if (!ALGORITHMS.has(algorithm(childOf(info, 'SignatureMethod', SIGNATURE)))) return 'it is signed with an algorithm that is not accepted';
  if (algorithm(childOf(info, 'CanonicalizationMethod', SIGNATURE)) !== EXCLUSIVE) return 'its signature is not in exclusive canonical form';
  for (const reference of childrenOf(info, 'Reference', SIGNATURE)) {
    if (!DIGESTS.has(algorithm(childOf(reference, 'DigestMethod', SIGNATURE)))) return 'it has a digest that is not accepted';
    const transforms = childrenOf(reference, 'Transforms', SIGNATURE).flatMap((one) => childrenOf(one, 'Transform', SIGNATURE));
    if (transforms.length !== 1 || algorithm(transforms[0]!) !== EXCLUSIVE) return 'it has a transform that is not accepted';
  }
  return null;
}

/** The canonical forms of what the signature covers, null where it does not fit. */
function signedBy(certificate: string, signature: string, xml: string): readonly string[] | null {
  try {
    if (createPublicKey(certificate).asymmetricKeyType !== 'rsa') return null;
    const checked = new SignedXml({ idMode: 'wssecurity', publicCert: certificate, getCertFromKeyInfo: () => null });
    checked.loadSignature(signature);
    return checked.checkSignature(xml) ? checked.getSignedReferences() : null;
  } catch {
    return null; // what cannot be checked is not signed
  }
}

function bodyAmong(references: readonly string[], freshness: Freshness): Result<string, string> {
  let body: string | null = null;
  let isOld = false;
  for (const canonical of references) {
    const root = readXml(canonical);
    const element = root.ok ? root.value.documentElement : null;
    if (element === null) continue;
    if (element.localName === 'Body' && isEnvelopeNamespace(element.namespaceURI)) {
      if (body !== null) return err('more than one Body is signed');
      body = `<${element.prefix === null ? '' : `${element.prefix}:`}Envelope xmlns${element.prefix === null ? '' : `:${element.prefix}`}="${element.namespaceURI ?? ''}">${canonical}</${element.prefix === null ? '' : `${element.prefix}:`}Envelope>`;
    } else if (element.localName === 'Timestamp' && element.namespaceURI === WSU) isOld = !isFresh(element, freshness);
  }
  if (body === null) return err('its Body is not signed');
  return isOld ? err('its Timestamp is too old') : ok(body);
}

/** Whether a Timestamp was made by now, and has not ended. */
export function isFresh(timestamp: Element, { nowMs, maxAgeSeconds }: Freshness): boolean {
  const created = Date.parse(childOf(timestamp, 'Created', WSU)?.textContent ?? '');
  const expires = Date.parse(childOf(timestamp, 'Expires', WSU)?.textContent ?? '');
  return !Number.isNaN(created) && Math.abs(nowMs - created) <= maxAgeSeconds * 1_000 && (Number.isNaN(expires) || expires >= nowMs);
}
