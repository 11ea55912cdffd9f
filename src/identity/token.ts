import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /^parley_([0-9A-Za-z]{22})([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** A new session token: 256 random bits. */
export const makeSessionToken = (): string => randomBytes(32).toString('base64url');

/** A new inbound password or token: 32 random bytes. */
export const makeInboundSecret = (): string => randomBytes(32).toString('base64url');

/** SHA-256 of a whole token or key: what is stored, and by what it is found. A fast hash is right for 256 random bits. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');

/** A new API key: `parley_`, 22 characters to recognise it by, 43 secret ones (256 bits), 6 of CRC-32. */
export function makeApiKey(): { readonly key: string; readonly prefix: string } {
  const id = base62(randomBytes(16), 22);
  const body = `parley_${id}${base62(randomBytes(32), 43)}`;
  return { key: `${body}${checksum(body)}`, prefix: `parley_${id.slice(0, 6)}` };
}

/** Whether a key looks generated but has a typing error in it: refused without asking the database. Keys of other shapes may have been given. */
export function isMistypedApiKey(key: string): boolean {
  if (!KEY.test(key)) return false;
  return checksum(key.slice(0, -6)) !== key.slice(-6);
}

const checksum = (body: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return base62(bytes, 6);
};

function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
