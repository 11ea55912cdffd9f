import { createHash } from 'node:crypto';
import type { ConnectedEndpoint, FetchedItem, PollContext, PollResult } from '../../../contract.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { concealIn } from '../../../setting/secret-text.js';
import { compileMail } from '../compiled.js';
import { accessToken, xoauth2 } from '../send/oauth-token.js';
import { tlsOptions } from '../send/smtp.js';
import type { Pop3Settings } from '../settings.js';
import { BATCH, fetchedMail, mostBytes, oversized } from './fetched-mail.js';
import { Pop3Client, Pop3Refusal } from './pop3-client.js';

/** Mails of the mailbox that were taken, each by a short hash of the id that the server gives it (UIDL). */
interface Pop3Cursor {
  readonly taken: readonly string[];
}

interface Listed {
  readonly number: number;
  readonly id: string;
  readonly size: number;
}

const LIST_BYTES = 8_388_608;
/** Marks in the cursor: a mailbox in which mails stay must not have more. */
const MOST_KEPT = 50_000;

type Failed = PollResult & { readonly kind: 'failed' | 'credentials' };

const pop3Settings = (endpoint: ConnectedEndpoint): Pop3Settings => compileMail(endpoint).settings.incoming as Pop3Settings;

/** Reads the mails of a mailbox that were not taken before. */
export async function pollPop3(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<PollResult> {
  return withClient(endpoint, context, async (client) => {
    const known = new Set(readCursor(cursor));
    const listed = await list(client);
    const fresh = listed.filter(({ id }) => !known.has(id));
    const items: FetchedItem[] = [];
    const taken = new Set(listed.filter(({ id }) => known.has(id)).map(({ id }) => id));
    let bytes = 0;
    for (const { number, id, size } of fresh) {
      if (items.length >= BATCH.mails || (items.length > 0 && bytes + Math.min(size, mostBytes(endpoint)) > BATCH.bytes)) break;
      const item = size > mostBytes(endpoint) ? oversized(await client.lines(`TOP ${number} 0`, 1_048_576), size, endpoint) : fetchedMail(await client.lines(`RETR ${number}`, mostBytes(endpoint) + 65_536), endpoint);
      items.push(item);
      taken.add(id);
      bytes += item.body.byteLength;
    }
    await client.quit();
    if (taken.size > MOST_KEPT) return { kind: 'failed', error: `The mailbox holds more than ${MOST_KEPT} mails that were taken; let them be deleted.` };
    return { kind: 'fetched', items, cursor: { taken: [...taken] } satisfies Pop3Cursor, more: items.length < fresh.length };
  });
}

/** Deletes what was taken, now that it is kept; also what an earlier time could not. */
export async function settlePop3(endpoint: ConnectedEndpoint, cursor: unknown, context: PollContext): Promise<void> {
  const known = new Set(readCursor(cursor));
  if (known.size === 0 || pop3Settings(endpoint).after === 'nothing') return;
  const result = await withClient(endpoint, context, async (client) => {
    for (const { number, id } of await list(client)) if (known.has(id)) await client.command(`DELE ${number}`);
    await client.quit();
    return { kind: 'fetched', items: [], cursor: null, more: false };
  });
  if (result.kind !== 'fetched') throw new Error(result.error);
}

async function list(client: Pop3Client): Promise<Listed[]> {
  const rows = async (command: string): Promise<string[][]> => (await client.lines(command, LIST_BYTES)).toString('latin1').split('\r\n').filter((row) => row !== '').map((row) => row.split(' '));
  const sizes = new Map((await rows('LIST')).map(([number, size]) => [number, Number(size)]));
  return (await rows('UIDL')).map(([number = '', id = '']) => ({ number: Number(number), id: createHash('sha256').update(id).digest('base64url').slice(0, 11), size: sizes.get(number) ?? 0 }));
}

async function withClient(endpoint: ConnectedEndpoint, { http, signal }: PollContext, work: (client: Pop3Client) => Promise<PollResult>): Promise<PollResult> {
  const settings = pop3Settings(endpoint);
  const security = settings.security ?? 'tls';
  const port = settings.port ?? (security === 'tls' ? 995 : 110);
  const address = await http.address(settings.host, port);
  if (!address.ok) return { kind: 'failed', error: address.error.message };
  const token = settings.oauth === undefined ? null : await accessToken(settings.oauth, { endpoint, http, signal });
  if (token !== null && 'failed' in token) return { kind: token.failed.outcome === 'credentials' ? 'credentials' : 'failed', error: token.failed.error ?? '' };
  let client: Pop3Client | null = null;
  let isSigningIn = false;
  try {
    client = await Pop3Client.open({ address: address.value, port, security, tls: tlsOptions(endpoint, settings), timeoutMs: deliverySettings(endpoint.settings).limits.headersMs }, signal);
    isSigningIn = true;
    if (token === null) {
      await client.command(`USER ${settings.username ?? ''}`);
      await client.command(`PASS ${settings.password ?? ''}`);
    } else await client.command(`AUTH XOAUTH2 ${xoauth2(settings.username ?? '', token.token)}`);
    isSigningIn = false;
    return await work(client);
  } catch (error) {
    return failureOf(error, isSigningIn, endpoint);
  } finally {
    client?.close();
  }
}

function failureOf(error: unknown, isSigningIn: boolean, endpoint: ConnectedEndpoint): Failed {
  const words = concealIn(String((error as Error).message).replace(/\s+/g, ' ').slice(0, 300), compileMail(endpoint).secrets);
  // [IN-USE], [SYS/TEMP] and the like (RFC 2449, 3206) say that it is not the password.
  const isPassing = /^\[(?:IN-USE|LOGIN-DELAY|SYS\/)/i.test(words);
  if (isSigningIn && error instanceof Pop3Refusal && !isPassing) return { kind: 'credentials', error: `The mail server refuses the credentials: ${words}` };
  return { kind: 'failed', error: `The mail server cannot be read: ${words}` };
}

function readCursor(cursor: unknown): readonly string[] {
  const taken = (cursor as Partial<Pop3Cursor> | null)?.taken;
  return Array.isArray(taken) ? taken.filter((id) => typeof id === 'string') : [];
}
