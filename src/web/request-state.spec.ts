import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { rewriteOrganizationPath, stateOf } from './request-state.js';

const rewrite = (url: string): [string, string | null] => {
  const raw = { url } as IncomingMessage;
  return [rewriteOrganizationPath(raw), stateOf({ raw } as FastifyRequest).organizationSlug];
};

describe('the organization in a path', () => {
  it('is taken off and remembered', () => {
    expect(rewrite('/api/v1/o/acme/messages?limit=2')).toEqual(['/api/v1/messages?limit=2', 'acme']);
    expect(rewrite('/api/v1/o/a%20b/inbound/x/y')).toEqual(['/api/v1/inbound/x/y', 'a b']);
  });

  it('is none without the prefix', () => {
    expect(rewrite('/api/v1/messages')).toEqual(['/api/v1/messages', null]);
    expect(rewrite('/api/v1/other/acme')).toEqual(['/api/v1/other/acme', null]);
    expect(rewrite('/api/v1/o/')).toEqual(['/api/v1/o/', null]);
  });

  it('is taken off once only, so that nothing can stand for two organizations', () => {
    expect(rewrite('/api/v1/o/acme/o/other/messages')).toEqual(['/api/v1/o/other/messages', 'acme']);
  });

  it('that cannot be decoded names none that exists', () => {
    expect(rewrite('/api/v1/o/%zz/messages')).toEqual(['/api/v1/messages', '%zz']);
  });
});
