import { createSecureContext } from 'node:tls';
import type { SettingsProblem } from './check-settings.js';

/** What is wrong with a PKCS #12 file and its password, where (from the object that has them); null where it can be used. */
export function pkcs12Problem({ pkcs12, passphrase = '' }: { readonly pkcs12?: unknown; readonly passphrase?: unknown }): SettingsProblem | null {
  if (typeof pkcs12 !== 'string' || typeof passphrase !== 'string') return null;
  try {
    createSecureContext({ pfx: Buffer.from(pkcs12, 'base64'), passphrase });
    return null;
  } catch (error) {
    return problemOf(String((error as { readonly message?: unknown }).message));
  }
}

function problemOf(message: string): SettingsProblem {
  if (/mac verify failure/i.test(message)) return { pointer: '/passphrase', detail: 'does not open the file' };
  if (/unsupported/i.test(message)) return { pointer: '/pkcs12', detail: 'is encrypted in a way that is not safe any more (RC2, 40 bits); export it again with AES' };
  return { pointer: '/pkcs12', detail: 'is no PKCS #12 file in base64 with a certificate and its key' };
}
