import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { addressBytes, isWithin, sameAddress, type AddressBytes } from './address.js';

/** A host and port that no endpoint may reach, whatever the policy. */
export interface Service {
  readonly what: string;
  readonly host: string;
  readonly port: number;
}

export interface EgressRules {
  /** Whether private and loopback addresses may be reached. */
  readonly allowPrivate: boolean;
  readonly forbidden: readonly Service[];
}

/** What may be done with a resolved address: dial it, dial it only for a path that is open, or not at all (with the reason). */
export type EgressVerdict = 'allowed' | 'own' | { readonly refused: string };

interface Network {
  readonly what: string;
  readonly address: AddressBytes;
  readonly bits: number;
}

const network = (what: string, text: string): Network => {
  const [address = '', bits = ''] = text.split('/');
  return { what, address: addressBytes(address) ?? [], bits: Number(bits) };
};

/** Never reachable: addresses that only a forged request would ask for. */
const NEVER: readonly Network[] = [
  network('a link-local address (cloud metadata)', '169.254.0.0/16'),
  network('a link-local address', 'fe80::/10'),
  network('a cloud metadata address', 'fd00:ec2::254/128'),
  network('a cloud metadata address', '100.100.100.200/32'),
  network('a cloud metadata address', '168.63.129.16/32'),
  network('a cloud metadata address', '192.0.0.192/32'),
  network('an unspecified address', '0.0.0.0/8'),
  network('an unspecified address', '::/128'),
  network('a multicast address', '224.0.0.0/4'),
  network('a multicast address', 'ff00::/8'),
  network('a reserved address', '240.0.0.0/4'),
];

/** Reachable where the installation allows private addresses. */
const PRIVATE: readonly Network[] = [
  network('a loopback address', '127.0.0.0/8'),
  network('a loopback address', '::1/128'),
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7', 'fec0::/10', '64:ff9b:1::/48'].map((text) => network('a private address', text)),
];

/** How long a resolved name of a forbidden service or the list of own addresses is believed. */
const MEMORY_MS = 10_000;

/** Decides about addresses after resolution, so that no name and no notation gets around it. */
export class EgressPolicy {
  private own: { readonly hosts: readonly string[]; readonly port: number } | null = null;
  private readonly resolved = new Map<string, { readonly at: number; readonly addresses: readonly AddressBytes[] }>();

  constructor(private readonly rules: EgressRules) {}

  /** Tells where this process listens. A wildcard host stands for every address of the machine. */
  listeningOn(host: string, port: number): void {
    this.own = { hosts: ['0.0.0.0', '::', ''].includes(host) ? ['*'] : [host], port };
  }

  /** Judges one resolved address (text) and port. */
  async judge(address: string, port: number): Promise<EgressVerdict> {
    const bytes = addressBytes(address);
    if (bytes === null) return { refused: 'not an address' };
    const never = NEVER.find((one) => isWithin(bytes, one.address, one.bits));
    if (never !== undefined) return { refused: never.what };
    for (const service of this.rules.forbidden) {
      if (service.port === port && (await this.is(bytes, service.host))) return { refused: `the ${service.what} of this installation` };
    }
    if (this.own?.port === port) {
      for (const host of this.own.hosts) if (await this.is(bytes, host)) return 'own';
    }
    const hidden = this.rules.allowPrivate ? undefined : PRIVATE.find((one) => isWithin(bytes, one.address, one.bits));
    return hidden === undefined ? 'allowed' : { refused: `${hidden.what}, which PARLEY_EGRESS_PRIVATE does not allow` };
  }

  /** Whether an address is one of the host's; a host of this machine counts with all addresses of the machine. */
  private async is(address: AddressBytes, host: string): Promise<boolean> {
    const theirs = host === '*' ? [] : await this.addressesOf(host);
    if (theirs.some((one) => sameAddress(one, address))) return true;
    const here = machineAddresses();
    const isHere = (one: AddressBytes): boolean => isWithin(one, [127, 0, 0, 0], 8) || here.some((mine) => sameAddress(mine, one));
    return isHere(address) && (host === '*' || theirs.some(isHere));
  }

  private async addressesOf(host: string): Promise<readonly AddressBytes[]> {
    const literal = addressBytes(host);
    if (literal !== null) return [literal];
    const known = this.resolved.get(host);
    if (known !== undefined && Date.now() - known.at < MEMORY_MS) return known.addresses;
    // A store whose name does not resolve at the moment keeps the addresses that it had.
    const answers = await lookup(host, { all: true }).catch(() => null);
    const found = answers === null ? known?.addresses ?? [] : answers.map((answer) => addressBytes(answer.address)).filter((one) => one !== null);
    this.resolved.set(host, { at: Date.now(), addresses: found });
    return found;
  }
}

function machineAddresses(): AddressBytes[] {
  return Object.values(networkInterfaces()).flatMap((list) => list ?? []).map((one) => addressBytes(one.address)).filter((one) => one !== null);
}
