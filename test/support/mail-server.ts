import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as an SMTP server was given it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string;
  readonly text: string;
  /** What was asked of the server to tell (RFC 3461): of the mail, and of each recipient. */
  readonly dsn: { readonly envelopeId: string; readonly recipients: readonly string[] };
}

/** What the server does at a step instead of going on; `cut` closes the connection. */
export interface Manners {
  readonly auth?: readonly [code: number, text: string];
  readonly mail?: readonly [code: number, text: string];
  readonly rcpt?: (address: string) => readonly [code: number, text: string] | null;
  readonly data?: readonly [code: number, text: string] | 'cut' | 'hang';
}

const refusal = ([responseCode, message]: readonly [number, string]): Error => Object.assign(new Error(message), { responseCode });

/** A real SMTP server in this process that takes mails, or behaves as it is told. */
export class MailTaker {
  readonly taken: TakenMail[] = [];
  manners: Manners = {};
  connections = 0;
  private constructor(private readonly server: SMTPServer, readonly port: number) {}

  static async start(options: SMTPServerOptions = {}): Promise<MailTaker> {
    const taker: { current: MailTaker | null } = { current: null };
    const self = (): MailTaker => taker.current!;
    const server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false, disableReverseLookup: true, closeTimeout: 50,
      onConnect: (_session, callback) => { self().connections += 1; callback(); },
      onAuth: (auth, _session, callback) => { const { auth: refused } = self().manners; callback(refused === undefined ? null : refusal(refused), { user: `${auth.username}:${auth.password}` }); },
      onMailFrom: (_address, _session, callback) => { const { mail } = self().manners; callback(mail === undefined ? null : refusal(mail)); },
      onRcptTo: ({ address }, _session, callback) => { const refused = self().manners.rcpt?.(address) ?? null; callback(refused === null ? null : refusal(refused)); },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { data } = self().manners;
          if (data === 'hang') return;
          if (data === 'cut') {
            for (const connection of server.connections) (connection as unknown as { _socket: Socket })._socket.destroy();
            return;
          }
          if (data !== undefined) return callback(refusal(data));
          const { mailFrom, rcptTo } = session.envelope;
          self().taken.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((one) => one.address), user: String(session.user ?? ''), text: Buffer.concat(chunks).toString(), dsn: { envelopeId: session.envelope.dsn?.envid ?? '', recipients: rcptTo.map((one) => one.dsn?.orcpt ?? '') } });
          return callback(null, '2.0.0 queued');
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => resolve()); });
    taker.current = new MailTaker(server, (server.server.address() as AddressInfo).port);
    return taker.current;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }
}

/** A server of lines: what POP3 and IMAP fakes are made of. */
async function lineServer(onLine: (line: string, socket: Socket, state: Map<string, unknown>) => void, greeting: string): Promise<{ readonly server: Server; readonly port: number; readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const state = new Map<string, unknown>();
    let rest = '';
    socket.write(greeting);
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end !== -1; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        onLine(line, socket, state);
      }
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

/** A mail in a fake mailbox. */
export interface HeldMail {
  readonly uid: number;
  readonly bytes: Buffer;
  readonly flags: Set<string>;
}

const PASSWORD = 'mailbox-password';

/** A POP3 server (RFC 1939) with one mailbox; deletions become real with QUIT. Writes byte for byte, so that no client can rely on where chunks end. */
export class Pop3Fake {
  mails: HeldMail[] = [];
  private constructor(private readonly held: Awaited<ReturnType<typeof lineServer>>) {}
  get port(): number { return this.held.port; }

  static async start(): Promise<Pop3Fake> {
    const fake: { current: Pop3Fake | null } = { current: null };
    const held = await lineServer((line, socket, state) => fake.current!.answer(line, socket, state), '+OK ready\r\n');
    return (fake.current = new Pop3Fake(held));
  }

  put(uid: number, text: string | Buffer): void {
    this.mails.push({ uid, bytes: Buffer.from(text), flags: new Set() });
  }

  async stop(): Promise<void> {
    for (const socket of this.held.sockets) socket.destroy();
    await new Promise<void>((resolve) => { this.held.server.close(() => resolve()); });
  }

