import { addressBytes } from './address.js';
import { hostList, type HostList } from './host-list.js';

/** An HTTP proxy on the way to a target. */
export interface Proxy {
  /** `http://proxy.example:3128`, or https where the way to the proxy itself is encrypted. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** The proxy of the whole installation. */
export interface InstallationProxy extends Proxy {
  /** What is called without it. */
  readonly isExcepted: HostList;
}

/** A proxy that refuses or is not reached; the sentence names it as the place. */
export class ProxyFailed extends Error {
  readonly code = 'PARLEY_PROXY';
}

/** `Proxy-Authorization`; null where the proxy asks nobody who they are. */
export const proxyAuthorization = ({ username, password = '' }: Proxy): string | null =>
  (username === undefined ? null : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);

/** Reads the address of a proxy in which credentials may stand, and the list of hosts that are called without it. */
export function installationProxy(address: string, exceptions: string): InstallationProxy {
  const { protocol, host, username, password } = new URL(address);
  const isListed = hostList(exceptionsOf(exceptions));
  return {
    url: `${protocol}//${host}`,
    ...(username === '' ? {} : { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
    isExcepted: (hostname, port) => isLoopback(hostname) || isListed(hostname, port),
  };
}

const exceptionsOf = (list: string): readonly string[] => list.split(',').map((one) => one.trim()).filter((one) => one !== '');

/** A proxy would reach itself there, never what is meant. */
function isLoopback(hostname: string): boolean {
  const bytes = addressBytes(hostname);
  if (bytes === null) return /^(?:.+\.)?localhost\.?$/i.test(hostname);
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}
