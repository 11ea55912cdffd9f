import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import type { Need } from '../../src/core/rule/decision.js';
import { translationKey } from '../../src/core/rule/scope.js';
import { RuleModule, Translations } from '../../src/rule/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';
import { FakeTarget, json, type Behaviour, type SeenRequest } from '../support/fake-target.js';

let api: Api;
let me: ApiUser;
let service: FakeTarget;
let count = 0;

beforeAll(async () => {
  service = await FakeTarget.start();
  api = await openApi([RuleModule, EndpointModule, ConfigurationModule]);
}, 60_000); // makes the run's database
afterAll(async () => {
  await api.close();
  await service.stop();
});
afterEach(() => service.reset());

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = () => JSON.stringify({
  type: 'service_account', client_email: 'parley@acme.iam.example', project_id: 'acme-42', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }), token_uri: `${service.url}/token`,
});
const bodyOf = (request: SeenRequest): Record<string, unknown> => JSON.parse(request.body.toString()) as Record<string, unknown>;

/** An organization of its own with a service. */
async function configure(settings: Readonly<Record<string, unknown>>): Promise<ApiUser> {
  me = await api.organization(`organization-${++count}`);
  const answer = await me.send('PUT', '/api/v1/translation', settings);
  expect(answer).toMatchObject({ status: 200 });
  return me;
}
const need = (text: string, target = 'en', source = ''): Need => ({ source, target, text });
const fetchOne = async (text: string, signal = new AbortController().signal): Promise<unknown> => (await api.app.get(Translations).fetch(me.organization, [need(text)], signal))[translationKey(need(text))];

/** Each service in its own words: what it is asked, and how it answers. */
const SERVICES: readonly { name: string; settings: () => object; asked: (request: SeenRequest) => unknown; expected: object; answer: (text: string) => Behaviour }[] = [
  {
    name: 'google-v2', settings: () => ({ provider: 'google-v2', url: service.url, key: 'a key' }),
    asked: (request) => ({ url: request.url, key: request.headers['x-goog-api-key'], body: bodyOf(request) }),
    expected: { url: '/language/translate/v2', key: 'a key', body: { q: 'hei', target: 'en', format: 'text' } },
    answer: (text) => json(200, { data: { translations: [{ translatedText: text, detectedSourceLanguage: 'fi' }] } }),
  },
  {
    name: 'libretranslate', settings: () => ({ provider: 'libretranslate', url: service.url, key: 'a key' }),
    asked: (request) => ({ url: request.url, body: bodyOf(request) }),
    expected: { url: '/translate', body: { q: 'hei', source: 'auto', target: 'en', format: 'text', api_key: 'a key' } },
    answer: (text) => json(200, { translatedText: text }),
  },
  {
    name: 'deepl', settings: () => ({ provider: 'deepl', url: service.url, key: 'a key' }),
    asked: (request) => ({ url: request.url, key: request.headers['authorization'], body: bodyOf(request) }),
    expected: { url: '/v2/translate', key: 'DeepL-Auth-Key a key', body: { text: ['hei'], target_lang: 'EN' } },
    answer: (text) => json(200, { translations: [{ detected_source_language: 'FI', text }] }),
  },
  {
    name: 'google-v3', settings: () => ({ provider: 'google-v3', url: service.url, key: account() }),
    asked: (request) => ({ url: request.url, key: request.headers['authorization'], body: bodyOf(request) }),
    expected: { url: '/v3/projects/acme-42/locations/global:translateText', key: 'Bearer a token', body: { contents: ['hei'], targetLanguageCode: 'en', mimeType: 'text/plain' } },
    answer: (text) => json(200, { translations: [{ translatedText: text, detectedLanguageCode: 'fi' }] }),
  },
];

const givesToken = json(200, { access_token: 'a token', expires_in: 3599, token_type: 'Bearer' });

describe.each(SERVICES)('the service $name', ({ name, settings, asked, expected, answer }) => {
  it('is asked in its own words, once per text', async () => {
    await configure(settings() as Record<string, unknown>);
    if (name === 'google-v3') service.next(givesToken);
    service.next(answer('hello & goodbye <b>"'));
    expect(await fetchOne('hei')).toBe('hello & goodbye <b>"');
    expect(asked(service.seen.at(-1)!)).toEqual(expected);
    const { length } = service.seen;
    expect(await fetchOne('hei')).toBe('hello & goodbye <b>"');
    expect(api.app.get(Translations).known(me.organization, [need('hei'), need('moi')])).toEqual({ [translationKey(need('hei'))]: 'hello & goodbye <b>"' });
    expect(service.seen).toHaveLength(length);
  });

  it.each<[string, Behaviour, RegExp]>([
    ['refuses', json(403, { error: 'who are you' }), /it answered 403/],
    ['is broken', json(500, 'oops'), /it answered 500/],
    ['says something else', json(200, { surprise: true }), /no translation/],
    ['is no JSON', { do: 'answer', status: 200, body: '<html>' }, /not JSON/],
    ['cuts the connection', { do: 'cut' }, /./],
    ['says too much', { do: 'huge', bytes: 3_000_000 }, /./],
  ])('that %s gives a reason, and no text', async (_, behaviour, reason) => {
    await configure(settings() as Record<string, unknown>);
    if (name === 'google-v3') service.next(givesToken);
    service.next(behaviour);
    expect(await fetchOne('hei')).toEqual({ problem: expect.stringMatching(reason) });
    service.next(answer('hello'));
    expect(await fetchOne('hei')).toBe('hello'); // a failure is not remembered
  });
});