  private answer(line: string, socket: Socket, state: Map<string, unknown>): void {
    const [command = '', argument = ''] = line.split(' ');
    const deleted = (state.get('deleted') as Set<HeldMail> | undefined) ?? new Set<HeldMail>();
    state.set('deleted', deleted);
    const visible = (state.get('visible') as HeldMail[] | undefined) ?? [...this.mails];
    state.set('visible', visible);
    const mail = visible[Number(argument) - 1];
    const say = (text: string): void => { socket.write(text); };
    switch (command.toUpperCase()) {
      case 'USER': say('+OK\r\n'); break;
      case 'PASS': say(argument === PASSWORD ? '+OK\r\n' : argument === 'later' ? '-ERR [IN-USE] locked\r\n' : '-ERR [AUTH] no\r\n'); break;
      case 'UIDL': say(`+OK\r\n${visible.map((one, at) => `${at + 1} uid-${one.uid}\r\n`).join('')}.\r\n`); break;
      case 'LIST': say(`+OK\r\n${visible.map((one, at) => `${at + 1} ${one.bytes.length}\r\n`).join('')}.\r\n`); break;
      case 'RETR': case 'TOP': {
        if (mail === undefined) { say('-ERR no such mail\r\n'); break; }
        const body = command === 'TOP' ? mail.bytes.subarray(0, mail.bytes.indexOf('\r\n\r\n') + 4) : mail.bytes;
        const stuffed = Buffer.from(`+OK\r\n${body.toString('latin1').replace(/(^|\r\n)\./g, '$1..')}${body.subarray(-2).toString('latin1') === '\r\n' ? '' : '\r\n'}.\r\n`, 'latin1');
        socket.setNoDelay(true);
        for (let at = 0; at < stuffed.length; at += 7) socket.write(stuffed.subarray(at, at + 7));
        break;
      }
      case 'DELE': deleted.add(mail!); say('+OK\r\n'); break;
      case 'QUIT': this.mails = this.mails.filter((one) => !deleted.has(one)); socket.end('+OK bye\r\n'); break;
      default: say('-ERR unknown\r\n');
    }
  }
}

/**
 * An IMAP server as small as the client needs it (RFC 3501 with IDLE, MOVE and UIDPLUS): one user, folders, literals. It is a fake; the live
 * test runs against Dovecot.
 */
export class ImapFake {
  readonly folders = new Map<string, HeldMail[]>([['INBOX', []]]);
  validity = 7;
  nextUid = 1;
  commands: string[] = [];
  private constructor(private readonly held: Awaited<ReturnType<typeof lineServer>>) {}
  get port(): number { return this.held.port; }

  static async start(): Promise<ImapFake> {
    const fake: { current: ImapFake | null } = { current: null };
    const held = await lineServer((line, socket, state) => fake.current!.answer(line, socket, state), '* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+] ready\r\n');
    return (fake.current = new ImapFake(held));
  }

  /** Puts a mail into the inbox; who listens is told. */
  put(text: string | Buffer, flags: readonly string[] = []): number {
    const uid = this.nextUid++;
    this.inbox.push({ uid, bytes: Buffer.from(text), flags: new Set(flags) });
    for (const socket of this.held.sockets) if (this.idling.has(socket)) socket.write(`* ${this.inbox.length} EXISTS\r\n`);
    return uid;
  }

