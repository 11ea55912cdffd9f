import { isIP } from 'node:net';

/** An IP address as 4 or 16 bytes. Every way to write an address that ends at the same machine gives the same bytes. */
export type AddressBytes = readonly number[];

/**
 * Reads a literal IPv4 or IPv6 address, with or without brackets and zone. IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4)
 * comes back as the IPv4 address that would be dialled. Null where the text is no address.
 */
export function addressBytes(text: string): AddressBytes | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return bare.split('.').map(Number);
  if (family === 6) return embeddedIpv4(ipv6Bytes(bare));
  return null;
}

/** Whether the first `bits` of two addresses of one family are equal. */
export function isWithin(address: AddressBytes, network: AddressBytes, bits: number): boolean {
  if (address.length !== network.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) if (address[index] !== network[index]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = 0xff << (8 - rest);
  return ((address[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask);
}

export const sameAddress = (one: AddressBytes, other: AddressBytes): boolean => one.length === other.length && isWithin(one, other, one.length * 8);

function ipv6Bytes(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const left = groupBytes(head);
  if (tail === undefined) return left;
  const right = groupBytes(tail);
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right];
}

function groupBytes(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const NAT64 = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

function embeddedIpv4(address: number[]): AddressBytes {
  for (const prefix of [MAPPED, NAT64]) if (prefix.every((byte, index) => address[index] === byte)) return address.slice(12);
  // Compatible (::10.0.0.1) is given up, but some networks still carry it; `::` and `::1` are addresses of their own.
  if (address.slice(0, 12).every((byte) => byte === 0) && address.slice(12, 15).some((byte) => byte !== 0)) return address.slice(12);
  // 6to4 carries the IPv4 address of its relay behind 2002::
  return address[0] === 0x20 && address[1] === 0x02 ? address.slice(2, 6) : address;
}
