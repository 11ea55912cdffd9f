import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { createServer as createPlain } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { EgressPolicy } from './egress-policy.js';
import type { ConnectionTls } from './guarded-connector.js';
import { GuardedHttp } from './guarded-http.js';

const fixture = (name: string): string => readFileSync(new URL(`fixture/${name}`, import.meta.url), 'utf8');
const CA = fixture('ca.pem');
const LIMITS = { connectMs: 10_000, headersMs: 10_000, totalMs: 20_000, maxAnswerBytes: 100_000 };
let http: GuardedHttp;
const open: { close(): unknown }[] = [];

beforeEach(() => { http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] })); });
afterEach(async () => {
  await http.close();
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server | ReturnType<typeof createPlain>): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

const secured = (options: ServerOptions = {}): Promise<number> => {
  const server = createServer({ key: fixture('server.key'), cert: fixture('server.pem'), ...options }, (request, response) => {
    response.end(`${(request.socket as TLSSocket).getProtocol()} ${String((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody')}`);
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
};
const get = (url: string, tls: ConnectionTls = {}) => http.client('t', { slots: 1, tls }).call({ method: 'GET', url, headers: {}, body: null }, LIMITS, new AbortController().signal);
const bodyOf = async (called: ReturnType<typeof get>): Promise<string> => {
  const outcome = await called;
  return outcome.kind === 'answered' ? Buffer.from(outcome.body).toString() : `${outcome.reason}: ${outcome.message}`;
};

describe('a certificate that is named', () => {
  const own = new X509Certificate(fixture('server.pem')).fingerprint256;
  const other = new X509Certificate(fixture('stranger.pem')).fingerprint256;

  it.each<'TLSv1.2' | 'TLSv1.3'>(['TLSv1.2', 'TLSv1.3'])('is taken, and no other, also when the server is asked again (%s)', async (maxVersion) => {
    const url = `https://localhost:${await secured({ maxVersion })}/`;
    for (const fingerprints of [[own], [own.replaceAll(':', '').toLowerCase()], [other, own]]) expect(await bodyOf(get(url, { ca: CA, fingerprints }))).toBe(`${maxVersion} nobody`);
    for (let n = 0; n < 3; n++) expect(await bodyOf(get(url, { ca: CA, fingerprints: [other] }))).toBe('tls: The server shows another certificate than the settings name.');
  });

  it('is no reason to trust it', async () => {
    expect(await bodyOf(get(`https://localhost:${await secured()}/`, { fingerprints: [own] }))).toMatch(/^tls: The TLS connection failed/);
  });
});

it('nothing older is spoken than the settings say', async () => {
  const url = `https://localhost:${await secured({ maxVersion: 'TLSv1.2' })}/`;
  expect(await bodyOf(get(url, { ca: CA }))).toBe('TLSv1.2 nobody');
  expect(await bodyOf(get(url, { ca: CA, minVersion: 'TLSv1.3' }))).toMatch(/^tls: /);
});

describe('a TLS connection', () => {
  it('trusts the authority that the endpoint names, and only that', async () => {
    const port = await secured();
    expect(await bodyOf(get(`https://localhost:${port}/`, { ca: CA }))).toBe('TLSv1.3 nobody');
    expect(await get(`https://localhost:${port}/`)).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
    expect(await get(`https://localhost:${port}/`, { ca: fixture('stranger.pem') })).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
  });

  it('is not made to a host whose certificate has another name', async () => {
    expect(await get(`https://127.0.0.1:${await secured()}/`, { ca: CA })).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
  });

  it('proves who we are by a client certificate, where the target asks for one', async () => {
    const port = await secured({ ca: CA, requestCert: true, rejectUnauthorized: true });
    expect(await bodyOf(get(`https://localhost:${port}/`, { ca: CA, certificate: fixture('client.pem'), key: fixture('client.key') }))).toBe('TLSv1.3 parley');
    expect(await get(`https://localhost:${port}/`, { ca: CA })).toMatchObject({ kind: 'failed' });
    expect(await get(`https://localhost:${port}/`, { ca: CA, certificate: fixture('stranger.pem'), key: fixture('stranger.key') })).toMatchObject({ kind: 'failed' });
  });

  it('is TLS 1.2 or newer', async () => {
    expect(await bodyOf(get(`https://localhost:${await secured({ maxVersion: 'TLSv1.2' })}/`, { ca: CA }))).toBe('TLSv1.2 nobody');
    const old = await secured({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await get(`https://localhost:${old}/`, { ca: CA })).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
  });
});

describe('a compressed answer', () => {
  const serving = async (encoding: string, body: Uint8Array): Promise<string> =>
    `http://127.0.0.1:${await listen(createPlain((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body)))}/`;
  const text = Buffer.from('{"id":"äöü"}');

  it.each([['gzip', gzipSync], ['deflate', deflateSync], ['deflate', deflateRawSync], ['br', brotliCompressSync], ['zstd', zstdCompressSync]] as const)('of %s is read', async (encoding, compress) => {
    const outcome = await get(await serving(encoding, compress(text)));
    expect(outcome).toMatchObject({ kind: 'answered', body: text });
    expect(outcome.kind === 'answered' && outcome.headers['content-encoding']).toBeUndefined();
  });

  it('that grows beyond the limit is refused, whatever it is packed in', async () => {
    const bomb = Buffer.alloc(50_000_000);
    for (const [encoding, body] of [['gzip', gzipSync(bomb)], ['br', brotliCompressSync(Buffer.alloc(5_000_000))], ['gzip, gzip', gzipSync(gzipSync(bomb))]] as const) {
      expect(body.length).toBeLessThan(LIMITS.maxAnswerBytes);
      expect(await get(await serving(encoding, body))).toMatchObject({ kind: 'failed', reason: 'answer-too-large', written: true });
    }
  });

  it('that cannot be read is garbage', async () => {
    for (const [encoding, body] of [['gzip', text], ['lzw', text], ['gzip, gzip, gzip', text]] as const) expect(await get(await serving(encoding, body))).toMatchObject({ kind: 'failed', reason: 'garbage', written: true });
  });
});
