import { describe, expect, it } from '@jest/globals';
import type { Outcome } from './call.js';
import { DEFAULT_LIMITS } from './call-limits.js';
import { guardedFetch } from './guarded-fetch.js';
import type { GuardedClient, HttpRequest } from './guarded-http.js';

function setup(outcome: Outcome) {
  const asked: HttpRequest[] = [];
  const client = { call: (request: HttpRequest) => { asked.push(request); return Promise.resolve(outcome); } } as unknown as GuardedClient;
  return { asked, fetch: guardedFetch(client, DEFAULT_LIMITS) };
}
const answered = (status: number, body = ''): Outcome => ({ kind: 'answered', status, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) });

describe('the guarded way out as fetch', () => {
  it('sends forms and text, and answers as fetch does', async () => {
    const { asked, fetch } = setup(answered(200, '{"a":1}'));
    const answer = await fetch('https://x.example/token', { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ a: 'b c' }) });
    expect(await answer.json()).toEqual({ a: 1 });
    expect(asked).toMatchObject([{ method: 'POST', url: 'https://x.example/token', headers: { accept: 'application/json' } }]);
    expect(Buffer.from(asked[0]!.body!).toString()).toBe('a=b+c');
  });

  it('follows no redirect, and has no body where there is none', async () => {
    expect((await setup(answered(302)).fetch('https://x.example', { method: 'GET', headers: {} })).status).toBe(302);
    expect((await setup(answered(204)).fetch('https://x.example', { method: 'GET', headers: {} })).body).toBeNull();
  });

  it('fails with the reason of the way out', async () => {
    const { fetch } = setup({ kind: 'failed', reason: 'egress', message: 'Not there.', written: false });
    await expect(fetch('https://x.example', { method: 'GET', headers: {} })).rejects.toMatchObject({ name: 'FetchFailed', reason: 'egress', message: 'Not there.' });
    await expect(setup(answered(200)).fetch('https://x.example', { method: 'POST', headers: {}, body: new Blob([]) })).rejects.toMatchObject({ reason: 'invalid-request' });
  });
});
