import { Pool } from 'undici';
import type { Failure } from '../core/message/failure.js';
import type { Result } from '../core/message/result.js';
import { Call, faultOf, type CallFault, type Outcome } from './call.js';
import type { CallLimits } from './call-limits.js';
import { decompress } from './decompress.js';
import type { EgressPolicy } from './egress-policy.js';
import { guardedConnector, type ConnectionTls } from './guarded-connector.js';
import { hostList, type HostList } from './host-list.js';
import { judgedAddress } from './judged-address.js';
import { proxyAuthorization, type InstallationProxy, type Proxy } from './proxy.js';
import { proxyConnector, proxyWantsCredentials } from './proxy-connector.js';
import { requestProblem } from './request-shape.js';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** How one endpoint is connected. Endpoints never share connections, so that credentials never meet. */
export interface Connection {
  /** Most requests under way at once; each has a connection of its own. */
  readonly slots: number;
  readonly tls?: ConnectionTls;
  /** The proxy to call through; the installation's where absent, none where it says `direct`. */
  readonly proxy?: Proxy | 'direct';
  /** Hosts that may be called, as `hostList` reads them; any where absent. */
  readonly hosts?: readonly string[];
  /** Paths of Parley's own listen address that this caller may reach besides the sandboxes; none where absent. */
  readonly ownPaths?: (path: string) => boolean;
}

/** The guarded way out of one endpoint. */
export interface GuardedClient {
  /** `mayBegin` is asked right before the first byte is written: a process that stood still until then knows nothing of it from its timers yet. */
  call(request: HttpRequest, limits: CallLimits, signal: AbortSignal, mayBegin?: () => boolean): Promise<Outcome>;
  /** The address to dial for other protocols: resolved once and judged. */
  address(host: string, port: number): Promise<Result<string, Failure>>;
}

/** Connections without a request are closed after this time, if the target does not ask for less. */
const KEEP_ALIVE_MS = 15_000;
const IDLE_CLIENT_MS = 10 * 60_000;

/**
 * The one way out over HTTP: egress policy at connect time on the resolved address, TLS 1.2 or newer, no redirects,
 * limits of time and size, also of what is decompressed. Never throws: every ending of a call is an outcome.
 */
export class GuardedHttp {
  private readonly clients = new Map<string, EndpointClient>();
  private readonly openPaths: ((path: string) => boolean)[] = [];

  /** `proxy`: of the whole installation, for all that name none of their own. */
  constructor(readonly policy: EgressPolicy, private readonly proxy: InstallationProxy | null = null) {}

  /** Registers paths of Parley's own listen address that endpoints may reach: the exact prefixes of sandboxes that exist. */
  openOwnPaths(isOpen: (path: string) => boolean): void {
    this.openPaths.push(isOpen);
  }

  /** The client of an endpoint, kept under `key` (organization and endpoint); a changed connection replaces it. */
  client(key: string, connection: Connection): GuardedClient {
    const known = this.clients.get(key);
    if (known !== undefined && isSame(known.connection, connection)) return known;
    if (known === undefined) this.closeIdle();
    const made = new EndpointClient({ policy: this.policy, proxy: this.proxy }, connection, (path) => connection.ownPaths?.(path) === true || this.openPaths.some((isOpen) => isOpen(path)));
    this.clients.set(key, made);
    known?.close();
    return made;
  }

  /** Closes all connections; requests under way are cut. */
  async close(): Promise<void> {
    const all = [...this.clients.values()];
    this.clients.clear();
    await Promise.all(all.map((client) => client.destroy()));
  }

  private closeIdle(): void {
    const before = Date.now() - IDLE_CLIENT_MS;
    for (const [key, client] of this.clients) {
      if (client.usedAt > before) continue;
      this.clients.delete(key);
      client.close();
    }
  }
}

class EndpointClient implements GuardedClient {
  usedAt = Date.now();
  private readonly pools = new Map<string, Pool>();
  private readonly isAllowed: HostList;

  constructor(
    private readonly installation: { readonly policy: EgressPolicy; readonly proxy: InstallationProxy | null },
    readonly connection: Connection,
    private readonly isOpen: (path: string) => boolean,
  ) {
    this.isAllowed = connection.hosts === undefined ? () => true : hostList(connection.hosts);
  }

