import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { EndpointModule } from '../../src/adapter/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { HttpProxy } from '../support/http-proxy.js';
import { startIdentity, type Answer, type Running } from './identity-setup.js';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../src/net/fixture', name));
const CREDENTIALS = { username: 'parley', password: 'proxy password' };
let parley: Running;
let target: FakeTarget;
let admin: string;
let proxy: HttpProxy;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  target = await FakeTarget.start();
  proxy = await HttpProxy.start({ credentials: CREDENTIALS, names: { 'tickets.invalid': { host: '127.0.0.1', port: target.port } } });
  parley = await startIdentity({ PARLEY_HTTP_PROXY: proxy.url.replace('//', '//parley:proxy%20password@'), PARLEY_NO_PROXY: '*.direct.invalid' }, [RuleModule, EndpointModule]);
  admin = await parley.signIn();
});
afterEach(async () => { for (const close of closing.splice(0)) await close(); });
afterAll(async () => {
  await parley.stop();
  await proxy.stop();
  await target.stop();
});

const put = (settings: object): Promise<Answer> => parley.call('PUT', '/api/v1/endpoints/desk', { cookie: admin, body: { name: 'Desk', adapter: 'rest', entityTypes: [{ name: 'Issue' }], settings: { check: { path: '/me' }, ...settings } } });
const saved = async (settings: object): Promise<void> => { expect((await put(settings)).status).toBeLessThan(300); };
const check = async (): Promise<unknown> => (await parley.call('POST', '/api/v1/endpoints/desk/check', { cookie: admin })).body;
const read = async (): Promise<Answer> => parley.call('GET', '/api/v1/endpoints/desk', { cookie: admin });

describe('an endpoint is called', () => {
  it('through the proxy of the installation, where its host is no exception', async () => {
    await saved({ baseUrl: 'http://tickets.invalid/api' });
    expect(await check()).toMatchObject({ ok: true });
    expect(proxy.asked.at(-1)).toBe('GET http://tickets.invalid/api/me');
    await saved({ baseUrl: 'http://a.direct.invalid/api' });
    const before = proxy.asked.length;
    expect(await check()).toMatchObject({ ok: false, steps: [{ step: 'network', ok: false }] });
    expect(proxy.asked).toHaveLength(before);
  });

  it('through its own, whose password nobody reads again, or through none', async () => {
    const own = await HttpProxy.start({ credentials: { username: 'desk', password: 'own password' }, names: { 'tickets.invalid': { host: '127.0.0.1', port: target.port } } });
    closing.push(() => own.stop());
    await saved({ baseUrl: 'http://tickets.invalid', proxy: { url: own.url, username: 'desk', password: 'own password' } });
    expect(await check()).toMatchObject({ ok: true });
    expect(own.asked).toEqual(['GET http://tickets.invalid/me']);
    expect((await read()).text).not.toContain('own password');
    await saved({ baseUrl: 'http://tickets.invalid', proxy: { url: 'direct' } });
    const before = proxy.asked.length;
    expect(await check()).toMatchObject({ ok: false, steps: [{ step: 'network', ok: false }] });
    expect([own.asked.length, proxy.asked.length]).toEqual([1, before]);
  });

  it('and the test of its connection says where the way ends: at the proxy', async () => {
    await saved({ baseUrl: 'http://tickets.invalid', proxy: { url: proxy.url, username: 'parley', password: 'wrong' } });
    expect(await check()).toMatchObject({ ok: false, steps: [{ step: 'network', ok: false, message: `The proxy ${new URL(proxy.url).host} does not take its credentials (407).` }] });
    await saved({ baseUrl: 'http://tickets.invalid', proxy: { url: proxy.url } });
    expect(await check()).toMatchObject({ steps: [{ message: expect.stringContaining('asks for credentials (407)') }] });
  });
});

it('an endpoint calls only hosts that it allows, besides those that its settings name', async () => {
  const login = await FakeTarget.start();
  closing.push(() => login.stop());
  login.always(json(200, { access_token: 'a', expires_in: 3_600 }));
  const auth = { type: 'oauth2', grant: 'clientCredentials', clientId: 'c', clientSecret: 'the secret' };
  await saved({ baseUrl: target.url, allowedHosts: ['files.example.com'], auth: { ...auth, tokenUrl: `${login.url.replace('127.0.0.1', 'localhost')}/token` } });
  expect(await check()).toMatchObject({ ok: true });
  expect(await put({ baseUrl: target.url, allowedHosts: ['https://files.example.com'] })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/allowedHosts/0' }] } });
});

describe('a client certificate in one file', () => {
  const file = fixture('client.p12').toString('base64');

  it('proves who we are, and is not shown again', async () => {
    const server = createSecure({ key: fixture('server.key'), cert: fixture('server.pem'), ca: fixture('ca.pem'), requestCert: true, rejectUnauthorized: true }, (request, response) => {
      response.end(JSON.stringify({ you: String((request.socket as TLSSocket).getPeerCertificate().subject.CN) }));
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    closing.push(() => server.close());
    const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`;
    const tls = { ca: fixture('ca.pem').toString() };
    await saved({ baseUrl, tls: { ...tls, pkcs12: file, passphrase: 'file password' } });
    expect(await check()).toMatchObject({ ok: true });
    const shown = (await read()).text;
    expect(shown).not.toContain(file.slice(0, 60));
    expect(shown).not.toContain('file password');
    await saved({ baseUrl, tls: { ...tls, certificate: fixture('client.pem').toString(), key: fixture('client.key').toString() } });
    expect(await check()).toMatchObject({ ok: true });
  });

  it.each([
    [{ pkcs12: file, passphrase: 'wrong' }, '/settings/tls/passphrase', 'does not open the file'],
    [{ pkcs12: file }, '/settings/tls/passphrase', 'does not open the file'],
    [{ pkcs12: Buffer.from('no certificate').toString('base64') }, '/settings/tls/pkcs12', 'is no PKCS #12 file in base64 with a certificate and its key'],
    [{ pkcs12: file, passphrase: 'file password', certificate: fixture('client.pem').toString() }, '/settings/tls/certificate', 'cannot stand beside what else is set here'],
  ])('is refused where it cannot be used, and says why (%#)', async (tls, pointer, detail) => {
    await parley.call('DELETE', '/api/v1/endpoints/desk', { cookie: admin });
    const answer = await put({ baseUrl: 'https://x.example', tls });
    expect(answer).toMatchObject({ status: 422, body: { errors: expect.arrayContaining([{ pointer, detail }]) } });
    expect(answer.text).not.toContain('wrong');
    expect((await read()).status).toBe(404);
  });
});
