import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from './ledger.js';

/** What becomes of a request besides being written down. */
export type Fate =
  | { readonly kind: 'answer'; readonly afterMs?: number; /** Answered when this resolves. */ readonly after?: Promise<void> | undefined }
  /** Done, written down, and never answered. */
  | { readonly kind: 'cut-after' }
  /** Done, written down, and answered in a way that is no answer: nothing at all, a byte now and then, something that is not HTTP, 50 MB. */
  | { readonly kind: 'mangle'; readonly how: 'hang' | 'trickle' | 'garbage' | 'huge' }
  /** Not done. */
  | { readonly kind: 'refuse'; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface LedgerTargetOptions {
  /** Each request is appended here, as a line of JSON, before it is answered. */
  readonly file?: string;
  /** Whether a repeated `Idempotency-Key` is answered like the first and does nothing. Otherwise only a PUT that repeats the one just before changes nothing. */
  readonly honoursKeys?: boolean;
  readonly fate?: (request: TargetRequest) => Fate;
}

export interface TargetRequest {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The text as it came. */
  readonly text: string;
}

interface Made {
  readonly id: string;
  /** The key under which it was made: what a search by correlation key finds it by. */
  readonly key: string;
}

/**
 * A ticket tool that writes everything down: `POST /tickets` makes a ticket, `PUT /tickets/{id}` changes it,
 * `GET /tickets?key=` finds what a key made. Bodies carry `ticket` and `step`, the source's numbers.
 */
export class LedgerTarget {
  readonly requests: TargetRequest[] = [];
  private readonly made: Made[] = [];
  private readonly answers = new Map<string, { status: number; body: unknown }>();
  private readonly lastKeys = new Map<string, string>();
  private readonly sockets = new Set<Socket>();
  searches = 0;
  /** Searches are answered when this resolves. */
  searchable: Promise<void> = Promise.resolve();
  fate: (request: TargetRequest) => Fate;

  private constructor(private readonly server: Server, private readonly ledger: Ledger, private readonly options: LedgerTargetOptions) {
    this.fate = options.fate ?? (() => ({ kind: 'answer' }));
  }

  static async start(ledger: Ledger, options: LedgerTargetOptions = {}): Promise<LedgerTarget> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const target = new LedgerTarget(server, ledger, options);
    server.on('request', (request, response) => void target.receive(request, response).catch(() => response.destroy()));
    server.on('connection', (socket: Socket) => {
      target.sockets.add(socket);
      socket.on('close', () => target.sockets.delete(socket)).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return target;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Tickets that were made, repeats included where keys are not honoured. */
  get tickets(): number {
    return this.made.length;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://target');
    if (request.method === 'GET') {
      this.searches++;
      await this.searchable;
      const found = this.made.filter(({ key }) => key === url.searchParams.get('key'));
      send(response, 200, found.map(({ id }) => ({ id })));
      return;
    }
    const seen: TargetRequest = {
      method: request.method ?? '', path: url.pathname, key: String(request.headers['idempotency-key'] ?? ''), body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>, text,
    };
    this.requests.push(seen);
    const fate = this.fate(seen);
    if (fate.kind === 'refuse') {
      send(response, fate.status, { error: 'refused' }, fate.headers);
      return;
    }
    const answer = this.act(seen);
    if (fate.kind === 'cut-after') {
      request.socket.destroy();
      return;
    }
    if (fate.kind === 'mangle') {
      mangle(fate.how, response);
      return;
    }
    if (fate.afterMs !== undefined && fate.afterMs > 0) await sleep(fate.afterMs);
    await fate.after;
    send(response, answer.status, answer.body);
  }

  /** Does what is asked, once per key where keys are honoured, and writes it down. */
  private act(request: TargetRequest): { status: number; body: unknown } {
    const { honoursKeys = true, file } = this.options;
    const isRemembered = honoursKeys || (request.method === 'PUT' && this.lastKeys.get(request.path) === request.key);
    const known = isRemembered ? this.answers.get(request.key) : undefined;
    this.lastKeys.set(request.path, request.key);
    const id = request.method === 'POST' ? (known === undefined ? `T-${this.made.length + 1}` : (known.body as { id: string }).id) : decodeURIComponent(request.path.split('/')[2] ?? '');
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...request, isNew: known === undefined })}\n`);
    this.ledger.record({
      ticket: String(request.body['ticket']), step: Number(request.body['step']), targetId: id, kind: request.method === 'POST' ? 'create' : 'update', isNew: known === undefined,
    });
    if (known !== undefined) return known;
    if (request.method === 'POST') this.made.push({ id, key: request.key });
    const answer = { status: request.method === 'POST' ? 201 : 200, body: { id } };
    this.answers.set(request.key, answer);
    return answer;
  }
}

const TRICKLE_MS = 20;
const HUGE_BYTES = 50_000_000;

/** Answers with something that says nothing of what was done. */
function mangle(how: (Fate & { kind: 'mangle' })['how'], response: ServerResponse): void {
  switch (how) {
    case 'hang': return;
    case 'trickle': {
      const timer = setInterval(() => response.write(' '), TRICKLE_MS);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'garbage': response.socket?.end('220 mail.example ESMTP\r\n'); return;
    case 'huge': response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(HUGE_BYTES, 0x20)); return;
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
