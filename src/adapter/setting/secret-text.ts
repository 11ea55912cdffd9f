const MASK = '***';

/** Replaces secrets in bytes that came from outside (a rude target may send our own credentials back). Returns the same bytes where there are none. */
export function concealSecrets(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  if (bytes.byteLength === 0) return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!secrets.some((secret) => buffer.includes(secret))) return bytes;
  // latin1 keeps every byte as it is; the secrets are looked for as their UTF-8 bytes
  return Buffer.from(concealIn(buffer.toString('latin1'), secrets.map((secret) => Buffer.from(secret).toString('latin1'))), 'latin1');
}

/** Replaces secrets in a text. */
export const concealIn = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => (shown.includes(secret) ? shown.replaceAll(secret, MASK) : shown), text);

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The forms in which a secret may come back: as it is, as JSON writes it (also JSON inside of JSON), percent-encoded, in base64. Too short ones would mask ordinary words. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets.filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, inJson(secret), inJson(inJson(secret)), encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}
