import { describe, expect, it } from '@jest/globals';
import { checkSettings, secretPointers } from '../../setting/check-settings.js';
import { rest } from './index.js';
import { authHeaders, secretsOf } from './wire.js';

describe('a key in the place of the user name', () => {
  const settings = { baseUrl: 'https://x.example', auth: { type: 'basicKey' as const, key: 'long-key' } };

  it('goes with X for a password, as one header', () => {
    expect(checkSettings(rest.settings, settings)).toEqual([]);
    expect(authHeaders(settings.auth)).toEqual({ authorization: `Basic ${Buffer.from('long-key:X').toString('base64')}` });
  });

  it('is a secret, which a user name is not', () => {
    expect(secretPointers(rest.settings, settings)).toEqual(['/auth/key']);
    expect(secretsOf(settings)).toEqual(['long-key', 'long-key:X']);
  });
});

describe('a session', () => {
  it('has no secret besides its password: where a token is found and the headers that take it may be read', () => {
    const auth = { type: 'session' as const, login: { method: 'POST', path: '/login' }, username: 'u', password: 'p', token: 'session_token', headers: { 'Session-Token': '{{token}}' } };
    expect(checkSettings(rest.settings, { baseUrl: 'https://x.example', auth })).toEqual([]);
    expect(secretPointers(rest.settings, { auth })).toEqual(['/auth/password']);
  });
});
