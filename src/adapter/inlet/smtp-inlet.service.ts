import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { SMTPServer, SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { METRICS } from '../../queue/index.js';
import { organizationId } from '../../store/organization.js';
import { newId } from '../../store/pipeline/uuid.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { IngestService } from '../ingest/ingest.service.js';
import { RECIPIENTS_HEADER } from '../kinds/mail/inbound.js';
import { inletPlace, type InletPlace } from '../kinds/mail/inlet-place.js';

const MOST_CLIENTS = 100;
const MOST_RECIPIENTS = 50;
const SILENCE_MS = 60_000;
const CLOSE_MS = 5_000;

/** One endpoint to which a mail goes, with the recipients by which it was found. */
interface Addressed {
  readonly endpoint: LiveEndpoint;
  readonly place: InletPlace;
  readonly recipients: string[];
}

/**
 * Takes mail over SMTP or LMTP from a mail server that relays to Parley. Off unless a port is set. An address that no endpoint has is refused
 * when it is named; 250 means that the mail is committed.
 */
@Injectable()
export class SmtpInlet implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('inlet');
  private server: SMTPServer | null = null;

  constructor(private readonly endpoints: Endpoints, private readonly ingest: IngestService, @Inject(SETTINGS) private readonly settings: Settings) {}

  async onApplicationBootstrap(): Promise<void> {
    const { inletPort, inletHost, role } = this.settings;
    if (inletPort === 0 || role === 'worker') return;
    const smtp = await import('smtp-server');
    const server = new smtp.SMTPServer(this.options());
    server.on('error', (error) => this.log.warn({ event: 'inlet.connection-failed', err: error, message: 'a connection to the mail inlet failed' }));
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(inletPort, inletHost, () => resolve());
    });
    this.server = server;
    this.log.log({ event: 'inlet.listening', port: inletPort, host: inletHost, message: 'mail is taken over SMTP' });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    // Mails that are being written are waited for; clients that say nothing are not.
    await Promise.race([new Promise<void>((resolve) => { server.close(() => resolve()); }), new Promise<void>((resolve) => { setTimeout(resolve, CLOSE_MS).unref(); })]);
  }

  private options(): ConstructorParameters<typeof SMTPServer>[0] {
    const { inletCertificateFile, inletKeyFile, inletProtocol, inletMaxSize } = this.settings;
    const hasTls = inletCertificateFile !== undefined && inletKeyFile !== undefined;
    return {
      lmtp: inletProtocol === 'lmtp', name: 'parley', banner: 'Parley', size: inletMaxSize, rejectOversized: true, authOptional: true, disabledCommands: hasTls ? ['AUTH'] : ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false, maxClients: MOST_CLIENTS,
      socketTimeout: SILENCE_MS, closeTimeout: CLOSE_MS, minVersion: 'TLSv1.2', ...(hasTls ? { cert: readFileSync(inletCertificateFile), key: readFileSync(inletKeyFile) } : {}),
      onRcptTo: (address, session, callback) => callback(this.refusal(address, session)),
      onData: (stream, session, callback) => {
        void this.receive(stream, session).then((answer) => (answer instanceof Error ? callback(answer) : callback(null, answer)));
      },
    };
  }

  private refusal({ address }: SMTPServerAddress, session: SMTPServerSession): Error | null {
    if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) return refused(452, '4.5.3 too many recipients');
    const found = this.placesOf(address);
    if (found.length === 0) return refused(550, '5.1.1 no such mailbox here');
    // Two organizations claim the address: neither may read what is meant for the other.
    if (new Set(found.map(({ endpoint }) => endpoint.organization)).size > 1) {
      this.log.error({ event: 'inlet.address-claimed-twice', address, endpoints: found.map(({ endpoint }) => endpoint.id), message: 'mail to an address that two organizations claim is not taken' });
      return refused(451, '4.3.5 the mailbox is not in order');
    }
    return null;
  }

  private placesOf(recipient: string): { readonly endpoint: LiveEndpoint; readonly place: InletPlace }[] {
    return this.endpoints.everywhere().filter(({ adapter }) => adapter.manifest.kind === 'mail').flatMap((endpoint) => {
      const place = inletPlace(recipient, endpoint);
      return place === null ? [] : [{ endpoint, place }];
    });
  }

  /** Reads a mail and commits it for each endpoint that it is for. What is sent again after a failure is known by its bytes. */
  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | Error> {
    try {
      const body = await read(stream);
      const addressed = this.addressed(session);
      if (body === null || addressed.some(({ place }) => body.length > place.mostBytes)) return refused(552, '5.3.4 the mail is too large');
      const accepted = await Promise.all(addressed.map((one) => this.accept(one, body, session)));
      return `2.0.0 kept as ${accepted.join(' ')}`;
    } catch (error) {
      this.log.warn({ event: 'inlet.not-kept', err: error, message: 'a mail could not be kept; its sender tries again' });
      return refused(451, '4.3.0 the mail could not be kept, try again');
    }
  }

  private addressed(session: SMTPServerSession): Addressed[] {
    const found = new Map<LiveEndpoint, Addressed>();
    for (const { address } of session.envelope.rcptTo) {
      for (const { endpoint, place } of this.placesOf(address)) {
        const known = found.get(endpoint) ?? { endpoint, place, recipients: [] };
        known.recipients.push(address.toLowerCase());
        found.set(endpoint, known);
      }
    }
    return [...found.values()];
  }

  private async accept({ endpoint, place, recipients }: Addressed, body: Buffer, session: SMTPServerSession): Promise<string> {
    const bodyHash = hash('sha256', body, 'buffer');
    const { messageId, replayed } = await this.ingest.accept({
      kind: 'mapped',
      request: {
        id: newId(), organization: organizationId(endpoint.organization), endpoint: endpoint.id, entityType: place.entityType,
        contentType: 'message/rfc822', headers: JSON.stringify({ [RECIPIENTS_HEADER]: recipients.join(',') }), query: '', body: Buffer.concat([traceOf(session), body]),
        key: { key: `mail:${bodyHash.toString('hex')}:${hash('sha256', recipients.toSorted().join(','), 'hex').slice(0, 16)}`, bodyHash },
      },
    });
    (replayed ? METRICS.repeated : METRICS.accepted).inc();
    return messageId;
  }
}

/** What every mail server that takes a mail writes over it (RFC 5321, 4.4): from whom the envelope came, and by which way. */
function traceOf({ envelope, remoteAddress, hostNameAppearsAs, transmissionType }: SMTPServerSession): Buffer {
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const clean = (text: string): string => text.replace(/[^\x21-\x7e]/g, '').replace(/[<>()]/g, '');
  return Buffer.from(`Return-Path: <${clean(from)}>\r\nReceived: from ${clean(hostNameAppearsAs) || 'unknown'} ([${clean(remoteAddress)}])\r\n\tby parley with ${clean(transmissionType)}; ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`);
}

/** All bytes of a mail; null where it is larger than the server takes: the rest is read and forgotten, as the protocol wants it. */
function read(stream: SMTPServerDataStream): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      if (stream.sizeExceeded) chunks = [];
      else chunks.push(chunk);
    });
    stream.once('end', () => resolve(stream.sizeExceeded ? null : Buffer.concat(chunks)));
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('the connection ended within the mail')));
  });
}

const refused = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });
