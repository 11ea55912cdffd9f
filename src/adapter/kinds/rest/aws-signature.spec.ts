import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { checkSettings, secretPointers } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, OutboundDelivery, RenderedRequest } from '../../contract.js';
import { signForAws, type RestAws } from './aws-signature.js';
import { rest } from './index.js';

const SUITE: RestAws = { type: 'aws', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'us-east-1', service: 'service' };
const S3: RestAws = { type: 'aws', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1', service: 's3' };
const SUITE_MS = Date.parse('2015-08-30T12:36:00Z');
const S3_MS = Date.parse('2013-05-24T00:00:00Z');
const SUITE_URL = 'https://example.amazonaws.com';
const BUCKET_URL = 'https://examplebucket.s3.amazonaws.com';

const asked = (method: string, url: string, headers: Record<string, string> = {}, body: string | null = null): RenderedRequest => ({ method, url, headers, body: body === null ? null : Buffer.from(body) });
const signatureOf = ({ headers }: RenderedRequest): string => /Signature=(\w+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';

describe('a signature for AWS', () => {
  it.each<[string, RenderedRequest, RestAws, number, string]>([
    ['get-vanilla', asked('GET', `${SUITE_URL}/`), SUITE, SUITE_MS, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-vanilla-query-order-key-case', asked('GET', `${SUITE_URL}/?Param2=value2&Param1=value1`), SUITE, SUITE_MS, 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
    ['get-header-value-trim', asked('GET', `${SUITE_URL}/`, { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' }), SUITE, SUITE_MS, 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736'],
    ['post-vanilla', asked('POST', `${SUITE_URL}/`), SUITE, SUITE_MS, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['post-x-www-form-urlencoded', asked('POST', `${SUITE_URL}/`, { 'content-type': 'application/x-www-form-urlencoded' }, 'Param1=value1'), SUITE, SUITE_MS, 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a'],
    ['ListUsers of IAM', asked('GET', 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }), { ...SUITE, service: 'iam' }, SUITE_MS, '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'],
    ['GET Object of S3', asked('GET', `${BUCKET_URL}/test.txt`, { range: 'bytes=0-9' }), S3, S3_MS, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
    ['PUT Object of S3', asked('PUT', `${BUCKET_URL}/test%24file.text`, { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }, 'Welcome to Amazon S3.'), S3, S3_MS, '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'],
    ['GET Bucket Lifecycle of S3', asked('GET', `${BUCKET_URL}/?lifecycle`), S3, S3_MS, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['List Objects of S3', asked('GET', `${BUCKET_URL}/?prefix=J&max-keys=2`), S3, S3_MS, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('is that of the published example %s', (_name, ...[request, aws, nowMs, expected]) => {
    expect(signatureOf(signForAws(request, aws, nowMs))).toBe(expected);
  });

  it('names what it covers, never what proxies change', () => {
    const { headers } = signForAws(asked('POST', `${SUITE_URL}/`, { 'user-agent': 'Parley', 'content-type': 'application/json', 'X-Amz-Target': 'T.Do' }, '{}'), { ...SUITE, sessionToken: 'token' }, SUITE_MS);
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/);
    expect(headers).toMatchObject({ 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': 'token' });
    expect(headers).not.toHaveProperty('x-amz-content-sha256');
  });

  it('goes with a query and a path as AWS reads them', () => {
    const { url } = signForAws(asked('GET', `${SUITE_URL}/a%20b/c?q=a+b&z=*'()!~&e=%C3%A9&b=2&b=1&empty`), SUITE, SUITE_MS);
    expect(url).toBe(`${SUITE_URL}/a%20b/c?b=1&b=2&e=%C3%A9&empty=&q=a%20b&z=%2A%27%28%29%21~`);
    const spaced = (service: string): string => signatureOf(signForAws(asked('GET', `${SUITE_URL}/a%20b`), { ...SUITE, service }, SUITE_MS));
    expect(spaced('service')).not.toBe(spaced('s3'));
  });

  it('differs with whatever it covers', () => {
    const base = asked('POST', `${SUITE_URL}/a?b=1`, { 'content-type': 'text/plain' }, 'x');
    const others = [{ ...base, method: 'PUT' }, { ...base, url: `${SUITE_URL}/a?b=2` }, { ...base, url: `${SUITE_URL}/b?b=1` }, { ...base, body: Buffer.from('y') }, { ...base, body: null }, { ...base, headers: { 'content-type': 'text/html' } }, { ...base, url: 'https://other.amazonaws.com/a?b=1' }];
    expect(new Set([base, ...others].map((request) => signatureOf(signForAws(request, SUITE, SUITE_MS)))).size).toBe(others.length + 1);
  });
});

describe('an endpoint behind AWS', () => {
  let target: FakeTarget;
  const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
  beforeAll(async () => { target = await FakeTarget.start(); });
  beforeEach(() => target.reset());
  afterAll(async () => { await http.close(); await target.stop(); });

  it('is sent each request signed as it arrives, and never shown the key', async () => {
    const auth = { ...S3, service: 'execute-api', sessionToken: 'the-session-token' };
    const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: target.url, auth }, entityTypes: [{ name: 'Issue', references: [], settings: { operations: { create: { method: 'POST', path: '/issues?title={{attributes.title}}', query: { a: 'b c' } } }, response: { ticketId: 'id' } } }] };
    const delivery: OutboundDelivery = { id: 'd-1', entityType: 'Issue', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'Ü & *' }, attachments: [], attempt: 1 };
    target.next(json(201, { id: 'T-1', said: `${auth.secretAccessKey} the-session-token` }));
    const result = await rest.outbound.send(delivery, endpoint, http.client('t', { slots: 1 }), new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'success', ticketId: 'T-1' });
    expect(JSON.stringify(result.answer)).not.toMatch(/EXAMPLEKEY|the-session-token/);
    const [seen] = target.seen;
    const { authorization, 'x-amz-date': time, host: _host, connection: _connection, 'content-length': _length, ...others } = seen!.headers as Record<string, string>;
    const at = Date.parse(time!.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    expect(signForAws({ method: 'POST', url: target.url + seen!.url, headers: others, body: seen!.body }, auth, at).headers['authorization']).toBe(authorization);
  });

  it('has settings of which the keys are secret', () => {
    const problems = (auth: unknown): string[] => checkSettings(rest.settings, { baseUrl: 'https://x.example', auth }).map(({ pointer }) => pointer);
    expect([problems(S3), problems({ ...S3, sessionToken: 't' })]).toEqual([[], []]);
    expect(problems({ type: 'aws', region: 'us east', service: '' }).sort()).toEqual(['/auth/accessKeyId', '/auth/region', '/auth/secretAccessKey', '/auth/service', '/auth/service']);
    expect(secretPointers(rest.settings, { auth: { ...S3, sessionToken: 't' } }).sort()).toEqual(['/auth/secretAccessKey', '/auth/sessionToken']);
  });
});
