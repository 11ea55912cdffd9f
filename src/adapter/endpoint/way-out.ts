import type { Connection, GuardedHttp } from '../../net/index.js';
import type { OutboundHttp } from '../contract.js';
import type { LiveEndpoint } from './live-endpoint.js';

/** How an endpoint is called, whatever for. */
export const connectionOf = ({ delivery: { slots, tls, proxy, hosts } }: LiveEndpoint): Connection =>
  ({ slots, tls, ...(proxy === undefined ? {} : { proxy }), ...(hosts === undefined ? {} : { hosts }) });

/** The guarded way out of an endpoint, with its own connections; cheap to ask for before each call. `mayCall`: asked right before anything is written. */
export function wayOut(http: GuardedHttp, endpoint: LiveEndpoint, mayCall?: () => boolean): OutboundHttp {
  const client = http.client(`${endpoint.organization} ${endpoint.id}`, connectionOf(endpoint));
  if (mayCall === undefined) return client;
  return { call: (request, limits, signal) => client.call(request, limits, signal, mayCall), address: (host, port) => client.address(host, port), mayCall };
}
