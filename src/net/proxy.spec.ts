import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { HttpProxy, type HttpProxyOptions } from '../../test/support/http-proxy.js';
import { EgressPolicy } from './egress-policy.js';
import { GuardedHttp, type Connection } from './guarded-http.js';
import { installationProxy } from './proxy.js';

const fixture = (name: string): string => readFileSync(new URL(`fixture/${name}`, import.meta.url), 'utf8');
const CA = fixture('ca.pem');
const LIMITS = { connectMs: 5_000, headersMs: 10_000, totalMs: 20_000, maxAnswerBytes: 100_000 };
const CREDENTIALS = { username: 'parley', password: 'pass:word' };
const closing: (() => unknown)[] = [];
afterEach(async () => { for (const close of closing.splice(0).reverse()) await close(); });

async function serve(server: Server): Promise<number> {
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

const told = (request: IncomingMessage): string => JSON.stringify({ url: request.url, host: request.headers.host, proxyAuthorization: request.headers['proxy-authorization'] ?? null });
const plain = (): Promise<number> => serve(createServer((request, response) => response.end(told(request))));
const secured = (): Promise<number> => serve(createSecure({ key: fixture('server.key'), cert: fixture('server.pem') }, (request, response) => response.end(told(request))));

async function proxy(options: HttpProxyOptions = {}): Promise<HttpProxy> {
  const made = await HttpProxy.start(options);
  closing.push(() => made.stop());
  return made;
}

function wayOut(connection: Partial<Connection>, policy = new EgressPolicy({ allowPrivate: true, forbidden: [] }), common: string | null = null, exceptions = '') {
  const http = new GuardedHttp(policy, common === null ? null : installationProxy(common, exceptions));
  closing.push(() => http.close());
  return async (url: string) => {
    const outcome = await http.client('org/endpoint', { slots: 1, ...connection }).call({ method: 'GET', url, headers: { 'proxy-authorization': 'mine' }, body: null }, LIMITS, new AbortController().signal);
    return outcome.kind === 'answered' ? { status: outcome.status, body: Buffer.from(outcome.body).toString() } : outcome;
  };
}

describe('a call through a proxy', () => {
  it('asks it for a plain address in full, with its credentials, which the target never sees', async () => {
    const way = await proxy({ credentials: CREDENTIALS });
    const port = await plain();
    const answer = await wayOut({ proxy: { url: way.url, ...CREDENTIALS } })(`http://localhost:${port}/tickets?a=1`);
    expect(answer).toEqual({ status: 200, body: JSON.stringify({ url: '/tickets?a=1', host: `localhost:${port}`, proxyAuthorization: null }) });
    expect(way.asked).toEqual([`GET http://localhost:${port}/tickets?a=1`]);
  });

  it('goes through a tunnel to an encrypted one, whose certificate is checked against its own name', async () => {
    const way = await proxy({ credentials: CREDENTIALS });
    const port = await secured();
    const call = wayOut({ proxy: { url: way.url, ...CREDENTIALS }, tls: { ca: CA } });
    for (let n = 0; n < 2; n++) expect(await call(`https://localhost:${port}/tickets`)).toMatchObject({ status: 200, body: expect.stringContaining(`localhost:${port}`) });
    expect(way.asked).toEqual([`CONNECT localhost:${port}`]);
    expect(await call(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'failed', reason: 'tls', written: false });
  });

  it('reaches names that only the proxy can resolve', async () => {
    const way = await proxy({ names: { 'tickets.invalid': { host: '127.0.0.1', port: await plain() } } });
    expect(await wayOut({ proxy: { url: way.url } })('http://tickets.invalid/a')).toMatchObject({ status: 200, body: expect.stringContaining('tickets.invalid') });
  });
});

describe('a proxy that does not do it is named as the place', () => {
  it.each([
    [{ credentials: CREDENTIALS }, {}, /^The proxy 127\.0\.0\.1:\d+ asks for credentials \(407\)\.$/],
    [{ credentials: CREDENTIALS }, { ...CREDENTIALS, password: 'wrong' }, /^The proxy 127\.0\.0\.1:\d+ does not take its credentials \(407\)\.$/],
  ] as const)('%j: of both kinds of address (%j)', async (options, given, sentence) => {
    const way = await proxy(options);
    const call = wayOut({ proxy: { url: way.url, ...given }, tls: { ca: CA } });
    for (const url of [`http://localhost:${await plain()}/`, `https://localhost:${await secured()}/`]) {
      const outcome = await call(url);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'proxy', written: false, message: expect.stringMatching(sentence) });
      expect(JSON.stringify(outcome)).not.toContain('wrong');
    }
  });

  it('where it lets nobody through, or finds nobody there', async () => {
    for (const [refuses, words] of [[403, 'lets nobody through to localhost:9 (403)'], [502, 'could not connect to localhost:9: it answered 502']] as const) {
      const way = await proxy({ refuses });
      expect(await wayOut({ proxy: { url: way.url } })('https://localhost:9/')).toMatchObject({ kind: 'failed', reason: 'proxy', written: false, message: expect.stringContaining(words) });
    }
  });

  it('where it is not there, has no address, or is none', async () => {
    const gone = await HttpProxy.start();
    const { url } = gone;
    await gone.stop();
    expect(await wayOut({ proxy: { url } })('https://localhost:9/')).toMatchObject({ reason: 'proxy', message: expect.stringMatching(/is not reached: it refuses connections\.$/) });
    expect(await wayOut({ proxy: { url: 'http://proxy.invalid:3128' } })('http://localhost:9/')).toMatchObject({ reason: 'proxy', message: 'The proxy proxy.invalid:3128 is not reached: its name does not resolve.' });
    const web = await serve(createServer((_request, response) => response.end('hello')));
    expect(await wayOut({ proxy: { url: `http://127.0.0.1:${web}` } })('https://localhost:9/')).toMatchObject({ reason: 'proxy', written: false });
  });
});

