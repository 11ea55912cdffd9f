import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TcpProxy } from '../support/tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await TcpProxy.start({ port: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.stop();
  await new Promise((resolve) => echo.close(resolve));
});

/** A client of the echo behind the proxy; what it got so far, and how it ended. */
async function dial(): Promise<{ socket: Socket; got: () => Buffer; ended: Promise<string> }> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  sockets.push(socket);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error')).on('close', () => resolve('closed'));
  });
  await new Promise<void>((resolve) => { socket.once('connect', () => resolve()); socket.once('error', () => resolve()); });
  return { socket, got: () => Buffer.concat(chunks), ended };
}

async function until(isReached: () => boolean): Promise<number> {
  const begin = performance.now();
  while (!isReached()) {
    if (performance.now() - begin > 5_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - begin;
}

describe('a TCP proxy', () => {
  it('passes everything on, in both directions and in order', async () => {
    const { socket, got } = await dial();
    const sent = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i & 0xff));
    socket.write(sent);
    await until(() => got().length === sent.length);
    expect(got().equals(sent)).toBe(true);
  });

  it('delays', async () => {
    const { socket, got } = await dial();
    await proxy.disturb({ kind: 'delay', ms: 100 });
    socket.write('slow');
    expect(await until(() => got().toString() === 'slow')).toBeGreaterThanOrEqual(190);
  });

  it('throttles', async () => {
    const { socket, got } = await dial();
    await proxy.disturb({ kind: 'throttle', bytesPerSecond: 2_000 });
    socket.write(Buffer.alloc(400));
    expect(await until(() => got().length === 400)).toBeGreaterThan(150);
  });

  it('swallows everything without a word, and lets the connection stand', async () => {
    const { socket, got, ended } = await dial();
    await proxy.disturb({ kind: 'blackhole' });
    socket.write('lost');
    expect(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 150, 'stands'))])).toBe('stands');
    expect(got().length).toBe(0);
    await proxy.disturb({ kind: 'none' });
    socket.write('heard');
    await until(() => got().toString() === 'heard');
  });

  it('resets connections that stand and new ones', async () => {
    const { ended } = await dial();
    await proxy.disturb({ kind: 'reset' });
    expect(await ended).toMatch(/ECONNRESET|closed/);
    expect(await (await dial()).ended).toMatch(/ECONNRESET|closed/);
    expect(proxy.connections).toBe(0);
  });

  it('refuses connections, and takes them again on the same port', async () => {
    const { port } = proxy;
    await proxy.disturb({ kind: 'refuse' });
    expect(await (await dial()).ended).toBe('ECONNREFUSED');
    await proxy.disturb({ kind: 'none' });
    expect(proxy.port).toBe(port);
    const { socket, got } = await dial();
    socket.write('back');
    await until(() => got().toString() === 'back');
  });

  it('cuts the answer after so many bytes', async () => {
    const { socket, got, ended } = await dial();
    await proxy.disturb({ kind: 'cut', afterBytes: 10 });
    socket.write('0123456789abcdef');
    await ended;
    expect(got().toString()).toBe('0123456789'.slice(0, got().length));
    expect(got().length).toBeLessThanOrEqual(10);
  });

  it('answers with garbage', async () => {
    const { socket, got } = await dial();
    await proxy.disturb({ kind: 'garbage' });
    socket.write('HTTP/1.1 200 OK');
    await until(() => got().length === 15);
    expect(got().toString('latin1')).not.toContain('HTTP');
  });
});
