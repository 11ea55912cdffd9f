import { X509Certificate } from 'node:crypto';
import { failure, type Failure } from '../../core/message/failure.js';
import { networkList } from '../../net/index.js';
import type { ConnectedEndpoint } from '../contract.js';
import type { AdmissionSettings, CertificateSettings } from '../setting/admission-settings.js';

/** Who calls an inbound address, as the connection tells it. */
export interface Caller {
  /** By the reverse proxies that are believed; else the other end of the connection. */
  readonly address: string;
  /** Whether it came through a reverse proxy that is believed, which said so. */
  readonly isProxied: boolean;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Door = (caller: Caller) => Failure | null;

const known = new WeakMap<ConnectedEndpoint, Door>();

/** Why an endpoint does not take requests from this caller, whatever its credentials; null where it does. */
export function refusalAt(endpoint: ConnectedEndpoint, caller: Caller): Failure | null {
  const door = known.get(endpoint) ?? doorOf((endpoint.settings['admission'] as AdmissionSettings | undefined) ?? {});
  known.set(endpoint, door);
  return door(caller);
}

/** Compiles what the settings say. */
export function doorOf({ addresses, certificate }: AdmissionSettings): Door {
  const isAllowed = addresses === undefined ? null : networkList(addresses);
  const ofCertificate = certificate === undefined ? null : certificateDoor(certificate);
  return (caller) => {
    if (isAllowed !== null && !isAllowed(caller.address)) return failure('denied', 'address-not-allowed', `This endpoint takes no requests from the address ${caller.address}.`);
    return ofCertificate?.(caller) ?? null;
  };
}

function certificateDoor({ header, form = 'certificate', allowed }: CertificateSettings): Door {
  const folded = new Set(allowed.map(fold));
  return ({ isProxied, headers }) => {
    const given = headers[header.toLowerCase()];
    if (!isProxied) return failure('denied', 'certificate-missing', 'The request did not come through a reverse proxy that may hand on a client certificate.');
    if (typeof given !== 'string' || given.trim() === '') return failure('denied', 'certificate-missing', `The reverse proxy handed on no client certificate in the header ${header}.`);
    const shown = form === 'text' ? given.trim() : fingerprintOf(given);
    if (shown === null) return failure('denied', 'certificate-unreadable', `The header ${header} holds no certificate that can be read.`);
    return folded.has(fold(shown)) ? null : failure('denied', 'certificate-not-allowed', 'This endpoint does not take requests with this client certificate.');
  };
}

/** Fingerprints are written with colons and without, large and small. */
const fold = (text: string): string => (/^[0-9a-f:\s]+$/i.test(text) ? text.replaceAll(/[:\s]/g, '').toLowerCase() : text.trim());

/** The SHA-256 of a certificate as proxies hand it on: PEM, percent-encoded or with blanks for line ends, or base64 of its DER, with colons around it (RFC 9440), the first of a chain. */
function fingerprintOf(header: string): string | null {
  // Several headers in one, by a proxy that adds its own to the caller's.
  if (/,\s/.test(header)) return null;
  try {
    const plain = header.includes('%') ? decodeURIComponent(header) : header;
    const [, base64 = plain.split(',', 1)[0]!.replaceAll(':', '')] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(plain) ?? [];
    return new X509Certificate(Buffer.from(base64.replaceAll(/\s/g, ''), 'base64')).fingerprint256;
  } catch {
    return null;
  }
}
