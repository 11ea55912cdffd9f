import type { GuardedHttp } from '../../net/index.js';
import type { OutboundHttp } from '../contract.js';
import type { LiveEndpoint } from './live-endpoint.js';

/** The guarded way out of an endpoint, with its own connections; cheap to ask for before each call. */
export const wayOut = (http: GuardedHttp, endpoint: LiveEndpoint): OutboundHttp =>
  http.client(`${endpoint.organization} ${endpoint.id}`, { slots: endpoint.delivery.slots, tls: endpoint.delivery.tls });
