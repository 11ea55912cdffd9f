import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../config/settings.js';
import { webAdapter } from './fastify.js';
import { openLog } from './logger.js';

/** The server of a process in this role, with two routes. */
async function setup(role: string): Promise<(method: 'GET' | 'POST', url: string) => Promise<{ status: number; code?: string }>> {
  const read = readSettings({ PARLEY_ROLE: role });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const fastify = webAdapter(read.settings, openLog('error')).getInstance();
  for (const url of ['/healthz', '/readyz', '/metrics', '/api/v1/messages', '/']) fastify.get(url, () => ({}));
  fastify.post('/api/v1/inbound/:endpoint/:type', () => ({}));
  await fastify.ready();
  return async (method, url) => {
    const answer = await fastify.inject({ method, url });
    return { status: answer.statusCode, ...(answer.statusCode >= 400 ? { code: answer.json<{ code: string }>().code } : {}) };
  };
}

describe('a process that only works', () => {
  it('tells its health and its metrics, and nothing else', async () => {
    const ask = await setup('worker');
    for (const url of ['/healthz', '/readyz', '/readyz?verbose=1', '/metrics']) expect(await ask('GET', url)).toEqual({ status: 200 });
    for (const url of ['/', '/api/v1/messages', '/api/v1/o/acme/messages', '/healthz/../api/v1/messages', '/nothing']) expect(await ask('GET', url)).toEqual({ status: 421, code: 'not-served-here' });
    expect(await ask('POST', '/api/v1/inbound/a/b')).toEqual({ status: 421, code: 'not-served-here' });
  });

  it('is no other one: web and all serve everything', async () => {
    for (const role of ['web', 'all']) {
      const ask = await setup(role);
      for (const url of ['/', '/healthz', '/api/v1/messages']) expect(await ask('GET', url)).toEqual({ status: 200 });
    }
  });
});
