import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the target got it. */
export interface SeenRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What the target does with a request once it has read it. */
export type Behaviour =
  | { readonly do: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown; readonly afterMs?: number; /** Not before this. */ readonly after?: Promise<void> }
  /** Reads the request and says nothing. */
  | { readonly do: 'hang' }
  /** Cuts the connection after the request was read. */
  | { readonly do: 'cut' }
  /** Cuts the connection in the middle of the answer. */
  | { readonly do: 'cut-answer' }
  /** One byte of the answer every 20 ms, for ever. */
  | { readonly do: 'trickle' }
  | { readonly do: 'huge'; readonly bytes: number }
  /** Something that is not HTTP. */
  | { readonly do: 'garbage' }
  /** Sends everything back that came in, credentials included. */
  | { readonly do: 'echo'; readonly status: number };

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Extract<Behaviour, { do: 'answer' }> => ({ do: 'answer', status, body, headers });

/**
 * An HTTP server that is slow, down, rude, repetitive and wrong on command. Behaviours given by `next` are used up
 * in order; then `otherwise` decides, by default 201 with an id.
 */
export class FakeTarget {
  readonly seen: SeenRequest[] = [];
  private queue: Behaviour[] = [];
  private otherwise: (request: SeenRequest) => Behaviour = () => json(201, { id: `T-${this.seen.length}` });
  private readonly sockets = new Set<Socket>();
  private arrivals: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeTarget> {
    // An idle connection that is closed just as the next request comes is a fault that only `do: 'cut'` may make.
    const server = createServer({ keepAliveTimeout: 60_000 });
    const target = new FakeTarget(server);
    server.on('request', (request, response) => void target.receive(request, response).catch(() => response.destroy()));
    server.on('connection', (socket: Socket) => {
      target.sockets.add(socket);
      socket.on('close', () => target.sockets.delete(socket)).on('error', () => undefined);
    });
    await target.listen(0);
    return target;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  next(...behaviours: Behaviour[]): this {
    this.queue.push(...behaviours);
    return this;
  }

  /** Answers the next request only when it is let go: by calling what this returns. */
  hold(answer: Extract<Behaviour, { do: 'answer' }>): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.next({ ...answer, after: promise });
    return resolve;
  }

  always(otherwise: Behaviour | ((request: SeenRequest) => Behaviour)): this {
    this.otherwise = typeof otherwise === 'function' ? otherwise : () => otherwise;
    return this;
  }

  /** Resolves once the next request has been read. */
  arrival(): Promise<void> {
    return new Promise((resolve) => { this.arrivals.push(resolve); });
  }

  /** Forgets what was seen and what was ordered. */
  reset(): void {
    this.seen.length = 0;
    this.queue = [];
    this.otherwise = () => json(201, { id: `T-${this.seen.length}` });
  }

  /** Refuses connections until `comeBack`; open ones are cut. Returns the port to come back to. */
  async goDown(): Promise<number> {
    const { port } = this;
    await this.stop();
    return port;
  }

  async comeBack(port: number): Promise<void> {
    await this.listen(port);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: SeenRequest = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
    this.seen.push(seen);
    for (const arrived of this.arrivals.splice(0)) arrived();
    this.behave(this.queue.shift() ?? this.otherwise(seen), seen, response);
  }

  private behave(behaviour: Behaviour, seen: SeenRequest, response: ServerResponse): void {
    const { socket } = response;
    switch (behaviour.do) {
      case 'answer':
        void Promise.resolve(behaviour.after).then(() => setTimeout(() => answer(behaviour, response), behaviour.afterMs ?? 0));
        return;
      case 'hang':
        return;
      case 'cut':
        socket?.destroy();
        return;
      case 'cut-answer':
        response.writeHead(200, { 'content-length': '1000' }).write('{"id":');
        setTimeout(() => socket?.destroy(), 10);
        return;
      case 'trickle': {
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'huge':
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(behaviour.bytes, 0x20));
        return;
      case 'garbage':
        socket?.end('220 mail.example ESMTP\r\n');
        return;
      case 'echo':
        answer(json(behaviour.status, { message: JSON.stringify(seen.headers), headers: seen.headers, url: seen.url, body: seen.body.toString() }), response);
        return;
    }
  }
}

function answer(behaviour: Extract<Behaviour, { do: 'answer' }>, response: ServerResponse): void {
  const { status, headers, body } = behaviour;
  const bytes = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { ...(typeof body === 'string' || body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }).end(bytes);
}
