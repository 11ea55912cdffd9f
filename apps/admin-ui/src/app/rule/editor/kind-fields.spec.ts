import { describe, expect, it } from 'vitest';
import { kindFields } from './kind-fields';

const SCHEMA = {
  type: 'object', required: ['maxLength'],
  properties: { maxLength: { type: 'integer', description: 'Code points that are kept' }, group: { type: 'integer', default: null }, endpoint: { type: 'string', description: 'The endpoint' }, endings: { type: 'array', items: { type: 'string' }, default: [] }, value: { type: ['string', 'number'] } },
};

describe('the fields of a kind', () => {
  it('have their meaning as help, and no default that says nothing', () => {
    expect(kindFields(SCHEMA, { without: ['endpoint'] }).map(({ name, kind, help, isRequired, default: fallback }) => [name, kind, help, isRequired, fallback])).toEqual([
      ['maxLength', 'number', 'Code points that are kept.', true, undefined], ['group', 'number', undefined, false, undefined], ['endings', 'texts', undefined, false, undefined], ['value', 'text', undefined, false, undefined],
    ]);
  });
  it('are a choice where only some values can be meant', () => {
    expect(kindFields(SCHEMA, { choices: { endpoint: ['acme', 'vendor'] } }).find((field) => field.name === 'endpoint')).toMatchObject({ kind: 'choice', choices: ['acme', 'vendor'] });
  });
});