describe('the guard behind a proxy', () => {
  const strict = () => new EgressPolicy({ allowPrivate: false, forbidden: [] });

  it('refuses what it can know: addresses, and names that resolve here', async () => {
    const way = await proxy();
    const call = wayOut({}, strict(), way.url);
    for (const url of ['http://169.254.169.254/latest/meta-data', 'https://[::ffff:169.254.169.254]/', 'http://10.0.0.1/', 'https://10.0.0.1/']) {
      expect(await call(url)).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    }
    expect(await wayOut({ proxy: { url: way.url } }, new EgressPolicy({ allowPrivate: true, forbidden: [{ what: 'PostgreSQL server', host: 'localhost', port: 5432 }] }))('http://localhost:5432/')).toMatchObject({ reason: 'egress' });
    expect(way.asked).toEqual([]);
  });

  it('judges the proxy itself, where an endpoint names it; the operator of the installation may have it anywhere', async () => {
    const way = await proxy({ names: { 'tickets.invalid': { host: '127.0.0.1', port: await plain() } } });
    expect(await wayOut({ proxy: { url: way.url } }, strict())('http://tickets.invalid/')).toMatchObject({ reason: 'proxy', message: expect.stringContaining('a loopback address') });
    expect(await wayOut({ proxy: { url: 'http://169.254.169.254' } })('http://tickets.invalid/')).toMatchObject({ reason: 'proxy', message: expect.stringContaining('cloud metadata') });
    expect(await wayOut({}, strict(), way.url)('http://tickets.invalid/')).toMatchObject({ status: 200 });
  });
});

describe('the proxy of the installation', () => {
  it('is for all that name no other, and is not named to them', async () => {
    const way = await proxy({ credentials: CREDENTIALS, names: { 'a.invalid': { host: '127.0.0.1', port: await plain() } } });
    const known = way.url.replace('//', '//parley:pass%3Aword@');
    expect(await wayOut({}, undefined, known)('http://a.invalid/')).toMatchObject({ status: 200 });
    expect(await wayOut({}, undefined, way.url)('http://a.invalid/')).toMatchObject({ reason: 'proxy', message: 'The proxy of this installation asks for credentials (407).' });
    expect(await wayOut({ proxy: 'direct' }, undefined, known)('http://a.invalid/')).toMatchObject({ reason: 'dns' });
  });

  it('is left out for loopback addresses, and for the hosts that the operator excepts', async () => {
    const way = await proxy();
    const port = await plain();
    for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(await wayOut({}, undefined, way.url)(`http://${host}:${port}/`)).toMatchObject({ status: 200 });
    expect(await wayOut({}, undefined, way.url, 'b.invalid, *.inside.invalid')('http://a.inside.invalid/')).toMatchObject({ reason: 'dns' });
    expect(way.asked).toEqual([]);
  });
});

it('an endpoint with a list of hosts calls these, and no other', async () => {
  const port = await plain();
  const call = wayOut({ hosts: ['localhost', '10.0.0.0/8'] });
  expect(await call(`http://localhost:${port}/`)).toMatchObject({ status: 200 });
  expect(await call(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'failed', reason: 'egress', written: false, message: 'The host 127.0.0.1 is not among those that this endpoint may call (allowedHosts).' });
});
