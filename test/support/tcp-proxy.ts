import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a proxy does to what passes through it. */
export type Disturbance =
  | { readonly kind: 'none' }
  /** Everything arrives this much later, in both directions. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** Takes everything and passes nothing on; connections stay open, new ones too. */
  | { readonly kind: 'blackhole' }
  /** Cuts every connection, new ones at once. */
  | { readonly kind: 'reset' }
  /** Refuses new connections; those that stand are cut. */
  | { readonly kind: 'refuse' }
  /** Cuts a connection when so many bytes have come back from the server. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Answers with bytes that mean nothing, in place of the server's. */
  | { readonly kind: 'garbage' };

const TICK_MS = 20;

/** A connection from here to a server that can be slow, silent, cut or mad on command. */
export class TcpProxy {
  private disturbance: Disturbance = { kind: 'none' };
  private readonly pairs = new Set<Pair>();
  private port_ = 0;

  private constructor(private readonly server: Server, private target: { readonly host: string; readonly port: number }) {}

  static async start(target: { readonly host?: string; readonly port: number }): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new TcpProxy(server, { host: target.host ?? '127.0.0.1', port: target.port });
    server.on('connection', (client) => proxy.accept(client));
    await proxy.listen();
    return proxy;
  }

  get port(): number {
    return this.port_;
  }

  /** Connections that pass through it now. */
  get connections(): number {
    return this.pairs.size;
  }

  /** New connections go to this port of the same host: the server came back elsewhere. */
  leadTo(port: number): void {
    this.target = { ...this.target, port };
  }

  /** Does this from now on, to connections that stand and to new ones. */
  async disturb(disturbance: Disturbance): Promise<void> {
    this.disturbance = disturbance;
    for (const pair of this.pairs) pair.disturb(disturbance);
    if (disturbance.kind === 'refuse') await this.close();
    else if (!this.server.listening) await this.listen();
  }

  async stop(): Promise<void> {
    for (const pair of this.pairs) pair.reset();
    await this.close();
  }

  private accept(client: Socket): void {
    const pair = new Pair(client, connect(this.target), () => this.pairs.delete(pair));
    this.pairs.add(pair);
    pair.disturb(this.disturbance);
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.port_, '127.0.0.1', () => {
        this.port_ = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  private async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** One connection and its other half. */
class Pair {
  private disturbance: Disturbance = { kind: 'none' };
  private came = 0;

  constructor(private readonly client: Socket, private readonly server: Socket, private readonly onEnd: () => void) {
    this.relay(client, server, false);
    this.relay(server, client, true);
    client.resume();
  }

  disturb(disturbance: Disturbance): void {
    this.disturbance = disturbance;
    this.came = 0;
    if (disturbance.kind === 'reset' || disturbance.kind === 'refuse') this.reset();
  }

  reset(): void {
    for (const socket of [this.client, this.server]) if (!socket.destroyed) socket.resetAndDestroy();
    this.onEnd();
  }

  private relay(from: Socket, to: Socket, isAnswer: boolean): void {
    // In order whatever each part has to wait for.
    let sent = Promise.resolve();
    from.on('data', (bytes: Buffer) => { sent = sent.then(() => this.pass(bytes, to, isAnswer)); });
    from.on('end', () => { sent = sent.then(() => { if (!to.destroyed) to.end(); }); });
    from.on('error', () => this.reset());
    from.on('close', () => { if (this.client.destroyed && this.server.destroyed) this.onEnd(); });
  }

  private async pass(bytes: Buffer, to: Socket, isAnswer: boolean): Promise<void> {
    const { disturbance } = this;
    switch (disturbance.kind) {
      case 'none':
        write(to, bytes);
        return;
      case 'delay':
        await wait(disturbance.ms);
        write(to, bytes);
        return;
      case 'throttle':
        await this.trickle(bytes, to, Math.max(1, Math.floor((disturbance.bytesPerSecond * TICK_MS) / 1_000)));
        return;
      case 'blackhole':
        return;
      case 'garbage':
        write(to, isAnswer ? Buffer.from(bytes.map((byte, i) => (byte * 31 + i * 17 + 7) & 0xff)) : bytes);
        return;
      case 'cut':
        if (isAnswer) this.cut(bytes, to, disturbance.afterBytes);
        else write(to, bytes);
        return;
      case 'reset':
      case 'refuse':
        this.reset();
    }
  }

  private async trickle(bytes: Buffer, to: Socket, perTick: number): Promise<void> {
    for (let at = 0; at < bytes.length && this.disturbance.kind === 'throttle'; at += perTick) {
      write(to, bytes.subarray(at, at + perTick));
      await wait(TICK_MS);
    }
  }

  private cut(bytes: Buffer, to: Socket, afterBytes: number): void {
    const rest = afterBytes - this.came;
    this.came += bytes.length;
    if (bytes.length < rest) {
      write(to, bytes);
      return;
    }
    if (rest > 0 && !to.destroyed) to.write(bytes.subarray(0, rest), () => this.reset());
    else this.reset();
  }
}

function write(to: Socket, bytes: Buffer): void {
  if (!to.destroyed) to.write(bytes);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
