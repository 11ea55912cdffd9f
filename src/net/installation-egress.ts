import type { Settings } from '../config/settings.js';
import { EgressPolicy, type Service } from './egress-policy.js';
import { installationProxy, type InstallationProxy } from './proxy.js';

/** The policy of this installation: its own stores are out of reach for endpoints. */
export function installationEgress(settings: Settings): EgressPolicy {
  const forbidden = [
    ...serviceOf('PostgreSQL server', settings.databaseUrl, 5432),
    ...serviceOf('Redis server', settings.redisUrl, 6379),
  ];
  const policy = new EgressPolicy({ allowPrivate: settings.egressPrivate === 'allow', forbidden });
  policy.listeningOn(settings.host, settings.port);
  return policy;
}

/** The proxy that everything goes through which names none of its own; null where there is none. */
export function proxyOfInstallation({ httpProxy, noProxy = '' }: Settings): InstallationProxy | null {
  if (httpProxy === undefined) return null;
  try {
    return installationProxy(httpProxy, noProxy);
  } catch (error) {
    throw new Error(`PARLEY_HTTP_PROXY or PARLEY_NO_PROXY cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

function serviceOf(what: string, url: string | undefined, port: number): Service[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { hostname, port: given } = new URL(url);
  return hostname === '' ? [] : [{ what, host: hostname.replace(/^\[|\]$/g, ''), port: Number(given) || port }];
}