  async call(request: HttpRequest, limits: CallLimits, signal: AbortSignal, mayBegin: () => boolean = () => true): Promise<Outcome> {
    this.usedAt = Date.now();
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return refused('The address is not an http or https URL.');
    if (url.username !== '' || url.password !== '') return refused('The address holds credentials; they belong into the settings.');
    const problem = requestProblem(request.method, request.headers);
    if (problem !== null) return refused(problem);
    if (signal.aborted) return { kind: 'failed', reason: 'aborted', message: 'The call was given up by this process.', written: false };
    if (!this.isAllowed(url.hostname, portOf(url))) return refused(`The host ${url.hostname} is not among those that this endpoint may call (allowedHosts).`, 'egress');
    const way = this.wayTo(url);
    const isForwarded = way !== null && url.protocol === 'http:';
    const sent = isForwarded ? forwarded(request.headers, way.proxy) : request.headers;
    const pool = this.pool(url, limits.connectMs, way);
    const outcome = await decompress(await new Promise<Outcome>((resolve) => {
      const call = new Call(resolve, signal, limits.totalMs, limits.maxAnswerBytes, mayBegin);
      try {
        pool.dispatch({
          path: (isForwarded ? url.origin : '') + url.pathname + url.search, method: request.method, headers: sent, body: bytes(request.body),
          headersTimeout: limits.headersMs, bodyTimeout: 0, // the total limit bounds the body
        }, call);
      } catch (error) {
        const fault = faultOf(error as Error);
        call.fail(fault.reason, fault.message);
      }
    }), limits.maxAnswerBytes);
    // The proxy's own answer: it passed nothing on.
    return isForwarded && outcome.kind === 'answered' && outcome.status === 407 ? refused(proxyWantsCredentials(way), 'proxy') : outcome;
  }

  address(host: string, port: number): Promise<Result<string, Failure>> {
    return judgedAddress(this.installation.policy, host, port);
  }

  /** Lets requests under way end, then closes. */
  close(): void {
    for (const pool of this.pools.values()) pool.close().catch(() => undefined); // closed twice: nothing left to do
  }

  async destroy(): Promise<void> {
    await Promise.allSettled([...this.pools.values()].map((pool) => pool.destroy()));
  }

  /** The proxy on the way to an address; null where it is called directly. */
  private wayTo(url: URL): Way | null {
    const { proxy } = this.connection;
    if (proxy === 'direct') return null;
    if (proxy !== undefined) return { proxy, isInstallations: false };
    const { proxy: common } = this.installation;
    return common === null || common.isExcepted(url.hostname, portOf(url)) ? null : { proxy: common, isInstallations: true };
  }

  private pool(url: URL, connectMs: number, way: Way | null): Pool {
    const mayReachOwn = this.isOpen(url.pathname);
    const key = `${url.origin} ${mayReachOwn} ${connectMs}`;
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const { policy } = this.installation;
    const options = { port: portOf(url), connectMs, mayReachOwn, tls: this.connection.tls ?? {} };
    const made = new Pool(url.origin, {
      connections: this.connection.slots, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: 60_000, maxHeaderSize: 65_536,
      connect: way === null ? guardedConnector(policy, options) : proxyConnector(policy, { ...options, ...way }),
    });
    this.pools.set(key, made);
    return made;
  }
}

interface Way {
  readonly proxy: Proxy;
  readonly isInstallations: boolean;
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

/** Headers of a request that a proxy reads itself. */
function forwarded(headers: HttpRequest['headers'], proxy: Proxy): HttpRequest['headers'] {
  const credentials = proxyAuthorization(proxy);
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'proxy-authorization');
  return Object.fromEntries(credentials === null ? own : [...own, ['proxy-authorization', credentials]]);
}

const refused = (message: string, reason: CallFault = 'invalid-request'): Outcome => ({ kind: 'failed', reason, message, written: false });

function bytes(body: Uint8Array | null): Buffer | null {
  if (body === null || body.byteLength === 0) return null;
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function isSame(one: Connection, other: Connection): boolean {
  return one.slots === other.slots && one.ownPaths === other.ownPaths && isEqual(one.tls, other.tls) && isEqual(one.proxy, other.proxy) && isEqual(one.hosts, other.hosts);
}

/** Asked before each call, mostly of the same objects. */
const isEqual = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one ?? {}) === JSON.stringify(other ?? {});
