import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { buildConnector } from 'undici';
import { addressBytes } from './address.js';
import type { EgressPolicy } from './egress-policy.js';

/** A connection that the policy refuses; the sentence is for an operator. */
export class EgressRefused extends Error {
  readonly code = 'PARLEY_EGRESS';
}

/** What a connection needs besides its address. */
export interface ConnectionTls {
  /** PEM bundle that is trusted instead of the machine's. */
  readonly ca?: string;
  /** Client certificate and key, PEM. */
  readonly certificate?: string;
  readonly key?: string;
  /** Client certificate, its key and what signed it in one file (PKCS #12), in base64, and the password that opens it. */
  readonly pkcs12?: string;
  readonly passphrase?: string;
  /** The oldest version that is spoken; 1.2 without it. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** SHA-256 fingerprints (hex, with or without colons) of which the server's certificate must have one, besides being trusted. */
  readonly fingerprints?: readonly string[];
}

export interface ConnectorOptions {
  /** Port of the one origin that this connector serves. */
  readonly port: number;
  readonly connectMs: number;
  readonly tls: ConnectionTls;
  /** Whether Parley's own listen address may be dialled: the caller has checked the path. */
  readonly mayReachOwn: boolean;
}

/**
 * Makes connections that the policy allows: a name is resolved once, every answer is judged, and one of the judged
 * addresses is dialled, so that a second answer of the name server cannot get in between. One refused answer refuses the name.
 */
export function guardedConnector(policy: EgressPolicy, options: ConnectorOptions): buildConnector.connector {
  const judge = judgeOf(policy, options);
  const connect = buildConnector({ timeout: options.connectMs, lookup: judgedLookup(judge, options.port), ...secured(options.tls) });
  return (target, callback) => {
    if (addressBytes(target.hostname) === null) {
      connect(target, callback);
      return;
    }
    // A literal address never reaches the look-up.
    judge([{ address: target.hostname }], options.port).then(
      (refused) => (refused === null ? connect(target, callback) : callback(refused, null)),
      (error: Error) => callback(error, null),
    );
  };
}

/** Why one of several addresses of a name may not be dialled; null where all may. */
export type Judge = (addresses: readonly Pick<LookupAddress, 'address'>[], port: number) => Promise<EgressRefused | null>;

export function judgeOf(policy: EgressPolicy, { mayReachOwn }: Pick<ConnectorOptions, 'mayReachOwn'>): Judge {
  return async (addresses, port) => {
    for (const { address } of addresses) {
      const verdict = await policy.judge(address, port);
      if (verdict === 'allowed' || (verdict === 'own' && mayReachOwn)) continue;
      return new EgressRefused(`The address is ${verdict === 'own' ? "Parley's own" : verdict.refused}; connections to it are not allowed.`);
    }
    return null;
  };
}

/** What TLS is told. */
export function secured({ ca, certificate, key, pkcs12, passphrase, minVersion = 'TLSv1.2', fingerprints }: ConnectionTls) {
  return {
    allowH2: false, minVersion,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(pkcs12 === undefined ? {} : { pfx: Buffer.from(pkcs12, 'base64') }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(fingerprints === undefined ? {} : pinned(fingerprints)),
  };
}

/** A session that is taken up again would not be asked for its certificate. */
function pinned(fingerprints: readonly string[]): { readonly maxCachedSessions: number; readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined } {
  const known = new Set(fingerprints.map(fold));
  return {
    maxCachedSessions: 0,
    checkServerIdentity: (host, certificate) => checkServerIdentity(host, certificate)
      ?? (known.has(fold(certificate.fingerprint256)) ? undefined : Object.assign(new Error('another certificate'), { code: 'PARLEY_CERT_PIN' })),
  };
}

const fold = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

function judgedLookup(judge: Judge, port: number): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' }), '', 0);
        return;
      }
      judge(addresses, port).then(
        (refused) => {
          if (refused !== null) callback(refused, '', 0);
          else if (options.all === true) callback(null, addresses);
          else callback(null, first.address, first.family);
        },
        (failure: Error) => callback(failure, '', 0),
      );
    });
  };
}
