import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** Where and how to connect; `address` was judged. */
export interface Pop3Target {
  readonly address: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly tls: ConnectionOptions;
  readonly timeoutMs: number;
}

/** The server's refusal of a command. */
export class Pop3Refusal extends Error {}

const MOST_LINE = 65_536;
const DOT = 0x2e;

/**
 * A POP3 client (RFC 1939, STLS of RFC 2595): commands in turn, answers as bytes, nothing decoded. Written by hand since a mail is
 * deleted after it was read: what is read must be every byte of it, wherever the network cuts it.
 */
export class Pop3Client {
  private buffer: Buffer = Buffer.alloc(0);
  private waiting: { resolve: () => void; reject: (error: Error) => void } | null = null;
  private ended: Error | null = null;

  private constructor(private socket: Socket, private readonly target: Pop3Target) {
    this.listen(socket);
  }

  /** Connects and reads the greeting; with `starttls` TLS begins before anything else is said. */
  static async open(target: Pop3Target, signal: AbortSignal): Promise<Pop3Client> {
    const { address: host, port, tls } = target;
    const socket = target.security === 'tls' ? connectTls({ ...tls, host, port }) : connectPlain({ host, port });
    signal.addEventListener('abort', () => socket.destroy(new Error('given up')), { once: true });
    const client = new Pop3Client(socket, target);
    await client.answer();
    if (target.security === 'starttls') await client.startTls();
    return client;
  }

  /** One command with an answer of one line. A line break in it would be another command. */
  async command(line: string): Promise<string> {
    if (/[\r\n]/.test(line)) throw new Pop3Refusal('The command has a line break.');
    this.socket.write(`${line}\r\n`);
    return this.answer();
  }

  /** One command with an answer of many lines, at most `mostBytes`; dots at their begin are taken off. */
  async lines(line: string, mostBytes: number): Promise<Buffer> {
    await this.command(line);
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const next = await this.line(mostBytes + MOST_LINE);
      if (next.length === 1 && next[0] === DOT) return Buffer.concat(parts);
      const content = next[0] === DOT ? next.subarray(1) : next;
      size += content.length + 2;
      if (size > mostBytes) throw new Error(`The answer has more than ${mostBytes} bytes.`);
      parts.push(content, Buffer.from('\r\n'));
    }
  }

  /** Says goodbye: only that makes deletions real. */
  async quit(): Promise<void> {
    await this.command('QUIT');
    this.close();
  }

  close(): void {
    this.socket.destroy();
  }

  private async startTls(): Promise<void> {
    await this.command('STLS');
    // What was said before TLS began could have been put in by anybody.
    if (this.buffer.length > 0) throw new Error('The server said something between STLS and TLS.');
    const plain = this.socket;
    plain.removeAllListeners();
    const secure = connectTls({ ...this.target.tls, socket: plain });
    this.socket = secure;
    this.listen(secure);
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new Error('The connection was cut.')));
    });
  }

  private listen(socket: Socket): void {
    socket.setTimeout(this.target.timeoutMs, () => socket.destroy(new Error('The server did not answer in time.')));
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.wake();
    });
    socket.on('error', (error) => this.end(error));
    socket.on('close', () => this.end(new Error('The connection was cut.')));
  }

  private chunks: Buffer[] = [];

  private wake(): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve();
  }

  private end(error: Error): void {
    this.ended ??= error;
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(this.ended);
  }

  private async answer(): Promise<string> {
    const text = (await this.line(MOST_LINE)).toString('latin1');
    if (text.startsWith('+OK')) return text.slice(3).trim();
    throw text.startsWith('-ERR') ? new Pop3Refusal(text.slice(4).trim().slice(0, 300)) : new Error('The server does not speak POP3.');
  }

  /** The next line, without its end. */
  private async line(most: number): Promise<Buffer> {
    let from = 0;
    for (;;) {
      if (this.chunks.length > 0) this.buffer = Buffer.concat([this.buffer, ...this.chunks.splice(0)]);
      const end = this.buffer.indexOf('\n', from);
      if (end !== -1) {
        const line = this.buffer.subarray(0, end > 0 && this.buffer[end - 1] === 0x0d ? end - 1 : end);
        this.buffer = this.buffer.subarray(end + 1);
        return line;
      }
      if (this.buffer.length > most) throw new Error('The server sends a line that does not end.');
      from = this.buffer.length;
      if (this.ended !== null) throw this.ended;
      await new Promise<void>((resolve, reject) => { this.waiting = { resolve, reject }; });
    }
  }
}
