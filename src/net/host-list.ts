import { isNetwork, networkList } from './network-list.js';

/** Whether a host (of a URL) and port are among those of a list. */
export type HostList = (hostname: string, port: number) => boolean;

const NAME = /^(\*?\.)?([\w-]+(?:\.[\w-]+)*)\.?(?::([1-9]\d{0,4}))?$/;

/** Whether a text names hosts: `api.example`, `*.example` (all below it), an address or a network; a name also with a port. */
export const isHostEntry = (text: string): boolean => isNetwork(text) || NAME.test(text);

/** Reads a list of hosts. A network holds literal addresses alone: names are not resolved for it. */
export function hostList(entries: readonly string[]): HostList {
  const inNetwork = networkList(entries.filter(isNetwork));
  const names = entries.filter((entry) => !isNetwork(entry)).map((entry): HostList => {
    const [, below, name, port] = NAME.exec(entry.toLowerCase()) ?? [];
    if (name === undefined) throw new Error(`"${entry}" names no host.`);
    const fits = below === undefined ? (host: string) => host === name : (host: string) => host.endsWith(`.${name}`);
    return (host, at) => fits(host) && (port === undefined || Number(port) === at);
  });
  return (hostname, port) => {
    const host = hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '');
    return inNetwork(host) || names.some((isIn) => isIn(host, port));
  };
}
