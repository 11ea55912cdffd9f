import { createHmac, hash, hkdfSync } from 'node:crypto';

/** What a derived key is for; keys of two purposes have nothing in common. */
export type KeyPurpose = 'secret-box' | 'inbound' | 'check' | 'webhook';

/** Length of the installation key in bytes. */
export const KEY_BYTES = 32;

/** The one key of an installation. Everything else is derived from it (HKDF-SHA-256), so that it is itself never used. */
export class InstallationKey {
  /** First four bytes of the hash of a derived value: names the key in what it sealed, tells nothing of it. */
  readonly id: Buffer;
  private readonly derived = new Map<KeyPurpose, Buffer>();

  constructor(private readonly key: Uint8Array) {
    if (key.byteLength !== KEY_BYTES) throw new Error(`An installation key has ${KEY_BYTES} bytes, this one has ${key.byteLength}.`);
    this.id = hash('sha256', Buffer.from(hkdfSync('sha256', key, '', 'parley key id', 32)), 'buffer').subarray(0, 4);
  }

  /** Derives the 32-byte key of a purpose. */
  subkey(purpose: KeyPurpose): Buffer {
    let found = this.derived.get(purpose);
    if (found === undefined) {
      found = Buffer.from(hkdfSync('sha256', this.key, '', `parley ${purpose}`, 32));
      this.derived.set(purpose, found);
    }
    return found;
  }

  /** HMAC-SHA-256 of bytes under the key of a purpose: 32 bytes. */
  hmac(purpose: KeyPurpose, bytes: string | Uint8Array): Buffer {
    return createHmac('sha256', this.subkey(purpose)).update(bytes).digest();
  }
}
