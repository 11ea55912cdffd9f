import { isTnef } from './mime/unpack-tnef.js';
import { headerOf, type OpenedMail } from './mime/opened-mail.js';

/** How the text of a mail is wrapped; empty where it is not. What is wrapped is kept as it is, but for TNEF, which is unpacked: nothing is decrypted, no signature is checked. */
export type Wrapper = 'signed' | 'encrypted' | 'tnef' | '';

const isSmime = (type: string): boolean => /^application\/(?:x-)?pkcs7-mime$/.test(type);
const SIGNATURE = /^application\/(?:(?:x-)?pkcs7-signature|pgp-signature)$/;

/** Tells how a mail is wrapped, wherever in it the wrapper stands. */
export function wrapperOf(mail: OpenedMail): Wrapper {
  const armored = openArmor(mail.text).wrapper;
  const isOpaque = isSmime(mail.contentType) && /signed-data/i.test(headerOf(mail, 'content-type'));
  if (mail.contentType === 'multipart/encrypted' || armored === 'encrypted' || (isSmime(mail.contentType) && !isOpaque) || mail.files.some((file) => file.contentType === 'application/pgp-encrypted')) return 'encrypted';
  if (mail.contentType === 'multipart/signed' || armored === 'signed' || isOpaque || mail.files.some((file) => SIGNATURE.test(file.contentType))) return 'signed';
  return mail.isUnpacked || mail.files.some(isTnef) ? 'tnef' : '';
}

const BEGIN_SIGNED = '-----BEGIN PGP SIGNED MESSAGE-----';
const BEGIN_SIGNATURE = '-----BEGIN PGP SIGNATURE-----';

/** A text that PGP signed or encrypted within itself (RFC 9580, section 7): of a signed one what was signed, without the armor. */
export function openArmor(text: string): { readonly text: string; readonly wrapper: 'signed' | 'encrypted' | '' } {
  const bare = text.trimStart();
  if (bare.startsWith('-----BEGIN PGP MESSAGE-----')) return { text, wrapper: 'encrypted' };
  if (!bare.startsWith(BEGIN_SIGNED)) return { text, wrapper: '' };
  // Headers of the armor end with a blank line; lines that begin with a dash were escaped.
  const start = /\r?\n[ \t]*\r?\n/.exec(bare);
  const end = bare.lastIndexOf(`\n${BEGIN_SIGNATURE}`);
  if (start === null || end < start.index) return { text, wrapper: 'signed' };
  return { text: bare.slice(start.index + start[0].length, Math.max(end, start.index + start[0].length)).replace(/^- /gm, ''), wrapper: 'signed' };
}
