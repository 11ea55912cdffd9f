import type { ConnectedEndpoint, OutboundHttp } from '../../../contract.js';

/** On whose behalf something is sent or fetched, by which way, and until when. */
export interface Caller {
  readonly endpoint: ConnectedEndpoint;
  readonly http: OutboundHttp;
  readonly signal: AbortSignal;
}