  get inbox(): HeldMail[] { return this.folders.get('INBOX')!; }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.held.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => { this.held.server.close(() => resolve()); });
  }

  private readonly idling = new Map<Socket, string>();
  get listeners(): number { return this.idling.size; }

  private answer(line: string, socket: Socket, state: Map<string, unknown>): void {
    if (line === 'DONE') {
      const tag = this.idling.get(socket) ?? '*';
      this.idling.delete(socket);
      socket.write(`${tag} OK idle ended\r\n`);
      return;
    }
    const [tag = '', first = '', second = ''] = line.split(' ');
    const isUid = first.toUpperCase() === 'UID';
    const command = (isUid ? second : first).toUpperCase();
    this.commands.push(line.replace(/^\S+ /, ''));
    const rest = line.split(' ').slice(isUid ? 3 : 2).join(' ');
    const done = (text = 'done'): void => { socket.write(`${tag} OK ${text}\r\n`); };
    const folder = this.folders.get(String(state.get('folder') ?? 'INBOX'))!;
    switch (command) {
      case 'CAPABILITY': socket.write('* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+\r\n'); done(); break;
      case 'LOGIN': if (rest.includes(PASSWORD)) done('[CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+] in'); else socket.write(`${tag} NO [AUTHENTICATIONFAILED] no\r\n`); break;
      case 'NAMESPACE': socket.write('* NAMESPACE (("" "/")) NIL NIL\r\n'); done(); break;
      case 'LIST': case 'LSUB': if (rest === '"" ""') socket.write(`* ${command} (\\Noselect) "/" ""\r\n`); else for (const name of this.folders.keys()) socket.write(`* ${command} () "/" "${name}"\r\n`); done(); break;
      case 'SELECT': case 'EXAMINE': this.select(unquoted(rest), tag, socket, state); break;
      case 'SEARCH': socket.write(`* SEARCH ${folder.filter((one) => !/UNSEEN/i.test(rest) || !one.flags.has('\\Seen')).map((one) => one.uid).join(' ')}\r\n`); done(); break;
      case 'FETCH': this.fetch(folder, rest, socket); done(); break;
      case 'STORE': for (const one of picked(folder, rest)) for (const [flag] of rest.matchAll(/\\\w+/g)) one.flags.add(flag); done(); break;
      case 'EXPUNGE': this.remove(folder, folder.filter((one) => one.flags.has('\\Deleted')), socket); done(); break;
      case 'MOVE': this.move(folder, rest, tag, socket); break;
      case 'CREATE': this.folders.set(unquoted(rest), []); done(); break;
      case 'IDLE': this.idling.set(socket, tag); socket.on('close', () => this.idling.delete(socket)); socket.write('+ idling\r\n'); break;
      case 'LOGOUT': socket.end(`* BYE\r\n${tag} OK\r\n`); break;
      default: done();
    }
  }

  private select(name: string, tag: string, socket: Socket, state: Map<string, unknown>): void {
    const folder = this.folders.get(name);
    if (folder === undefined) {
      socket.write(`${tag} NO [NONEXISTENT] no such folder\r\n`);
      return;
    }
    state.set('folder', name);
    socket.write(`* FLAGS (\\Seen \\Deleted)\r\n* ${folder.length} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY ${this.validity}] ok\r\n* OK [UIDNEXT ${this.nextUid}] ok\r\n${tag} OK [READ-WRITE] selected\r\n`);
  }

  private fetch(folder: HeldMail[], rest: string, socket: Socket): void {
    for (const one of picked(folder, rest)) {
      const at = folder.indexOf(one) + 1;
      const items = [`UID ${one.uid}`];
      if (/RFC822\.SIZE/i.test(rest)) items.push(`RFC822.SIZE ${one.bytes.length}`);
      if (/FLAGS/i.test(rest)) items.push(`FLAGS (${[...one.flags].join(' ')})`);
      const wanted = /BODY\.PEEK\[(HEADER)?\]/i.exec(rest);
      if (wanted === null) socket.write(`* ${at} FETCH (${items.join(' ')})\r\n`);
      else {
        const bytes = wanted[1] === undefined ? one.bytes : one.bytes.subarray(0, one.bytes.indexOf('\r\n\r\n') + 4);
        socket.write(Buffer.concat([Buffer.from(`* ${at} FETCH (${items.join(' ')} BODY[${wanted[1] ?? ''}] {${bytes.length}}\r\n`), bytes, Buffer.from(')\r\n')]));
      }
    }
  }

  private remove(folder: HeldMail[], gone: readonly HeldMail[], socket: Socket): void {
    for (const one of gone) {
      const at = folder.indexOf(one);
      folder.splice(at, 1);
      socket.write(`* ${at + 1} EXPUNGE\r\n`);
    }
  }

  private move(folder: HeldMail[], rest: string, tag: string, socket: Socket): void {
    const target = this.folders.get(unquoted(rest.split(' ').slice(1).join(' ')));
    if (target === undefined) {
      socket.write(`${tag} NO [TRYCREATE] no such folder\r\n`);
      return;
    }
    const moved = picked(folder, rest);
    target.push(...moved);
    this.remove(folder, moved, socket);
    socket.write(`${tag} OK moved\r\n`);
  }
}

const unquoted = (text: string): string => text.replace(/ \(.*$/, '').replace(/^"|"$/g, '');

/** Mails of a UID set: `3`, `4:*`, `1,5:7`. */
function picked(folder: readonly HeldMail[], rest: string): HeldMail[] {
  const last = folder.at(-1)?.uid ?? 0;
  const ranges = (rest.split(' ')[0] ?? '').split(',').map((part) => part.split(':').map((one) => (one === '*' ? last : Number(one))));
  return folder.filter(({ uid }) => ranges.some(([from = 0, to = from]) => uid >= Math.min(from, to) && uid <= Math.max(from, to)));
}
