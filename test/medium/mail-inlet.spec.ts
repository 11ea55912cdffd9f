import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SmtpInlet } from '../../src/adapter/inlet/smtp-inlet.service.js';
import { mail } from '../../src/adapter/kinds/mail/index.js';
import { readSettings, type Settings } from '../../src/config/settings.js';

type Arrived = { readonly request: { readonly endpoint: string; readonly body: Buffer; readonly headers: string; readonly key: { readonly key: string } } };

Logger.overrideLogger(false); // what goes wrong here is meant to
const opened: SmtpInlet[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const inlet of opened.splice(0)) await inlet.beforeApplicationShutdown();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const endpoint = (id: string, address: string, settings = {}) => ({
  organization: '01990000-0000-7000-8000-000000000001', id, name: id, adapter: mail, entityTypes: [{ name: 'mail', references: [], settings: {} }], settings: { address, incoming: { type: 'inlet' }, ...settings },
});
const ENDPOINTS = [endpoint('a', 'a@example.com', { aliases: ['also@example.com'] }), endpoint('b', 'b@example.com'), endpoint('closed', 'closed@example.com', { incoming: { type: 'imap', host: 'x' } })];

/** The inlet alone: what it is given it hands to `accept`. */
async function open(settings: Partial<Settings> = {}, accept: (arrived: Arrived) => Promise<{ messageId: string; replayed: boolean }> = () => Promise.resolve({ messageId: 'm-1', replayed: false })): Promise<{ port: number; arrived: Arrived[] }> {
  const free = createServer();
  await new Promise<void>((resolve) => { free.listen(0, '127.0.0.1', resolve); });
  const { port } = free.address() as AddressInfo;
  await new Promise<void>((resolve) => { free.close(() => resolve()); });
  const read = readSettings({});
  if ('problems' in read) throw new Error(read.problems.join());
  const arrived: Arrived[] = [];
  const ingest = { accept: (one: Arrived) => { arrived.push(one); return accept(one); } };
  const inlet = new SmtpInlet({ everywhere: () => ENDPOINTS } as never, ingest as never, { ...read.settings, inletPort: port, ...settings });
  await inlet.onApplicationBootstrap();
  opened.push(inlet);
  return { port, arrived };
}

/** Sends one mail; answers the server's last word, or the code of its refusal. */
function send(port: number, to: readonly string[], options: Record<string, unknown> = {}, text = 'From: a@b.example\r\nSubject: x\r\n\r\nhello'): Promise<{ response: string; isSecure: boolean } | { refused: number }> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection({ host: '127.0.0.1', port, ...options });
    const end = (error: { readonly responseCode?: number | undefined }): void => { connection.close(); resolve({ refused: error.responseCode ?? 0 }); };
    connection.on('error', end);
    connection.connect((failed) => {
      if (failed) return end(failed);
      return connection.send({ from: 'anna@partner.example', to: [...to] }, text, (error, info) => {
        if (error !== null || info === undefined) return end(error ?? {});
        resolve({ response: info.response, isSecure: connection.secure });
        return connection.quit();
      });
    });
  });
}

describe('the mail inlet', () => {
  it('writes over a mail from whom and how it came, and hands it once to each endpoint', async () => {
    const { port, arrived } = await open();
    expect(await send(port, ['a+tag@example.com', 'Also@Example.com', 'b@example.com'])).toMatchObject({ response: expect.stringMatching(/^250 .*kept as m-1 m-1/) });
    expect(arrived.map(({ request }) => [request.endpoint, JSON.parse(request.headers)])).toEqual([
      ['a', { 'x-parley-recipients': 'a+tag@example.com,also@example.com' }], ['b', { 'x-parley-recipients': 'b@example.com' }],
    ]);
    expect(arrived[0]!.request.body.toString()).toMatch(/^Return-Path: <anna@partner\.example>\r\nReceived: from \S+ \(\[127\.0\.0\.1\]\)\r\n\tby parley with ESMTP; .* \+0000\r\nFrom: a@b\.example\r\n/);
    await send(port, ['b@example.com']);
    expect(arrived[2]!.request.key.key).toBe(arrived[1]!.request.key.key);
  });

  it('speaks LMTP, with an answer for each recipient', async () => {
    const { port, arrived } = await open({ inletProtocol: 'lmtp' });
    expect(await send(port, ['a@example.com', 'b@example.com'], { lmtp: true })).toMatchObject({ response: expect.stringContaining('250') });
    expect(arrived).toHaveLength(2);
    expect(await send(port, ['a@example.com'])).toEqual({ refused: expect.any(Number) });
  });

  it('has no mailbox of endpoints that fetch, and none that nobody has', async () => {
    const { port, arrived } = await open();
    for (const to of ['closed@example.com', 'nobody@example.com', 'a@example.org', 'aa@example.com']) expect(await send(port, [to])).toEqual({ refused: 550 });
    expect(arrived).toEqual([]);
  });

  it('asks for the mail again where it could not be kept', async () => {
    const { port } = await open({}, () => Promise.reject(new Error('no database')));
    expect(await send(port, ['a@example.com'])).toEqual({ refused: 451 });
  });

  it('takes nothing that is larger than it says', async () => {
    const { port, arrived } = await open({ inletMaxSize: 10_240 });
    expect(await send(port, ['a@example.com'], {}, `Subject: x\r\n\r\n${'x'.repeat(20_000)}`)).toEqual({ refused: 552 });
    expect(arrived).toEqual([]);
  });

  it('listens nowhere unless a port is set, nor in a process that only works', async () => {
    const { port } = await open({ role: 'worker' });
    expect(await send(port, ['a@example.com'])).toEqual({ refused: 0 });
  });

  (spawnSync('openssl', ['version']).status === 0 ? it : it.skip)('offers STARTTLS where it has a certificate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inlet-'));
    folders.push(folder);
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate]);
    const { port } = await open({ inletCertificateFile: certificate, inletKeyFile: key });
    expect(await send(port, ['a@example.com'], { requireTLS: true, tls: { ca: readFileSync(certificate) } })).toMatchObject({ isSecure: true });
    expect(await send((await open()).port, ['a@example.com'], { requireTLS: true })).toMatchObject({ refused: expect.any(Number) });
  });
});
