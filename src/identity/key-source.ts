import { randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';
import type { Database } from '../store/database.js';
import { InstallationStore } from '../store/identity/installation.store.js';
import { InstallationKey, KEY_BYTES } from './installation-key.js';

/** A key that cannot be used; the message is the sentence that the operator reads before the process ends. */
export class KeyRefused extends Error {}

/**
 * Finds the installation key (variable, file, data folder; generated once) and proves that it is the one
 * this database was encrypted with. Throws `KeyRefused` with one sentence where it is not.
 */
export async function openInstallationKey(settings: Settings, database: Database): Promise<InstallationKey> {
  const store = new InstallationStore(database.app.manager);
  const path = join(settings.dataDir, 'secret.key');
  let key = configuredKey(settings) ?? keyFromFile(path, true);
  if (key === undefined) {
    // A fresh key beside an old database would only hide that the old one is lost.
    if ((await store.keyCheck()) === null) key = generateKey(path);
    // Another process of this folder may have made both between the two looks.
    else key = keyFromFile(path, true);
    if (key === undefined) {
      throw new KeyRefused(`This database was encrypted with a key that is not here: restore ${path} or set PARLEY_ENCRYPTION_KEY.`);
    }
  }
  const opened = new InstallationKey(key);
  const check = opened.hmac('check', 'parley');
  const stored = await store.claimKeyCheck(check);
  if (!timingSafeEqual(stored, check)) {
    throw new KeyRefused(`The encryption key (${nameOfSource(settings, path)}) is not the one this database was encrypted with.`);
  }
  return opened;
}

const nameOfSource = (settings: Settings, path: string): string =>
  settings.encryptionKey !== undefined ? 'PARLEY_ENCRYPTION_KEY' : settings.encryptionKeyFile !== undefined ? 'PARLEY_ENCRYPTION_KEY_FILE' : path;

function configuredKey(settings: Settings): Buffer | undefined {
  if (settings.encryptionKey !== undefined) return decode(settings.encryptionKey, 'PARLEY_ENCRYPTION_KEY');
  return settings.encryptionKeyFile === undefined ? undefined : keyFromFile(settings.encryptionKeyFile, false);
}

function keyFromFile(path: string, mayBeMissing: boolean): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new KeyRefused(`The key file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`, { cause: error });
  }
  return decode(text.trim(), path);
}

function decode(text: string, source: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.byteLength !== KEY_BYTES) throw new KeyRefused(`${source} must hold ${KEY_BYTES} bytes in base64 (\`openssl rand -base64 32\` makes them).`);
  return key;
}

/** Writes a new key in one step: of two processes that start on one folder, both use the first one's. */
function generateKey(path: string): Buffer {
  mkdirSync(join(path, '..'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return keyFromFile(path, false)!;
}
