import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { ConnectedEndpoint, SendResult } from '../../../contract.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { concealIn } from '../../../setting/secret-text.js';
import { compileMail } from '../compiled.js';
import { domainOf } from '../thread/token.js';
import type { MailServer, SmtpSettings } from '../settings.js';
import type { Caller } from './caller.js';
import { accessToken, xoauth2 } from './oauth-token.js';
import { IdleConnections } from './idle-connections.js';
import { NamingConnection } from './naming-connection.js';
import type { RefusedRecipient } from './recipients.js';

/** What is handed to a mail server. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Comes back in notifications of its fate (RFC 3461), where the server offers them. */
  readonly envelopeId: string;
}

const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const idle = new IdleConnections();

/** How connections to mail servers are protected: the name of the settings is checked, whatever address was dialled. */
export function tlsOptions(endpoint: ConnectedEndpoint, { host }: MailServer): ConnectionOptions {
  const { ca, certificate, key, pkcs12, passphrase } = deliverySettings(endpoint.settings).tls;
  return { minVersion: 'TLSv1.2', ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }), ...(ca === undefined ? {} : { ca }), ...(certificate === undefined ? {} : { cert: certificate }), ...(key === undefined ? {} : { key }),
    ...(pkcs12 === undefined ? {} : { pfx: Buffer.from(pkcs12, 'base64'), passphrase: passphrase ?? '' }) };
}

/** How sending ended, and whom of the recipients the server refused. */
export interface Sent {
  readonly result: SendResult;
  readonly refused: readonly RefusedRecipient[];
}

/** Sends one mail over SMTP. Never throws: every ending is a result. */
export async function sendBySmtp(message: Buffer, envelope: Envelope, caller: Caller): Promise<Sent> {
  const { endpoint, signal } = caller;
  const { secrets } = compileMail(endpoint);
  const opened = await connect(caller);
  if ('failed' in opened) return { result: opened.failed, refused: [] };
  const { connection } = opened;
  // The server takes a mail with the dot that ends it: until the last byte was handed over it cannot have it.
  let isHandedOver = false;
  const source = new Readable({
    read: () => {
      if (caller.http.mayCall?.() === false) return connection.close(); // before the first byte: others send it
      source.push(message);
      source.push(null);
    },
  });
  source.once('end', () => { isHandedOver = true; });
  const ended = await new Promise<Ended>((resolve) => {
    const give = (ending: Ended): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(ending);
    };
    const onAbort = (): void => give({ error: { message: 'The call was given up by this process.', code: 'ABORTED' } });
    const timer = setTimeout(() => give({ error: { message: 'The call took longer than its time limit.', code: 'ETIMEDOUT' } }), deliverySettings(endpoint.settings).limits.totalMs);
    signal.addEventListener('abort', onAbort, { once: true });
    connection.on('error', (error: SmtpError) => give({ error }));
    connection.once('end', () => give({ error: { message: 'The connection was cut.', code: 'ECONNECTION' } }));
    connection.send({
      from: envelope.from, to: [...envelope.to], size: message.byteLength, use8BitMime: true, dsn: { ret: 'HDRS', envid: envelope.envelopeId, notify: ['FAILURE', 'DELAY'] },
    }, source, (error, info) => give(error !== null || info === undefined ? { error: error ?? { message: 'The server gave no answer.' } } : { info }));
  });
  connection.removeAllListeners('error').removeAllListeners('end');
  connection.on('error', () => undefined);
  if ('info' in ended) {
    idle.keep(endpoint, connection);
    return { result: accepted(ended.info, secrets), refused: refusedOf(ended.info.rejectedErrors, secrets) };
  }
  connection.close();
  return { result: judge(ended.error, isHandedOver, secrets), refused: refusedOf(ended.error.rejectedErrors, secrets) };
}

const refusedOf = (errors: readonly RefusedRecipient[] = [], secrets: readonly string[]): RefusedRecipient[] => errors.map(({ recipient, response = '' }) => ({ recipient, response: concealIn(response, secrets) }));

type Ended = { readonly info: SMTPConnectionSendInfo } | { readonly error: SmtpError };

/** An error of the transport, as far as it is read. */
export interface SmtpError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  /** Of recipients that were refused one by one. */
  readonly rejectedErrors?: readonly RefusedRecipient[] | undefined;
}

