import type { ConnectedEndpoint } from '../../contract.js';
import { compileMail } from './compiled.js';
import { readReturnPath } from './thread/return-path.js';
import { entityTypeOf, mostBytes } from './receive/fetched-mail.js';

/** Where mail that comes straight to Parley goes: the entity type of an endpoint, and how much of it is taken. */
export interface InletPlace {
  readonly entityType: string;
  readonly mostBytes: number;
}

/** The place of a recipient at an endpoint: its address, a further one, a sub-address of these, or where its mails come back to; null where the mail is not its. */
export function inletPlace(recipient: string, endpoint: ConnectedEndpoint): InletPlace | null {
  const { settings, ownAddresses, keys } = compileMail(endpoint);
  if (settings.incoming?.type !== 'inlet') return null;
  const given = recipient.toLowerCase();
  const isReturned = settings.returnPath !== undefined && readReturnPath(given, settings.returnPath, keys) !== null;
  const isOwn = isReturned || ownAddresses.some((address) => {
    const at = address.lastIndexOf('@');
    return given === address || (keys.delimiter !== '' && given.startsWith(address.slice(0, at) + keys.delimiter) && given.endsWith(address.slice(at)));
  });
  return isOwn ? { entityType: entityTypeOf(endpoint), mostBytes: mostBytes(endpoint) } : null;
}
