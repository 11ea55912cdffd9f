import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { OrganizationId } from '../store/organization.js';
import type { InstallationKey } from './installation-key.js';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Version, key id, nonce, tag: what stands around the ciphertext. */
const ENVELOPE_BYTES = 1 + 4 + NONCE_BYTES + TAG_BYTES;

/** Where a sealed value is kept. It is bound to this place: moved to another row, it does not open. */
export interface SecretPlace {
  readonly organization: OrganizationId;
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Encrypts what is stored but must not be read in the database: AES-256-GCM, envelope `version · key id · nonce · ciphertext · tag`. */
export class SecretBox {
  constructor(private readonly key: InstallationKey) {}

  seal(place: SecretPlace, plain: string | Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const head = Buffer.concat([Buffer.of(VERSION), this.key.id, nonce]);
    const cipher = createCipheriv('aes-256-gcm', this.key.subkey('secret-box'), nonce).setAAD(aadOf(head, place));
    const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
    return Buffer.concat([head, body, cipher.final(), cipher.getAuthTag()]);
  }

  /** Opens what `seal` made for the same place. Throws when it was changed, moved, or sealed with another key. */
  open(place: SecretPlace, sealed: Uint8Array): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.byteLength < ENVELOPE_BYTES || bytes[0] !== VERSION) throw new Error(`What is stored in ${nameOf(place)} is no sealed value.`);
    if (!bytes.subarray(1, 5).equals(this.key.id)) throw new Error(`What is stored in ${nameOf(place)} was sealed with another key.`);
    const head = bytes.subarray(0, 5 + NONCE_BYTES);
    const cipher = createDecipheriv('aes-256-gcm', this.key.subkey('secret-box'), head.subarray(5), { authTagLength: TAG_BYTES })
      .setAAD(aadOf(head, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([cipher.update(bytes.subarray(head.byteLength, -TAG_BYTES)), cipher.final()]);
    } catch (error) {
      throw new Error(`What is stored in ${nameOf(place)} was changed, or belongs to another place.`, { cause: error });
    }
  }

  /** `seal` and `open` for text. */
  openText(place: SecretPlace, sealed: Uint8Array): string {
    return this.open(place, sealed).toString('utf8');
  }
}

const nameOf = (place: SecretPlace): string => `${place.table}.${place.column}`;

/** Length-prefixed, so that no two places have the same bytes. */
const aadOf = (head: Uint8Array, place: SecretPlace): Buffer =>
  Buffer.concat([head, Buffer.from(JSON.stringify([place.organization, place.table, place.column, place.row]))]);
