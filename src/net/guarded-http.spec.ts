import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { CallLimits } from './call-limits.js';
import { EgressPolicy } from './egress-policy.js';
import { GuardedHttp, type HttpRequest } from './guarded-http.js';

const LIMITS: CallLimits = { connectMs: 400, headersMs: 400, totalMs: 1_000, maxAnswerBytes: 10_000 };
const open: (Server | TcpServer)[] = [];
let policy: EgressPolicy;
let http: GuardedHttp;

beforeEach(() => {
  policy = new EgressPolicy({ allowPrivate: true, forbidden: [] });
  http = new GuardedHttp(policy);
});

afterEach(async () => {
  await http.close();
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

const listen = async (server: Server | TcpServer): Promise<number> => {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));
const serveTcp = (onSocket: (socket: Socket) => void): Promise<number> =>
  listen(createTcpServer((socket) => { socket.on('error', () => undefined); onSocket(socket); }));
const post = (url: string, over: Partial<HttpRequest> = {}): HttpRequest =>
  ({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}'), ...over });
const call = (request: HttpRequest, limits: Partial<CallLimits> = {}, signal = new AbortController().signal) =>
  http.client('org/endpoint', { slots: 2 }).call(request, { ...LIMITS, ...limits }, signal);

describe('a guarded call', () => {
  it('sends the request as given and hands back status, headers and body', async () => {
    const port = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        response.writeHead(201, { 'x-many': ['1', '2'] });
        response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${Buffer.concat(chunks).toString()}`);
      });
    });
    const outcome = await call(post(`http://127.0.0.1:${port}/a%2Fb?c=d#e`));
    expect(outcome).toMatchObject({ kind: 'answered', status: 201, headers: { 'x-many': '1, 2' } });
    expect(outcome.kind === 'answered' && Buffer.from(outcome.body).toString()).toBe('POST /a%2Fb?c=d application/json {"a":1}');
  });

  it('reaches a host by name', async () => {
    const port = await serve((_, response) => response.end('ok'));
    expect(await call(post(`http://localhost:${port}/`))).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('reuses its connections and never has more than its slots', async () => {
    let now = 0;
    let most = 0;
    const sockets = new Set<unknown>();
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      most = Math.max(most, (now += 1));
      setTimeout(() => { now -= 1; response.end('ok'); }, 5);
    });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => call(post(`http://127.0.0.1:${port}/`))));
    expect(outcomes.every((outcome) => outcome.kind === 'answered')).toBe(true);
    expect({ most, sockets: sockets.size }).toEqual({ most: 2, sockets: 2 });
  });

  it('does not follow a redirect', async () => {
    let hits = 0;
    const port = await serve((_, response) => { hits += 1; response.writeHead(302, { location: '/elsewhere' }).end(); });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answered', status: 302, headers: { location: '/elsewhere' } });
    expect(hits).toBe(1);
  });

  it('skips an interim answer', async () => {
    const port = await serve((_, response) => { response.writeProcessing(); response.end('done'); });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answered', status: 200 });
  });
});

