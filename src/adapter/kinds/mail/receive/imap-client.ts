import type { ImapFlow } from 'imapflow';
import type { ConnectedEndpoint, PollContext, PollResult } from '../../../contract.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { concealIn } from '../../../setting/secret-text.js';
import { compileMail } from '../compiled.js';
import { accessToken } from '../send/oauth-token.js';
import { tlsOptions } from '../send/smtp.js';
import type { ImapSettings } from '../settings.js';
import { mostBytes } from './fetched-mail.js';

export type Failed = PollResult & { readonly kind: 'failed' | 'credentials' };

const IDLE_MS = 20_000;
/** Less than the half hour after which servers may hang up (RFC 2177). */
const RENEW_IDLE_MS = 5 * 60_000;

const kept = new WeakMap<ConnectedEndpoint, { readonly client: ImapFlow; readonly timer: NodeJS.Timeout }>();

export const imapSettings = (endpoint: ConnectedEndpoint): ImapSettings => compileMail(endpoint).settings.incoming as ImapSettings;

/** A connection that is signed in; the one of the last poll where it still stands. Aborting the signal cuts it. */
export async function openImap(endpoint: ConnectedEndpoint, { http, signal }: PollContext, isFresh = false): Promise<{ readonly client: ImapFlow } | Failed> {
  const known = isFresh ? undefined : kept.get(endpoint);
  if (known !== undefined) {
    clearTimeout(known.timer);
    kept.delete(endpoint);
    if (known.client.usable) return { client: cutBy(signal, known.client) };
  }
  const settings = imapSettings(endpoint);
  const { limits } = deliverySettings(endpoint.settings);
  const security = settings.security ?? 'tls';
  const port = settings.port ?? (security === 'tls' ? 993 : 143);
  const address = await http.address(settings.host, port);
  if (!address.ok) return { kind: 'failed', error: address.error.message };
  const auth: { user: string; pass?: string; accessToken?: string } = { user: settings.username ?? '', pass: settings.password ?? '' };
  if (settings.oauth !== undefined) {
    const token = await accessToken(settings.oauth, { endpoint, http, signal });
    if ('failed' in token) return { kind: token.failed.outcome === 'credentials' ? 'credentials' : 'failed', error: token.failed.error ?? '' };
    delete auth.pass;
    auth.accessToken = token.token;
  }
  const imapflow = await import('imapflow'); // large, and most processes poll no mailbox
  const client = new imapflow.ImapFlow({
    host: address.value, port, secure: security === 'tls', doSTARTTLS: security === 'starttls', auth, tls: tlsOptions(endpoint, settings), logger: false, disableAutoIdle: true, maxIdleTime: RENEW_IDLE_MS, disableCompression: true,
    clientInfo: { name: 'Parley' }, connectionTimeout: limits.connectMs, greetingTimeout: limits.headersMs, socketTimeout: RENEW_IDLE_MS + 60_000, maxLiteralSize: mostBytes(endpoint) + 65_536, maxLineLength: 1_048_576,
    maxResponseSize: mostBytes(endpoint) + 2_097_152, ...(/^[\d.]+$|:/.test(settings.host) ? {} : { servername: settings.host }),
  });
  client.on('error', () => undefined); // every command that fails says so by itself
  cutBy(signal, client);
  try {
    await client.connect();
    return { client };
  } catch (error) {
    client.close();
    return imapFailure(error, endpoint);
  }
}

/** Keeps a connection for what comes next: settling, the next page, a poll soon after. */
export function keepImap(endpoint: ConnectedEndpoint, client: ImapFlow): void {
  if (!client.usable || kept.has(endpoint)) {
    client.close();
    return;
  }
  const timer = setTimeout(() => {
    kept.delete(endpoint);
    client.logout().catch(() => client.close());
  }, IDLE_MS).unref();
  kept.set(endpoint, { client, timer });
}

const cutters = new WeakMap<ImapFlow, () => void>();

/** Of several signals in turn the last one counts. */
function cutBy(signal: AbortSignal, client: ImapFlow): ImapFlow {
  cutters.get(client)?.();
  const cut = (): void => client.close();
  signal.addEventListener('abort', cut, { once: true });
  cutters.set(client, () => signal.removeEventListener('abort', cut));
  return client;
}

/** An error of the library as the end of a poll; never a secret. */
export function imapFailure(error: unknown, endpoint: ConnectedEndpoint): Failed {
  const { authenticationFailed, responseText, serverResponseCode, message = '' } = error as { authenticationFailed?: boolean; responseText?: string; serverResponseCode?: string; message?: string };
  const words = concealIn((responseText ?? message).replace(/\s+/g, ' ').slice(0, 300), compileMail(endpoint).secrets);
  // UNAVAILABLE (RFC 5530): the server cannot look the password up now; it does not refuse it.
  if (authenticationFailed === true && serverResponseCode !== 'UNAVAILABLE' && serverResponseCode !== 'INUSE') return { kind: 'credentials', error: `The mail server refuses the credentials: ${words}` };
  return { kind: 'failed', error: `The mail server cannot be read: ${words}` };
}
