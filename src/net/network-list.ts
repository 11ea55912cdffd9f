import { BlockList, isIP } from 'node:net';

/** An address or a network as people write them: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. */
interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** Reads an address or a network in CIDR form; null where the text is neither. */
function readNetwork(text: string): Network | null {
  const [, address = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || Number(bits ?? most) > most) return null;
  return { address, family: family === 4 ? 'ipv4' : 'ipv6', bits: Number(bits ?? most) };
}

export const isNetwork = (text: string): boolean => readNetwork(text) !== null;

/** Whether an address is in one of several networks. An IPv4 address that is written as IPv6 (`::ffff:…`) is itself; no other form of it is. */
export function networkList(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of networks) {
    const network = readNetwork(text);
    if (network === null) throw new Error(`"${text}" is not an address or a network.`);
    list.addSubnet(network.address, network.bits, network.family);
  }
  return (given) => {
    const address = given.replace(/%.*$/, '');
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}