describe('a call that fails before the request is written says so', () => {
  it('when nobody listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'refused', written: false });
    expect(await call(post(`http://localhost:${port}/`))).toMatchObject({ kind: 'failed', reason: 'refused', written: false });
  });

  it('when the name does not exist', async () => {
    expect(await call(post('http://no-such-host.invalid/'), { connectMs: 5_000, totalMs: 6_000 })).toMatchObject({ kind: 'failed', reason: 'dns', written: false });
  });

  it('when the target does not speak TLS', async () => {
    const port = await serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await call(post(`https://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
  });

  it('when the handshake never ends', async () => {
    const port = await serveTcp(() => undefined);
    expect(await call(post(`https://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'connect-timeout', written: false });
  });

  it('when a header could smuggle another one', async () => {
    let hits = 0;
    const port = await serve((_, response) => { hits += 1; response.end(); });
    expect(await call(post(`http://127.0.0.1:${port}/`, { headers: { 'x-a': 'b\r\nx-c: d' } }))).toMatchObject({ kind: 'failed', reason: 'invalid-request', written: false });
    expect(await call(post(`http://127.0.0.1:${port}/`, { headers: { 'x a': 'b' } }))).toMatchObject({ kind: 'failed', reason: 'invalid-request', written: false });
    expect(await call(post(`http://127.0.0.1:${port}/`, { method: 'GET /x HTTP/1.1\r\n' }))).toMatchObject({ kind: 'failed', reason: 'invalid-request', written: false });
    expect(await call(post(`http://127.0.0.1:${port}/`, { headers: { 'content-length': '3' } }))).toMatchObject({ kind: 'failed', reason: 'invalid-request', written: false });
    expect(hits).toBe(0);
    // and no connection of the pool is lost to it
    expect(await Promise.all([call(post(`http://127.0.0.1:${port}/`)), call(post(`http://127.0.0.1:${port}/`))])).toMatchObject([{ kind: 'answered' }, { kind: 'answered' }]);
  });

  it('when the address is no http address or holds credentials', async () => {
    for (const url of ['ftp://x/', 'file:///etc/passwd', 'no url', 'http://user:secret@127.0.0.1/']) {
      const outcome = await call(post(url));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'invalid-request', written: false });
      expect(JSON.stringify(outcome)).not.toContain('secret');
    }
  });

  it('when it waited for a free connection until its time was over, and then never sends it', async () => {
    const seen: string[] = [];
    const port = await serve((request, response) => { seen.push(request.url ?? ''); setTimeout(() => response.end(), 300); });
    const client = http.client('one', { slots: 1 });
    const first = client.call(post(`http://127.0.0.1:${port}/first`), LIMITS, new AbortController().signal);
    const second = client.call(post(`http://127.0.0.1:${port}/second`), { ...LIMITS, totalMs: 100 }, new AbortController().signal);
    expect(await second).toMatchObject({ kind: 'failed', reason: 'timeout', written: false });
    expect(await first).toMatchObject({ kind: 'answered' });
    expect(await client.call(post(`http://127.0.0.1:${port}/third`), LIMITS, new AbortController().signal)).toMatchObject({ kind: 'answered' });
    expect(seen).toEqual(['/first', '/third']);
  });

  it('when it was given up before it began', async () => {
    expect(await call(post('http://127.0.0.1:1/'), {}, AbortSignal.abort())).toMatchObject({ kind: 'failed', reason: 'aborted', written: false });
  });
});

