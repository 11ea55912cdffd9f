import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What the signs of one endpoint's threads are made with. */
export interface ThreadKeys {
  /** Secret where one is set; else something that only tells typing errors. */
  readonly key: string;
  /** The endpoint's own address, lower case. */
  readonly address: string;
  /** What stands between the name of a mailbox and a sub-address (RFC 5233). */
  readonly delimiter: string;
}

/** Without letters that people confuse. */
export const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const HANDLE_LENGTH = 12;
const CHECK_LENGTH = 8;
const SHORT_CHECK_LENGTH = 2;
const HANDLE = `[0-9a-hjkmnp-tv-z]{${HANDLE_LENGTH}}`;
const CHECK = `[0-9a-hjkmnp-tv-z]{${CHECK_LENGTH}}`;
const IS_HANDLE = new RegExp(`^${HANDLE}$`, 'i');
const OWN_ID = new RegExp(`^parley\\.(${HANDLE})\\.(${CHECK})(?:\\.([0-9a-f]{32}))?@`, 'i');
const SUB_ADDRESS = new RegExp(`^(${HANDLE})(${CHECK})$`, 'i');
const SUBJECT = new RegExp(`\\[#(${HANDLE})-([0-9a-hjkmnp-tv-z]{${SHORT_CHECK_LENGTH}})\\]`, 'gi');

/** The first letters of what bytes are in base 32; beyond their end zeros are read. */
export function letters(bytes: Uint8Array, length: number): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  bits <<= 8n;
  let text = '';
  for (let at = 0; at < length; at += 1) text += ALPHABET[Number((bits >> BigInt((bytes.length + 1) * 8 - 5 * (at + 1))) & 31n)];
  return text;
}

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();
/** Letters that only whoever knows the key can make of a text. */
export const signature = (text: string, keys: ThreadKeys, length: number): string => letters(createHmac('sha256', keys.key).update(text).digest(), length);

/** Compared in a time that tells nothing of where they differ. */
export const sameLetters = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

const check = (handle: string, keys: ThreadKeys, length: number): string => signature(handle.toUpperCase(), keys, length);
const holds = (handle: string, given: string, keys: ThreadKeys): boolean => sameLetters(check(handle, keys, given.length), given.toLowerCase());

/** The ticket id of the thread that a mail begins: 12 letters of its Message-ID's hash. */
export const ticketOfForeignId = (messageId: string): string => letters(digest(messageId), HANDLE_LENGTH).toUpperCase();

/** The ticket id of the thread that a delivery begins. */
export const ticketOfDelivery = (deliveryId: string): string => ticketOfForeignId(`delivery ${deliveryId}`);

/** What stands for a ticket id in addresses, Message-IDs and subjects: itself, or (a partner's number) the letters of its hash. */
export const handleOf = (ticketId: string): string => (IS_HANDLE.test(ticketId) ? ticketId.toUpperCase() : ticketOfForeignId(`ticket ${ticketId}`));

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Message-ID of the mail that begins a thread, without brackets: the same on every attempt, and known from the ticket id alone. */
export function rootMessageId(ticketId: string, keys: ThreadKeys): string {
  const handle = handleOf(ticketId);
  return `parley.${handle.toLowerCase()}.${check(handle, keys, CHECK_LENGTH)}@${domainOf(keys.address)}`;
}

/** Message-ID of a later mail, without brackets: the same on every attempt of its delivery. */
export const laterMessageId = (ticketId: string, deliveryId: string, keys: ThreadKeys): string => rootMessageId(ticketId, keys).replace('@', `.${deliveryId.replaceAll('-', '')}@`);

/** The ticket that one of our own Message-IDs names (its handle); null for those of others. */
export function ticketOfOwnId(messageId: string, keys: ThreadKeys): string | null {
  const [, handle, given] = OWN_ID.exec(messageId) ?? [];
  return handle !== undefined && given !== undefined && holds(handle, given, keys) ? handle.toUpperCase() : null;
}

/** The delivery that one of our own Message-IDs names, where it does. */
export function deliveryOfOwnId(messageId: string): string | null {
  const hex = OWN_ID.exec(messageId)?.[3]?.toLowerCase();
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The handle under which a thread's mail is found: of our own ids the ticket's, of others the hash's. */
export const ticketOfId = (messageId: string, keys: ThreadKeys): string => ticketOfOwnId(messageId, keys) ?? ticketOfForeignId(messageId);

/** The endpoint's address with the thread in it, for Reply-To; the bare address where its server knows no sub-addresses. */
export function plusAddress(ticketId: string, keys: ThreadKeys): string {
  if (keys.delimiter === '') return keys.address;
  const handle = handleOf(ticketId);
  const at = keys.address.lastIndexOf('@');
  return `${keys.address.slice(0, at)}${keys.delimiter}${handle.toLowerCase()}${check(handle, keys, CHECK_LENGTH)}${keys.address.slice(at)}`;
}

/** The ticket that a recipient's address names; null where it is another address, or one that was guessed. */
export function ticketOfAddress(recipient: string, keys: ThreadKeys): string | null {
  const at = keys.address.lastIndexOf('@');
  const start = keys.address.slice(0, at) + keys.delimiter;
  const given = recipient.toLowerCase();
  if (keys.delimiter === '' || !given.startsWith(start) || !given.endsWith(keys.address.slice(at))) return null;
  const [, handle, sign] = SUB_ADDRESS.exec(given.slice(start.length, given.length - (keys.address.length - at))) ?? [];
  return handle !== undefined && sign !== undefined && holds(handle, sign, keys) ? handle.toUpperCase() : null;
}

/** The mark of a thread in a subject, with two letters against typing errors: `[#7K3QXM2N4P8R-AB]`. */
export function subjectToken(ticketId: string, keys: ThreadKeys): string {
  const handle = handleOf(ticketId);
  return `[#${handle}-${check(handle, keys, SHORT_CHECK_LENGTH).toUpperCase()}]`;
}

/** The tickets that a subject names by marks that are not mistyped. */
export const ticketsInSubject = (subject: string, keys: ThreadKeys): string[] =>
  [...subject.matchAll(SUBJECT)].filter(([, handle, sign]) => holds(handle!, sign!, keys)).map(([, handle]) => handle!.toUpperCase());

/** A subject without marks of ours. */
export const withoutTokens = (subject: string): string => subject.replace(SUBJECT, '').replace(/\s{2,}/g, ' ').trim();
