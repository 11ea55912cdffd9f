import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the name server says, look-up after look-up; the last answer stays. */
let answers: LookupAddress[][] = [];
let lookups = 0;
const dns = await import('node:dns');
jest.unstable_mockModule('node:dns', () => ({
  ...dns,
  lookup: (_name: string, _options: object, told: (error: null, addresses: LookupAddress[]) => void) => {
    lookups++;
    told(null, answers.length > 1 ? answers.shift()! : answers[0]!);
  },
}));
const { EgressPolicy } = await import('./egress-policy.js');
const { GuardedHttp } = await import('./guarded-http.js');

const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });
const METADATA = ipv4('169.254.169.254');
const HERE = ipv4('127.0.0.1');

let server: Server;
let port: number;
let http: InstanceType<typeof GuardedHttp>;
const asked: string[] = [];
const call = () => http.client('org/endpoint', { slots: 1 }).call({ method: 'GET', url: `http://target.example:${port}/`, headers: {}, body: null }, { connectMs: 1_000, headersMs: 1_000, totalMs: 2_000, maxAnswerBytes: 1_000 }, new AbortController().signal);

beforeEach(async () => {
  lookups = asked.length = 0;
  // Each answer ends its connection: the next call asks the name server again.
  server = createServer((request, response) => { asked.push(String(request.headers.host)); response.setHeader('connection', 'close').end('ok'); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
});
afterEach(async () => {
  await http.close();
  server.close();
});

describe('a name server that answers as it likes', () => {
  it('is asked once for a connection, which goes to the address that was judged', async () => {
    answers = [[HERE], [METADATA]];
    expect(await call()).toMatchObject({ kind: 'answered' });
    expect([lookups, asked]).toEqual([1, [`target.example:${port}`]]);
  });

  it('is judged anew for the next connection', async () => {
    answers = [[HERE], [METADATA]];
    await call();
    expect(await call()).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    expect(asked).toHaveLength(1);
  });

  it('cannot hide an address behind one that is allowed', async () => {
    answers = [[HERE, METADATA]];
    expect(await call()).toMatchObject({ kind: 'failed', reason: 'egress', written: false });
    answers = [[{ address: '::ffff:169.254.169.254', family: 6 }]];
    expect(await call()).toMatchObject({ kind: 'failed', reason: 'egress' });
    expect(asked).toEqual([]);
  });
});