describe('a call that fails after the request was written says so', () => {
  it('when it may not be made any more by the time its first byte would be written, on a new connection and on one that was kept alive', async () => {
    let requests = 0;
    const port = await serve((_request, response) => { requests++; response.end(); });
    const client = http.client('org/endpoint', { slots: 1 });
    const attempt = (mayBegin?: () => boolean) => client.call(post(`http://127.0.0.1:${port}/`), LIMITS, new AbortController().signal, mayBegin);
    const refused = { kind: 'failed', reason: 'aborted', written: false };
    expect(await attempt(() => false)).toMatchObject(refused);
    expect(await attempt()).toMatchObject({ status: 200 });
    expect(await attempt(() => false)).toMatchObject(refused);
    expect(await attempt(() => true)).toMatchObject({ status: 200 });
    expect(requests).toBe(2);
  });

  it('when the connection is cut after the request arrived', async () => {
    const port = await serve((request) => { request.resume().on('end', () => request.socket.destroy()); });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'cut', written: true });
  });

  it('when a connection that was kept alive is cut at the next request', async () => {
    let hits = 0;
    const port = await serve((request, response) => {
      hits += 1;
      if (hits === 1) response.end('ok');
      else request.socket.resetAndDestroy();
    });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answered' });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'cut', written: true });
    expect(hits).toBe(2);
  });

  it('when the answer is cut in the middle', async () => {
    const port = await serve((_, response) => { response.writeHead(200, { 'content-length': '100' }).write('half'); setTimeout(() => response.destroy(), 20); });
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', written: true });
  });

  it('when no answer comes in time', async () => {
    const port = await serve(() => undefined);
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'timeout', written: true });
  });

  it('when the answer trickles', async () => {
    const port = await serve((_, response) => {
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    // It would trickle on for ever: what ends the call is its time.
    expect(await call(post(`http://127.0.0.1:${port}/`), { totalMs: 500 })).toMatchObject({ kind: 'failed', reason: 'timeout', written: true });
  });

  it('when the answer is too large, said or found out', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/said') response.writeHead(200, { 'content-length': '20000' });
      response.end(Buffer.alloc(20_000));
    });
    expect(await call(post(`http://127.0.0.1:${port}/said`))).toMatchObject({ kind: 'failed', reason: 'answer-too-large', written: true });
    expect(await call(post(`http://127.0.0.1:${port}/found`))).toMatchObject({ kind: 'failed', reason: 'answer-too-large', written: true });
    expect(await call(post(`http://127.0.0.1:${port}/found`), { maxAnswerBytes: 20_000 })).toMatchObject({ kind: 'answered' });
  });

  it('when the answer is not HTTP', async () => {
    const port = await serveTcp((socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')));
    expect(await call(post(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', reason: 'garbage', written: true });
  });

  it('when it is given up', async () => {
    const port = await serve(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    expect(await call(post(`http://127.0.0.1:${port}/`), {}, abort.signal)).toMatchObject({ kind: 'failed', reason: 'aborted', written: true });
  });
});

describe('the guard', () => {
  it.each(['http://169.254.169.254/latest/meta-data', 'http://[::ffff:169.254.169.254]/', 'http://2852039166/', 'http://0xa9fea9fe/', 'http://0251.0376.0251.0376/', 'http://[fd00:ec2::254]/'])(
    'refuses %s', async (url) => {
      expect(await call(post(url))).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    });

  it('refuses private addresses where they are not allowed, by name, number and notation', async () => {
    const port = await serve((_, response) => response.end('secret'));
    const strict = new GuardedHttp(new EgressPolicy({ allowPrivate: false, forbidden: [] }));
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '127.1', '[::ffff:127.0.0.1]', '[::1]']) {
      const outcome = await strict.client('a', { slots: 1 }).call(post(`http://${host}:${port}/`), LIMITS, new AbortController().signal);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    }
    await strict.close();
  });

  it('refuses the stores of the installation', async () => {
    const port = await serve((_, response) => response.end());
    const guarded = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [{ what: 'PostgreSQL server', host: 'localhost', port }] }));
    const outcome = await guarded.client('a', { slots: 1 }).call(post(`http://2130706433:${port}/`), LIMITS, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'egress', message: expect.stringContaining('PostgreSQL') });
    await guarded.close();
  });

  it('opens its own listen address for registered paths only', async () => {
    const port = await serve((request, response) => response.end(request.url));
    policy.listeningOn('0.0.0.0', port);
    http.openOwnPaths((path) => path.startsWith('/sandbox/a/'));
    const own = (path: string): HttpRequest => post(`http://127.0.0.1:${port}${path}`);
    expect(await call(own('/sandbox/a/api/tickets'))).toMatchObject({ kind: 'answered' });
    for (const path of ['/api/v1/config', '/sandbox/ab/api', '/sandbox/a/../../api/v1/config', '/sandbox/a/%2e%2e/%2e%2e/api']) {
      expect(await call(own(path))).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    }
    const inward = http.client('hooks', { slots: 1, ownPaths: (path) => path.startsWith('/api/v1/inbound/') });
    expect(await inward.call(own('/api/v1/inbound/a/incident'), LIMITS, new AbortController().signal)).toMatchObject({ kind: 'answered' });
  });
});
