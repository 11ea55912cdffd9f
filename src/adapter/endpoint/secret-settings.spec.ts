import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '../contract.js';
import { joinSettings, readSettings, resettled, splitSettings } from './secret-settings.js';

const text = { type: 'string' };
const secret = { type: 'string', 'x-secret': true };
const choice = (type: string, properties: object): JsonSchema => ({ type: 'object', additionalProperties: false, required: ['type', ...Object.keys(properties)], properties: { type: { const: type }, ...properties } });
const SCHEMA: JsonSchema = {
  type: 'object', additionalProperties: false,
  properties: {
    url: text, hook: { type: 'object', additionalProperties: false, properties: { secret } },
    auth: { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: [choice('basic', { user: text, password: secret }), choice('bearer', { token: secret }), choice('session', { token: text }), choice('none', {})] },
  },
};
const basic = { url: 'u', auth: { type: 'basic', user: 'x', password: 'p' } };
const read = (given: object, stored = {}) => readSettings(SCHEMA, given as Record<string, unknown>, stored);

describe('settings with secrets', () => {
  it('are taken apart and put together again', () => {
    const split = splitSettings(SCHEMA, basic);
    expect(split).toEqual({ plain: { url: 'u', auth: { type: 'basic', user: 'x' } }, secrets: { '/auth/password': 'p' } });
    expect(joinSettings(split)).toEqual(basic);
    expect(joinSettings(split, () => ({ $secret: 'f' }))).toEqual({ url: 'u', auth: { type: 'basic', user: 'x', password: { $secret: 'f' } } });
  });

  it('keep what is stored for a mark and for a key that is left out', () => {
    const stored = { '/auth/password': 'old' };
    for (const auth of [{ type: 'basic', user: 'x', password: { $secret: 'any' } }, { type: 'basic', user: 'x' }]) {
      expect(read({ auth }, stored)).toMatchObject({ problems: [], split: { secrets: stored } });
    }
    expect(read({ auth: { type: 'basic', user: 'x', password: 'new' } }, stored).split.secrets).toEqual({ '/auth/password': 'new' });
  });

  it('forget a secret whose object is gone, or that has no place any more', () => {
    const stored = { '/auth/password': 'old', '/hook/secret': 'h' };
    expect(read({ hook: {} }, stored).split.secrets).toEqual({ '/hook/secret': 'h' });
    expect(read({ auth: { type: 'bearer', token: 't' } }, stored)).toMatchObject({ problems: [], split: { secrets: { '/auth/token': 't' } } });
  });

  it('are refused for a mark without a stored secret, and where a secret is missing', () => {
    expect(read({ auth: { type: 'bearer', token: { $secret: 'f' } } }).problems).toEqual([{ pointer: '/auth/token', detail: expect.stringContaining('none is stored') }]);
    expect(read({ auth: { type: 'basic', user: 'x' } }).problems).toEqual([{ pointer: '/auth/password', detail: 'is missing' }]);
  });

  it('seal only what is a secret in the choice that was made', () => {
    const session = { auth: { type: 'session', token: 'session_token' } };
    expect(splitSettings(SCHEMA, session)).toEqual({ plain: session, secrets: {} });
    expect(splitSettings(SCHEMA, { auth: { type: 'no such', token: 't' } }).secrets).toEqual({ '/auth/token': 't' });
    expect(splitSettings(SCHEMA, { auth: { token: 't' } }).secrets).toEqual({ '/auth/token': 't' });
  });

  it('never show a stored secret where the choice that is made now has no secret', () => {
    const stored = { '/auth/token': 'hunter2' };
    for (const auth of [{ type: 'session' }, { type: 'session', token: { $secret: 'f' } }]) {
      const { split, problems } = read({ auth }, stored);
      expect(problems).not.toEqual([]);
      expect(JSON.stringify(split.plain)).not.toContain('hunter2');
    }
  });

  it('that were sealed without being secrets may be read again', () => {
    const sealed = { plain: { auth: { type: 'session' } }, secrets: { '/auth/token': 'session_token' } };
    expect(resettled(SCHEMA, sealed)).toEqual({ plain: { auth: { type: 'session', token: 'session_token' } }, secrets: {} });
    expect(resettled(SCHEMA, { plain: { auth: { type: 'bearer' } }, secrets: { '/auth/token': 't' } })).toEqual({ plain: { auth: { type: 'bearer' } }, secrets: { '/auth/token': 't' } });
  });

  it('never tell a secret in a problem', () => {
    expect(JSON.stringify(read({ auth: { type: 'basic', user: 'x', password: 'hunter2', extra: 'hunter2' } }).problems)).not.toContain('hunter2');
  });
});
