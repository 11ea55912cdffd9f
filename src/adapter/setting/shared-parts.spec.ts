import { describe, expect, it } from '@jest/globals';
import { ADAPTERS } from '../registry.js';
import { checkSettings } from './check-settings.js';
import { shareParts } from './shared-parts.js';

const NAME = { type: 'string', minLength: 1, maxLength: 100, pattern: '^[a-z]+$', description: 'long enough to be worth a reference, whatever the words of a schema are' };

describe('a schema for checking', () => {
  it('has what occurs several times once, whatever its label says', () => {
    const shared = shareParts({ type: 'object', 'x-order': ['b'], properties: { a: { ...NAME, 'x-label': 'One' }, b: { type: 'array', items: { ...NAME, 'x-label': 'Other', 'x-help': 'Of it.' } }, c: { type: 'boolean', default: true } } });
    expect(shared).toEqual({
      type: 'object', properties: { a: { $ref: '#/$defs/part0' }, b: { type: 'array', items: { $ref: '#/$defs/part0' } }, c: { type: 'boolean' } }, $defs: { part0: NAME },
    });
  });

  it('keeps settings whose names are words of schemas', () => {
    const shared = shareParts({ type: 'object', required: ['default'], properties: { default: { type: 'string', 'x-label': 'Default' }, items: { type: 'boolean' } }, additionalProperties: false });
    expect(shared).toEqual({ type: 'object', required: ['default'], properties: { default: { type: 'string' }, items: { type: 'boolean' } }, additionalProperties: false, $defs: {} });
  });

  it('shares parts of parts, and choices of which one has a part', () => {
    const choice = { type: 'object', required: ['name'], properties: { name: NAME } };
    const shared = shareParts({ oneOf: [choice, { type: 'array', prefixItems: [choice, NAME], items: false }] });
    expect(shared).toEqual({
      oneOf: [{ $ref: '#/$defs/part0' }, { type: 'array', prefixItems: [{ $ref: '#/$defs/part0' }, { $ref: '#/$defs/part1' }], items: false }],
      $defs: { part0: { ...choice, properties: { name: { $ref: '#/$defs/part1' } } }, part1: NAME },
    });
  });

  it('says the same problems at the same places', () => {
    const schema = { type: 'object', additionalProperties: false, properties: { a: NAME, b: { type: 'array', items: NAME } } };
    expect(checkSettings(schema, { a: 'A', b: ['ok', ''], c: 1 })).toEqual([
      { pointer: '/c', detail: 'is not a setting that exists here' }, { pointer: '/a', detail: 'must match pattern "^[a-z]+$"' },
      { pointer: '/b/1', detail: 'must NOT have fewer than 1 characters' }, { pointer: '/b/1', detail: 'must match pattern "^[a-z]+$"' },
    ]);
  });

  it.each(ADAPTERS.flatMap(({ manifest, settings, entityTypeSettings }) => [[`${manifest.kind}: settings`, settings], [`${manifest.kind}: entity types`, entityTypeSettings]] as const))('%s stays small', (_name, schema) => {
    expect(JSON.stringify(shareParts(schema)).length).toBeLessThan(30_000);
  });
});