describe('Google\'s advanced edition', () => {
  it('is shown a signed assertion of the account, and its token is used again', async () => {
    await configure({ provider: 'google-v3', url: service.url, key: account() });
    service.next(givesToken).always((request) => json(200, { translations: [{ translatedText: String((bodyOf(request)['contents'] as string[])[0]).toUpperCase() }] }));
    expect([await fetchOne('a'), await fetchOne('b')]).toEqual(['A', 'B']);
    expect(service.seen.map((request) => request.url)).toEqual(['/token', '/v3/projects/acme-42/locations/global:translateText', '/v3/projects/acme-42/locations/global:translateText']);
    const form = new URLSearchParams(service.seen[0]!.body.toString());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header, claims, signature] = form.get('assertion')!.split('.');
    expect(createVerify('RSA-SHA256').update(`${header!}.${claims!}`).verify(publicKey, signature!, 'base64url')).toBe(true);
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({ iss: 'parley@acme.iam.example', aud: `${service.url}/token`, scope: 'https://www.googleapis.com/auth/cloud-translation' });
  });

  it('gets a new token when it takes the old one no more', async () => {
    await configure({ provider: 'google-v3', url: service.url, key: account() });
    service.next(givesToken, json(401, {}));
    expect(await fetchOne('a')).toEqual({ problem: 'it answered 401' });
    service.next(givesToken, json(200, { translations: [{ translatedText: 'A' }] }));
    expect(await fetchOne('a')).toBe('A');
    expect(service.seen.filter((request) => request.url === '/token')).toHaveLength(2);
  });

  it('that gives no token says so of every text', async () => {
    await configure({ provider: 'google-v3', url: service.url, key: account() });
    service.next(json(400, { error: 'invalid_grant' }));
    expect(await fetchOne('a')).toEqual({ problem: 'its key was not taken: it answered 400' });
  });
});

describe('texts of a message', () => {
  it('are asked for a few at a time, and one that fails does not take the others along', async () => {
    await configure({ provider: 'libretranslate', url: service.url });
    let underWay = 0;
    let most = 0;
    service.always((request) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => { underWay--; }, 30);
      return { do: 'answer', status: bodyOf(request)['q'] === 'text 3' ? 400 : 200, body: { translatedText: `${String(bodyOf(request)['q'])}!` }, afterMs: 30 };
    });
    const needs = Array.from({ length: 12 }, (_, i) => need(`text ${i}`));
    const known = await api.app.get(Translations).fetch(me.organization, needs, new AbortController().signal);
    expect(needs.map((one) => known[translationKey(one)])).toEqual(needs.map(({ text }) => (text === 'text 3' ? { problem: 'it answered 400' } : `${text}!`)));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(bodyOf(service.seen[0]!)).not.toHaveProperty('api_key');
  });

  it('wait no longer for a service than its time limit, all of them together', async () => {
    await configure({ provider: 'libretranslate', url: service.url, timeLimitSeconds: 1 });
    service.always({ do: 'hang' });
    const needs = Array.from({ length: 12 }, (_, i) => need(`slow ${i}`));
    const known = await api.app.get(Translations).fetch(me.organization, needs, new AbortController().signal);
    expect(service.seen.length).toBeLessThanOrEqual(4); // that many at a time: the rest was not asked any more
    expect(new Set(Object.values(known).map((one) => (one as { problem: string }).problem))).toEqual(new Set(['it did not answer within 1 s']));
  });

  it('are not had from a service that is gone, and say so', async () => {
    await configure({ provider: 'libretranslate', url: 'http://127.0.0.1:9' });
    expect(await fetchOne('hei')).toEqual({ problem: expect.any(String) });
    me = await api.organization(`organization-${++count}`);
    expect(await fetchOne('hei')).toEqual({ problem: 'no translation service is configured' });
  });

  it('of one organization, service or language are never given to another', async () => {
    await configure({ provider: 'libretranslate', url: service.url });
    const first = me;
    service.next(json(200, { translatedText: 'first' }));
    await fetchOne('hei');
    await configure({ provider: 'libretranslate', url: service.url });
    const { known } = { known: (needs: readonly Need[]) => api.app.get(Translations).known(me.organization, needs) };
    expect(known([need('hei')])).toEqual({});
    me = first;
    expect(Object.keys(known([need('hei'), need('hei', 'de'), need('hei', 'en', 'fi')]))).toHaveLength(1);
    await me.send('PUT', '/api/v1/translation', { provider: 'deepl', url: service.url, key: 'k' });
    expect(known([need('hei')])).toEqual({});
  });
});

