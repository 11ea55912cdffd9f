export { DEFAULT_LIMITS, type CallLimits } from './call-limits.js';
export type { Answered, CallFault, Outcome, Unanswered } from './call.js';
export { EgressPolicy, type EgressRules, type Service } from './egress-policy.js';
export { FetchFailed, guardedFetch } from './guarded-fetch.js';
export type { ConnectionTls } from './guarded-connector.js';
export { GuardedHttp, type Connection, type GuardedClient, type HttpRequest } from './guarded-http.js';
export { isNetwork, networkList } from './network-list.js';
export { NetModule } from './net.module.js';
