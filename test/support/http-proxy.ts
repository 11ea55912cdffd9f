import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** What the proxy was asked for: the first line of each request. */
export type Asked = `CONNECT ${string}` | `${string} http://${string}`;

export interface HttpProxyOptions {
  /** Without it nobody is asked who they are. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Names that only the proxy can resolve, and where they are. */
  readonly names?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** What a tunnel is answered instead of being made. */
  readonly refuses?: number;
}

/** A proxy as companies have them: tunnels for https, requests with their full address for http. */
export class HttpProxy {
  readonly asked: Asked[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server, private readonly options: HttpProxyOptions) {}

  static async start(options: HttpProxyOptions = {}): Promise<HttpProxy> {
    const server = createServer();
    const proxy = new HttpProxy(server, options);
    server.on('connection', (socket: Socket) => proxy.sockets.add(socket));
    server.on('request', (incoming, response) => proxy.forward(incoming, response));
    server.on('connect', (incoming, socket: Socket, head: Buffer) => proxy.tunnel(incoming, socket, head));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private knows({ headers }: IncomingMessage): boolean {
    const { credentials } = this.options;
    return credentials === undefined || headers['proxy-authorization'] === `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  }

  private placeOf(host: string, port: number): { readonly host: string; readonly port: number } {
    return this.options.names?.[host] ?? { host, port };
  }

  private tunnel(incoming: IncomingMessage, client: Socket, head: Buffer): void {
    this.asked.push(`CONNECT ${incoming.url ?? ''}`);
    client.on('error', () => client.destroy());
    const status = this.knows(incoming) ? (this.options.refuses ?? 200) : 407;
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${incoming.url ?? ''}`);
    const target = connect({ ...this.placeOf(hostname, Number(port) || 80) }, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    this.sockets.add(target);
    target.on('error', () => client.destroy());
  }

  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    this.asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}` as Asked);
    if (!this.knows(incoming)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const url = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _mine, ...headers } = incoming.headers;
    const outgoing = request({ ...this.placeOf(url.hostname, Number(url.port) || 80), method: incoming.method, path: url.pathname + url.search, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  }
}
