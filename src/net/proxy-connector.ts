import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { addressBytes } from './address.js';
import { faultOf, type CallFault } from './call.js';
import type { EgressPolicy } from './egress-policy.js';
import { guardedConnector, judgeOf, secured, type ConnectorOptions, type EgressRefused, type Judge } from './guarded-connector.js';
import { proxyAuthorization, ProxyFailed, type Proxy } from './proxy.js';

export interface ProxyConnectorOptions extends ConnectorOptions {
  readonly proxy: Proxy;
  /** Whether the operator of this installation chose it: then it may be anywhere, and is not named to others. */
  readonly isInstallations: boolean;
}

type Target = Parameters<buildConnector.connector>[0];

/**
 * Makes connections that lead through a proxy: a tunnel (CONNECT) for https, the connection to the proxy itself for http. The target is judged
 * here as far as it can be known; a name that does not resolve here is the proxy's to resolve, and to judge.
 */
export function proxyConnector(policy: EgressPolicy, options: ProxyConnectorOptions): buildConnector.connector {
  const judge = judgeOf(policy, options);
  const secure = buildConnector({ timeout: options.connectMs, ...secured(options.tls) });
  const dial = dialler(policy, options);
  const open = async (target: Target): Promise<Socket> => {
    const refused = await judgeBeyond(judge, target.hostname, options.port);
    if (refused !== null) throw refused;
    const socket = await dial();
    return target.protocol === 'https:' ? tunnel(socket, `${inBrackets(target.hostname)}:${options.port}`, options) : socket;
  };
  return (target, callback) => {
    open(target).then(
      (socket) => (target.protocol === 'https:' ? secure({ ...target, httpSocket: socket }, callback) : callback(null, socket)),
      (error: Error) => callback(error, null),
    );
  };
}

const inBrackets = (hostname: string): string => (hostname.includes(':') ? `[${hostname}]` : hostname);

async function judgeBeyond(judge: Judge, hostname: string, port: number): Promise<EgressRefused | null> {
  const literal = addressBytes(hostname) !== null;
  const addresses = literal ? [{ address: hostname }] : await lookup(hostname, { all: true }).catch(() => []);
  return judge(addresses, port);
}

function dialler(policy: EgressPolicy, options: ProxyConnectorOptions): () => Promise<Socket> {
  const { hostname, protocol, host, port: given } = new URL(options.proxy.url);
  const port = Number(given) || (protocol === 'https:' ? 443 : 80);
  const plain = { timeout: options.connectMs, allowH2: false, minVersion: 'TLSv1.2' as const };
  const connect = options.isInstallations ? buildConnector(plain) : guardedConnector(policy, { port, connectMs: options.connectMs, tls: {}, mayReachOwn: false });
  return () => new Promise((resolve, reject) => {
    connect({ hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port: String(port) }, (error, socket) => {
      if (error === null) resolve(socket);
      else reject(new ProxyFailed(`${named(options)} is not reached: ${reasonOf(error)}`, { cause: error }));
    });
  });
}

/** The socket as a tunnel to the target, once the proxy has agreed. */
function tunnel(socket: Socket, target: string, options: ProxyConnectorOptions): Promise<Socket> {
  const credentials = proxyAuthorization(options.proxy);
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: Error): void => {
      socket.destroy();
      reject(new ProxyFailed(message, { cause }));
    };
    const asked = request({
      method: 'CONNECT', path: target, createConnection: () => socket, timeout: options.connectMs,
      headers: { host: target, connection: 'keep-alive', ...(credentials === null ? {} : { 'proxy-authorization': credentials }) },
    });
    asked.once('connect', ({ statusCode = 0 }, _socket, head) => {
      asked.setTimeout(0);
      if (statusCode < 200 || statusCode >= 300) fail(refusalWords(statusCode, target, options));
      else {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      }
    });
    asked.once('timeout', () => fail(`${named(options)} did not connect to ${target} in time.`));
    asked.once('error', (error) => fail(`${named(options)} is not reached: ${reasonOf(error)}`, error));
    asked.end();
  });
}

function refusalWords(status: number, target: string, options: Pick<ProxyConnectorOptions, 'proxy' | 'isInstallations'>): string {
  if (status === 407) return proxyWantsCredentials(options);
  if (status === 403) return `${named(options)} lets nobody through to ${target} (403).`;
  return `${named(options)} could not connect to ${target}: it answered ${status}.`;
}

/** The sentence where a proxy answers 407. */
export const proxyWantsCredentials = (options: Pick<ProxyConnectorOptions, 'proxy' | 'isInstallations'>): string =>
  `${named(options)} ${options.proxy.username === undefined ? 'asks for credentials' : 'does not take its credentials'} (407).`;

const named = ({ proxy, isInstallations }: Pick<ProxyConnectorOptions, 'proxy' | 'isInstallations'>): string =>
  (isInstallations ? 'The proxy of this installation' : `The proxy ${new URL(proxy.url).host}`);

const REASONS: Partial<Record<CallFault, string>> = {
  dns: 'its name does not resolve.', refused: 'it refuses connections.', 'connect-timeout': 'no connection was made in time.', cut: 'it cut the connection.', garbage: 'it does not speak HTTP.',
};

function reasonOf(error: Error): string {
  const { reason, message } = faultOf(error);
  return REASONS[reason] ?? message;
}