describe('the settings of the service', () => {
  it('never show the key, and keep it for the address that it was given for', async () => {
    await configure({ provider: 'deepl', url: service.url, key: 'very secret' });
    const shown = await me.get('/api/v1/translation');
    expect(shown.body).toMatchObject({ provider: 'deepl', url: service.url, hasKey: true, timeLimitSeconds: 10 });
    expect(JSON.stringify([shown.body, (await me.get('/api/v1/audit')).body])).not.toContain('very secret');
    expect(await me.send('PUT', '/api/v1/translation', { provider: 'deepl', url: service.url, timeLimitSeconds: 5 })).toMatchObject({ status: 200, body: { hasKey: true, timeLimitSeconds: 5 } });
    service.next(json(200, { translations: [{ text: 'hello' }] }));
    expect((await me.send('POST', '/api/v1/translation/test', { text: 'hei', target: 'en' })).body).toEqual({ text: 'hello' });
    expect(service.seen[0]!.headers['authorization']).toBe('DeepL-Auth-Key very secret');
    expect(await me.send('PUT', '/api/v1/translation', { provider: 'deepl', url: 'http://elsewhere.example' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/key', detail: 'is missing' }] } });
  });

  it.each([
    [{ provider: 'babelfish' }, '/provider'], [{ provider: 'libretranslate' }, '/url'], [{ provider: 'deepl' }, '/key'], [{ provider: 'google-v2', key: '' }, '/key'],
    [{ provider: 'google-v3', key: '{}' }, '/key'], [{ provider: 'google-v3', key: JSON.stringify({ client_email: 'a', project_id: 'b', private_key: 'c' }) }, '/key'],
    [{ provider: 'libretranslate', url: 'ftp://x' }, '/url'], [{ provider: 'deepl', key: 'k', timeLimitSeconds: 0 }, '/timeLimitSeconds'],
  ])('are refused where they cannot work: %j', async (body, pointer) => {
    me = await api.organization(`organization-${++count}`);
    const answer = await me.send('PUT', '/api/v1/translation', body);
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('can be tried out, with the reason where that fails', async () => {
    await configure({ provider: 'libretranslate', url: service.url });
    service.next(json(403, {}));
    expect(await me.send('POST', '/api/v1/translation/test', { text: 'hei', target: 'en' })).toMatchObject({ status: 502, body: { code: 'translation-failed', detail: 'The translation service: it answered 403.' } });
    expect((await me.send('DELETE', '/api/v1/translation')).status).toBe(204);
    expect((await me.send('POST', '/api/v1/translation/test', { text: 'hei', target: 'en' })).status).toBe(404);
    expect((await me.get('/api/v1/translation')).body).toMatchObject({ provider: null, hasKey: false });
  });

  it('may be changed only by who may change the configuration', async () => {
    const reader = await api.organization(`organization-${++count}`, ['configuration:read']);
    expect((await reader.get('/api/v1/translation')).status).toBe(200);
    for (const [method, path] of [['PUT', ''], ['DELETE', ''], ['POST', '/test']] as const) {
      expect((await reader.send(method, `/api/v1/translation${path}`, method === 'DELETE' ? undefined : { provider: 'libretranslate', url: 'http://x.example', text: 'a', target: 'en' })).status).toBe(403);
    }
  });
});

describe('a rule that translates', () => {
  const translates = (name: string) => routeRule({ name, mappings: [{ type: 'Single', template: '${title}', targetAttribute: 'title', sourceFormatters: [{ type: 'Trim' }, { type: 'Translate', target: 'en' }] }] });
  const pointer = '/mappings/0/sourceFormatters/1';

  it('is refused while no service is configured, however it comes', async () => {
    me = await api.organization(`organization-${++count}`);
    for (const id of ['source', 'target']) await me.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
    expect(await me.send('POST', '/api/v1/rules', translates('t'))).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await me.send('PUT', '/api/v1/config', { rules: [translates('t')] })).toMatchObject({ status: 422, body: { errors: [{ pointer: `/rules/0${pointer}` }] } });
    const imported = await me.send('POST', '/api/v1/rules/import', translates('t'));
    expect(imported.body.items[0].problems).toMatchObject([{ pointer }]);
    expect(await me.send('POST', `/api/v1/rules/${imported.body.items[0].ruleId}/enable`)).toMatchObject({ status: 422 });
    await me.send('PUT', '/api/v1/translation', { provider: 'libretranslate', url: service.url });
    expect(await me.send('POST', `/api/v1/rules/${imported.body.items[0].ruleId}/enable`)).toMatchObject({ status: 200 });
    expect(await me.send('POST', '/api/v1/rules', translates('u'))).toMatchObject({ status: 201 });
  });
});