/** Judges how a sending ended that did not work. `isHandedOver`: the whole mail was written, so that nobody can say whether it was taken. */
export function judge(error: SmtpError, isHandedOver: boolean, secrets: readonly string[] = []): SendResult {
  const { code = '', responseCode = 0 } = error;
  const words = concealIn((error.response ?? error.message).replace(/\s+/g, ' ').slice(0, 300), secrets);
  const result = (outcome: SendResult['outcome'], sentence: string, endpointFault: boolean): SendResult =>
    ({ outcome, httpStatus: null, ticketId: null, answer: responseCode === 0 ? {} : { 'smtp.code': responseCode, 'smtp.response': words }, error: sentence, retryAfterMs: null, endpointFault, body: error.response === undefined ? null : Buffer.from(words) });
  if (code === 'EGRESS') return result('retryable', words, true);
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) {
    return responseCode >= 400 && responseCode < 500 ? result('retryable', `The server cannot sign us in at the moment: ${words}`, true) : result('credentials', `The server refuses the credentials: ${words}`, true);
  }
  if (code === 'ETLS' || (code === 'ESOCKET' && /certificate|self.signed|altname/i.test(error.message))) return result('retryable', `The TLS connection failed: ${words}`, true);
  // Refused before the mail was spoken of: that says nothing about the mail.
  if (responseCode > 0 && ['CONN', 'EHLO', 'HELO', 'LHLO'].includes(error.command ?? '')) return result('retryable', `The server does not serve us: ${words}`, true);
  // 421: the server closes, whatever it was asked.
  if (responseCode >= 500) return result('rejected', `The server refuses the mail: ${words}`, false);
  if (responseCode >= 400) return result('retryable', `The server does not take the mail now: ${words}`, responseCode === 421);
  if (code === 'EMESSAGE' || code === 'EENVELOPE') return result('rejected', words, false);
  if (code === 'ABORTED') return result(isHandedOver ? 'unknown' : 'retryable', words, false);
  return isHandedOver ? result('unknown', `The connection ended before the server said whether it took the mail: ${words}`, true) : result('retryable', `The mail could not be handed over: ${words}`, true);
}

function accepted(info: SMTPConnectionSendInfo, secrets: readonly string[]): SendResult {
  const response = concealIn(info.response.slice(0, 500), secrets);
  const refused = (info.rejectedErrors ?? []).map((error) => concealIn(error.message, secrets).slice(0, 200));
  return {
    outcome: 'success', httpStatus: null, ticketId: null, answer: { 'smtp.response': response, 'smtp.rejected': info.rejected }, error: null, retryAfterMs: null, endpointFault: false, body: Buffer.from(response),
    ...(info.rejected.length === 0 ? {} : { warning: `The mail was taken, but not for ${info.rejected.join(', ')}: ${refused.join('; ')}`.slice(0, 500) }),
  };
}

type Opened = { readonly connection: SMTPConnection } | { readonly failed: SendResult };

/** A connection that is signed in: an idle one of the endpoint, or a new one to a judged address. */
async function connect(caller: Caller): Promise<Opened> {
  const { endpoint, http, signal } = caller;
  const known = await idle.take(endpoint);
  if (known !== null) return { connection: known };
  const settings = compileMail(endpoint).settings.outgoing as SmtpSettings;
  const { secrets } = compileMail(endpoint);
  const failed = (error: SmtpError): Opened => ({ failed: judge(error, false, secrets) });
  const security = settings.security ?? 'tls';
  const port = settings.port ?? DEFAULT_PORTS[security];
  const address = await http.address(settings.host, port);
  if (!address.ok) return failed({ message: address.error.message, code: 'EGRESS' });
  const { limits } = deliverySettings(endpoint.settings);
  const connection = new NamingConnection({
    host: address.value, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none', name: settings.name ?? domainOf(settings.username?.includes('@') === true ? settings.username : compileMail(endpoint).keys.address),
    connectionTimeout: limits.connectMs, greetingTimeout: limits.headersMs, socketTimeout: limits.totalMs, socketCloseTimeout: 0, maxResponseSize: 65_536, tls: tlsOptions(endpoint, settings),
    customAuth: { XOAUTH2: async (context) => { // the token is ours: the library's own way would fetch one past the guard
      const answer = await context.sendCommand(`AUTH XOAUTH2 ${String(context.auth['xoauth2'])}`);
      if (answer.status === 235) context.resolve();
      else context.reject(Object.assign(new Error(answer.response), { responseCode: answer.status }));
    } },
  });
  const up = await first(connection, signal, (done) => connection.connect(done));
  if (up !== null) return failed(up);
  if (settings.username === undefined) return { connection };
  let auth: Parameters<SMTPConnection['login']>[0] = { user: settings.username, credentials: { user: settings.username, pass: settings.password ?? '' } };
  if (settings.oauth !== undefined) {
    const token = await accessToken(settings.oauth, caller);
    if ('failed' in token) return { failed: token.failed };
    auth = { method: 'XOAUTH2', user: settings.username, xoauth2: xoauth2(settings.username, token.token) };
  }
  const signedIn = await first(connection, signal, (done) => connection.login(auth, done));
  return signedIn === null ? { connection } : failed(signedIn);
}

/** Waits for one step of a connection; what ends it otherwise is its error. The connection is closed then. */
function first(connection: SMTPConnection, signal: AbortSignal, step: (done: (error?: SmtpError | null) => void) => void): Promise<SmtpError | null> {
  return new Promise((resolve) => {
    const end = (error?: SmtpError | null): void => {
      signal.removeEventListener('abort', onAbort);
      connection.removeListener('error', end);
      connection.removeListener('end', onEnd);
      connection.on('error', () => undefined);
      if (error !== null && error !== undefined) connection.close();
      resolve(error ?? null);
    };
    const onAbort = (): void => end({ message: 'The call was given up by this process.', code: 'ABORTED' });
    const onEnd = (): void => end({ message: 'The connection was cut.', code: 'ECONNECTION' });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    connection.once('error', end);
    connection.once('end', onEnd);
    return step(end);
  });
}

/** Tries whether a server can be reached and lets us in. Null where it does. */
export async function trySmtp(caller: Caller): Promise<SendResult | null> {
  const opened = await connect(caller);
  if ('failed' in opened) return opened.failed;
  opened.connection.quit();
  return null;
}
