import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { InboundRequest } from '../../contract.js';
import { shakeHands } from './handshake.js';
import type { RestHandshake, RestVerification } from './verification-settings.js';
import { verify } from './verification.js';

const NOW_MS = Date.parse('2026-11-21T04:00:00Z');
const BODY = '{ "ticketId": "1" }';
const request = (headers: Record<string, string> = {}, body = BODY, query = ''): InboundRequest => ({ entityType: 'Issue', body: Buffer.from(body), contentType: 'application/json', headers, query });
const hmac = (text: string, { secret = 'key', algorithm = 'sha256', encoding = 'hex' }: { secret?: string; algorithm?: string; encoding?: 'hex' | 'base64' } = {}): string => createHmac(algorithm, secret).update(text).digest(encoding);
const checked = (verification: RestVerification, headers: Record<string, string>, body = BODY) => verify(request(headers, body), { verification }, NOW_MS);
const seconds = String(NOW_MS / 1_000);

describe('the signature of a request', () => {
  it.each<[string, RestVerification, Record<string, string>]>([
    ['GitHub', { type: 'github', secret: 'key' }, { 'x-hub-signature-256': `sha256=${hmac(BODY)}` }],
    ['Jira', { type: 'jira', secret: 'key' }, { 'x-hub-signature': `sha256=${hmac(BODY)}` }],
    ['Zammad', { type: 'zammad', secret: 'key' }, { 'x-hub-signature': `sha1=${hmac(BODY, { algorithm: 'sha1' })}` }],
    ['Zendesk', { type: 'zendesk', secret: 'key' }, { 'x-zendesk-webhook-signature-timestamp': '2026-11-21T03:58:00Z', 'x-zendesk-webhook-signature': hmac(`2026-11-21T03:58:00Z${BODY}`, { encoding: 'base64' }) }],
    ['PagerDuty', { type: 'pagerduty', secret: 'key' }, { 'x-pagerduty-signature': `v1=${hmac('other')},v1=${hmac(BODY)}` }],
    ['GLPI, however old', { type: 'glpi', secret: 'key' }, { 'x-glpi-timestamp': '1700000000', 'x-glpi-signature': hmac(`${BODY}1700000000`) }],
    ['Standard Webhooks', { type: 'standardWebhooks', secret: `whsec_${Buffer.from('key').toString('base64')}` }, { 'webhook-id': 'm1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,eA== v1,${hmac(`m1.${seconds}.${BODY}`, { encoding: 'base64' })}` }],
    ['a token in a header', { type: 'sharedToken', header: 'X-Gitlab-Token', secret: 'key' }, { 'x-gitlab-token': 'key' }],
    ['one of our own making', { type: 'hmac', secret: '6b6579', secretForm: 'hex', algorithm: 'sha512', encoding: 'base64', content: 'v0:{{timestamp}}:{{id}}:{{body}}', header: 'x-sig', timestampHeader: 'x-ts', idHeader: 'x-id' }, { 'x-sig': hmac(`v0:${NOW_MS}:7:${BODY}`, { algorithm: 'sha512', encoding: 'base64' }), 'x-ts': String(NOW_MS), 'x-id': '7' }],
  ])('of %s is taken, and only that', (_, verification, headers) => {
    expect(checked(verification, headers)).toMatchObject({ ok: true });
    expect(checked({ ...verification, secret: 'another' }, headers)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(checked({ ...verification, secret: 'another', oldSecret: verification.secret }, headers)).toMatchObject({ ok: true });
    expect(checked(verification, {})).toMatchObject({ ok: false, error: { kind: 'denied' } });
    if (verification.type !== 'sharedToken') expect(checked(verification, headers, `${BODY} `)).toMatchObject({ ok: false, error: { code: 'signature-wrong' } });
    for (const [name, value] of Object.entries(headers)) expect(checked(verification, { ...headers, [name]: value.slice(0, -4) })).toMatchObject({ ok: false });
  });

  it('that is too old, or from the future, is refused', () => {
    for (const at of ['2026-11-21T03:50:00Z', '2026-11-21T04:10:00Z', 'never', '']) {
      const headers = { 'x-zendesk-webhook-signature-timestamp': at, 'x-zendesk-webhook-signature': hmac(`${at}${BODY}`, { encoding: 'base64' }) };
      expect(checked({ type: 'zendesk', secret: 'key' }, headers)).toMatchObject({ ok: false, error: { code: 'signature-too-old' } });
    }
  });

  it('may be a user name and a password', () => {
    const verification = { type: 'basic', username: 'jürgen', secret: 'pass:word', oldSecret: 'before' } as const;
    const basic = (text: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    for (const right of ['jürgen:pass:word', 'jürgen:before']) expect(checked(verification, basic(right))).toMatchObject({ ok: true });
    expect(checked(verification, { authorization: `basic  ${Buffer.from('jürgen:pass:word').toString('base64')}` })).toMatchObject({ ok: true });
    for (const wrong of ['jürgen:', 'jürgen:pass', ':pass:word', 'Jürgen:pass:word', '', 'pass:word']) expect(checked(verification, basic(wrong))).toMatchObject({ ok: false, error: { kind: 'denied' } });
    for (const authorization of ['', 'Basic', 'Basic ', 'Bearer pass:word', 'Basic \u0000']) expect(checked(verification, { authorization })).toMatchObject({ ok: false });
    expect(checked(verification, {})).toMatchObject({ ok: false, error: { code: 'signature-wrong' } });
  });

  it('may cover how and where the request was sent', () => {
    const verification: RestVerification = { type: 'hmac', secret: 'key', encoding: 'base64', header: 'x-sig', content: '{{method}}{{url}}{{path}}{{body}}' };
    const sent: InboundRequest = { ...request({ 'x-sig': hmac(`PUThttps://p.example/in?a=b%20c/in?a=b%20c${BODY}`, { encoding: 'base64' }) }), query: 'a=b%20c', method: 'PUT', path: '/in', url: 'https://p.example/in?a=b%20c' };
    expect(verify(sent, { verification }, NOW_MS)).toMatchObject({ ok: true });
    for (const other of [{ method: 'POST' }, { path: '/other' }, { url: 'https://q.example/in?a=b%20c' }, { query: '' }]) expect(verify({ ...sent, ...other }, { verification }, NOW_MS)).toMatchObject({ ok: false });
  });

  it('may be a token in the body, in each place where there are several', () => {
    const one: RestVerification = { type: 'bodyToken', place: 'token', secret: 'key', oldSecret: 'before' };
    for (const body of ['{"token":"key"}', '{"token":"before"}']) expect(checked(one, {}, body)).toMatchObject({ ok: true });
    for (const body of ['{"token":"Key"}', '{"token":1}', '{"token":["key",1]}', '{"token":[]}', '{"token":null}', '{}', '[]', 'no', '']) expect(checked(one, {}, body)).toMatchObject({ ok: false, error: { code: 'signature-wrong' } });
    const several: RestVerification = { type: 'bodyToken', place: { jmespath: 'value[].[clientState]' }, secret: 'key' };
    expect(checked(several, {}, '{"value":[{"clientState":"key"},{"clientState":"key"}]}')).toMatchObject({ ok: true });
    for (const body of ['{"value":[{"clientState":"key"},{"clientState":"no"}]}', '{"value":[{"clientState":"key"},{}]}', '{"value":[]}', '{}']) expect(checked(several, {}, body)).toMatchObject({ ok: false });
  });

  it('is asked of nobody where none is set', () => {
    expect(verify(request(), {}, NOW_MS)).toMatchObject({ ok: true });
  });
});

describe('a handshake', () => {
  const shaken = (handshake: RestHandshake, given: InboundRequest) => shakeHands(given, handshake);

  it('echoes a query parameter as text', () => {
    expect(shaken({ type: 'echoQuery', parameter: 'validationToken' }, request({}, '', 'a=1&validationToken=x%20%3Cb%3E'))).toEqual({ status: 200, contentType: 'text/plain; charset=utf-8', body: 'x <b>' });
    expect(shaken({ type: 'echoQuery', parameter: 'validationToken' }, request())).toBeNull();
  });

  it('proves the secret by the HMAC of a query parameter', () => {
    expect(shaken({ type: 'hmacQuery', parameter: 'crc_token', secret: 'key' }, request({}, '', 'crc_token=abc'))).toMatchObject({ status: 200, body: hmac('abc') });
  });

  it('echoes a field of the body', () => {
    expect(shaken({ type: 'challenge', field: 'challenge' }, request({}, '{"type":"url_verification","challenge":"c"}'))).toMatchObject({ body: '{"challenge":"c"}' });
    for (const body of ['{"challenge":1}', '{}', 'no', '[]', '{"__proto__":"x"}']) expect(shaken({ type: 'challenge', field: body.includes('proto') ? 'toString' : 'challenge' }, request({}, body))).toBeNull();
  });

  it('ignores what is no message', () => {
    const handshake: RestHandshake = { type: 'ignore', when: { header: { 'x-github-event': '^ping$' } } };
    expect(shaken(handshake, request({ 'x-github-event': 'ping' }))).toMatchObject({ status: 200 });
    expect(shaken(handshake, request({ 'x-github-event': 'issues' }))).toBeNull();
  });
});
