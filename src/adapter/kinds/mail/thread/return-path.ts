import { ALPHABET, letters, sameLetters, signature, type ThreadKeys } from './token.js';

/** What an address to which mails come back says of the mail that did. */
export interface ReturnedMail {
  readonly deliveryId: string;
  /** Letters that stand for the thread. */
  readonly ticketId: string;
  /** Whether the mail had gone to this address, and to no other. */
  isFor(address: string): boolean;
}

const DELIVERY_LENGTH = 26;
const MARK_LENGTH = 6;
const TOKEN = new RegExp(`^([0-9a-hjkmnp-tv-z]{12})([0-9a-hjkmnp-tv-z]{${DELIVERY_LENGTH}})([0-9a-hjkmnp-tv-z]{${MARK_LENGTH}})([0-9a-hjkmnp-tv-z]{${MARK_LENGTH}})$`);

/** Stands for a recipient of a delivery: whoever names the recipient must have seen it there. */
export const recipientMark = (deliveryId: string, address: string, keys: ThreadKeys): string => signature(`to ${deliveryId} ${address.toLowerCase()}`, keys, MARK_LENGTH);

/** Where a mail of this delivery comes back to: `bounce+…@domain`, the delivery, its thread and its recipient, where it has but one, within. `handle`: the thread's letters. */
export function returnPath(base: string, mail: { readonly handle: string; readonly deliveryId: string; readonly recipients: readonly string[] }, keys: ThreadKeys): string {
  const at = base.lastIndexOf('@');
  const [recipient = '', ...others] = mail.recipients;
  const named = `${mail.handle.toLowerCase()}${letters(Buffer.from(mail.deliveryId.replaceAll('-', ''), 'hex'), DELIVERY_LENGTH)}`;
  return `${base.slice(0, at)}${signOf(keys)}${named}${signature(`returned ${named}`, keys, MARK_LENGTH)}${recipientMark(mail.deliveryId, others.length === 0 ? recipient : '', keys)}${base.slice(at)}`;
}

/** What a recipient's address says, where it is one that mails come back to; null where it is none, or was guessed. */
export function readReturnPath(recipient: string, base: string, keys: ThreadKeys): ReturnedMail | null {
  const given = recipient.toLowerCase();
  const [start, end] = [base.slice(0, base.lastIndexOf('@')).toLowerCase() + signOf(keys), base.slice(base.lastIndexOf('@')).toLowerCase()];
  if (!given.startsWith(start) || !given.endsWith(end)) return null;
  const [, handle = '', delivery = '', check = '', mark = ''] = TOKEN.exec(given.slice(start.length, given.length - end.length)) ?? [];
  if (handle === '' || !sameLetters(check, signature(`returned ${handle}${delivery}`, keys, MARK_LENGTH))) return null;
  const deliveryId = uuidOf(delivery);
  return deliveryId === null ? null : { deliveryId, ticketId: handle.toUpperCase(), isFor: (address) => sameLetters(mark, recipientMark(deliveryId, address, keys)) };
}

/** A server that knows no sub-addresses in the mailbox itself may have a domain for what comes back: then they begin with a plus. */
const signOf = ({ delimiter }: ThreadKeys): string => (delimiter === '' ? '+' : delimiter);

function uuidOf(text: string): string | null {
  let bits = 0n;
  for (const letter of text) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(letter));
  // 26 letters hold two bits more than an id has; they are none.
  if ((bits & 3n) !== 0n) return null;
  const hex = (bits >> 2n).toString(16).padStart(32, '0');
  return hex.length > 32 ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
