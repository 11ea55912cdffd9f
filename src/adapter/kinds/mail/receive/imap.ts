import type { ImapFlow, MailboxObject } from 'imapflow';
import type { ConnectedEndpoint, FetchedItem, PollContext, PollResult } from '../../../contract.js';
import { BATCH, fetchedMail, mostBytes, oversized } from './fetched-mail.js';
import { imapFailure, imapSettings, keepImap, openImap } from './imap-client.js';

/** Where a mailbox was read to: everything up to `uid` of that validity was taken. `taken`: what the last poll took, still to be settled. */
interface ImapCursor {
  readonly mailbox: string;
  readonly validity: string;
  readonly uid: number;
  readonly taken: readonly number[];
}

interface Found {
  readonly uid: number;
  readonly size: number;
}

/** Reads a mailbox from where the cursor stands. */
export async function pollImap(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<PollResult> {
  const opened = await openImap(endpoint, context);
  if ('kind' in opened) return opened;
  const { client } = opened;
  try {
    const mailbox = await client.mailboxOpen(mailboxOf(endpoint));
    const result = await read(client, mailbox, endpoint, readCursor(cursor));
    keepImap(endpoint, client);
    return result;
  } catch (error) {
    client.close();
    return imapFailure(error, endpoint);
  }
}

const mailboxOf = (endpoint: ConnectedEndpoint): string => imapSettings(endpoint).mailbox ?? 'INBOX';

async function read(client: ImapFlow, mailbox: MailboxObject, endpoint: ConnectedEndpoint, known: ImapCursor | null): Promise<PollResult> {
  const validity = String(mailbox.uidValidity);
  const isSame = known !== null && known.mailbox === mailboxOf(endpoint) && known.validity === validity;
  const waiting = isSame ? await after(client, known.uid) : await atFirst(client, mailbox, endpoint);
  const items: FetchedItem[] = [];
  const taken: number[] = [];
  let bytes = 0;
  let uid = isSame ? known.uid : 0;
  for (const { uid: next, size } of waiting) {
    if (items.length >= BATCH.mails || (items.length > 0 && bytes + Math.min(size, mostBytes(endpoint)) > BATCH.bytes)) break;
    const item = await fetchOne(client, next, size, endpoint);
    uid = next;
    if (item === null) continue; // somebody else took it away meanwhile
    items.push(item);
    taken.push(next);
    bytes += item.body.byteLength;
  }
  const more = waiting.some((one) => one.uid > uid);
  // Where nothing is left to read, what was passed over at first is not looked at again.
  const reached = more ? uid : Math.max(uid, mailbox.uidNext - 1, 0);
  const warning = known !== null && known.mailbox === mailboxOf(endpoint) && !isSame ? { warning: 'The mail server has numbered the mailbox anew; it was read as at the first time.' } : {};
  return { kind: 'fetched', items, cursor: { mailbox: mailboxOf(endpoint), validity, uid: waiting.length === 0 && isSame ? Math.max(known.uid, 0) : reached, taken } satisfies ImapCursor, more, ...warning };
}

/** What stands behind a place. A server answers `n:*` with the last mail even where that stands before `n`. */
async function after(client: ImapFlow, uid: number): Promise<Found[]> {
  const found = await client.fetchAll(`${uid + 1}:*`, { uid: true, size: true }, { uid: true });
  return sorted(found.filter((one) => one.uid > uid).map((one) => ({ uid: one.uid, size: one.size ?? 0 })));
}

/** What is taken of a mailbox that was never read: all where mails leave it afterwards, the unread where they are marked, nothing else. */
async function atFirst(client: ImapFlow, mailbox: MailboxObject, endpoint: ConnectedEndpoint): Promise<Found[]> {
  const { after: then = 'seen' } = imapSettings(endpoint);
  if (mailbox.exists === 0 || then === 'nothing') return [];
  const uids = await client.search(then === 'seen' ? { seen: false, deleted: false } : { deleted: false }, { uid: true });
  if (!Array.isArray(uids) || uids.length === 0) return [];
  const sizes: Found[] = [];
  for (let at = 0; at < uids.length; at += 500) {
    for (const one of await client.fetchAll(uids.slice(at, at + 500), { uid: true, size: true }, { uid: true })) sizes.push({ uid: one.uid, size: one.size ?? 0 });
  }
  return sorted(sizes);
}

const sorted = (found: readonly Found[]): Found[] => [...found].sort((one, other) => one.uid - other.uid);

async function fetchOne(client: ImapFlow, uid: number, size: number, endpoint: ConnectedEndpoint): Promise<FetchedItem | null> {
  if (size > mostBytes(endpoint)) {
    const told = await client.fetchOne(String(uid), { headers: true }, { uid: true });
    return told === false || told === undefined || told.headers === undefined ? null : oversized(told.headers, size, endpoint);
  }
  const found = await client.fetchOne(String(uid), { source: true }, { uid: true });
  return found === false || found === undefined || found.source === undefined ? null : fetchedMail(found.source, endpoint);
}

function readCursor(cursor: unknown): ImapCursor | null {
  const given = cursor as Partial<ImapCursor> | null;
  if (typeof given !== 'object' || given === null || typeof given.mailbox !== 'string' || typeof given.validity !== 'string' || typeof given.uid !== 'number') return null;
  return { mailbox: given.mailbox, validity: given.validity, uid: given.uid, taken: Array.isArray(given.taken) ? given.taken.filter((uid) => typeof uid === 'number') : [] };
}

/** Marks, moves or deletes what was taken, now that it is kept. Runs after the commit; undone, mails only stay where they are. */
export async function settleImap(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<void> {
  const known = readCursor(cursor);
  const { after: then = 'seen', moveTo } = imapSettings(endpoint);
  if (known === null || known.taken.length === 0 || then === 'nothing') return;
  const opened = await openImap(endpoint, context);
  if ('kind' in opened) throw new Error(opened.error);
  const { client } = opened;
  try {
    const mailbox = await client.mailboxOpen(known.mailbox);
    if (String(mailbox.uidValidity) !== known.validity) return;
    const range = known.taken.join(',');
    if (then === 'seen') await client.messageFlagsAdd(range, ['\\Seen'], { uid: true });
    else if (then === 'delete') await client.messageDelete(range, { uid: true });
    else await move(client, range, moveTo ?? 'Processed');
    keepImap(endpoint, client);
  } catch (error) {
    client.close();
    throw new Error(imapFailure(error, endpoint).error, { cause: error });
  }
}

async function move(client: ImapFlow, range: string, folder: string): Promise<void> {
  const done = await client.messageMove(range, folder, { uid: true }).catch(() => false);
  if (done !== false) return;
  await client.mailboxCreate(folder).catch(() => undefined); // it may be there already: moving tells
  if ((await client.messageMove(range, folder, { uid: true })) === false) throw new Error(`The mails could not be moved to ${folder}.`);
}

/** Listens on a connection of its own, on which the server tells of new mail. Returns when the signal aborts; a connection that breaks is an error. */
export async function watchImap(endpoint: ConnectedEndpoint, wake: () => void, context: PollContext): Promise<void> {
  const { signal } = context;
  if (imapSettings(endpoint).idle === false) return aborted(signal);
  const opened = await openImap(endpoint, context, true);
  if (signal.aborted) return;
  if ('kind' in opened) throw new Error(opened.error);
  const { client } = opened;
  const closed = new Promise<void>((resolve) => { client.once('close', resolve); });
  try {
    // Without IDLE there is nothing to listen to: the schedule alone counts.
    if (!client.capabilities.has('IDLE')) return await aborted(signal);
    client.on('exists', ({ count, prevCount }: { readonly count: number; readonly prevCount: number }) => { if (count > prevCount) wake(); });
    await client.mailboxOpen(mailboxOf(endpoint));
    wake(); // what came between the poll and this
    while (client.usable && !signal.aborted) await Promise.race([client.idle(), closed]);
    if (!signal.aborted) throw new Error('The mail server has ended the connection on which it tells of new mail.');
  } finally {
    client.close();
  }
}

export const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
});
