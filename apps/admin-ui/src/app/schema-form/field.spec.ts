import { describe, expect, it } from 'vitest';
import { type Field, fieldOf, fieldsOf, isAddable, isTuning } from './field';

const kindOf = (schema: object): Field['kind'] => fieldOf(schema as Record<string, unknown>, 'x', false).kind;

describe('a field of a schema', () => {
  it.each([
    ['text', { type: 'string' }], ['secret', { type: 'string', 'x-secret': true }], ['number', { type: 'integer' }], ['toggle', { type: 'boolean' }],
    ['choice', { type: 'string', enum: ['a', 'b'] }], ['group', { type: 'object', properties: {} }], ['pairs', { type: 'object', additionalProperties: { type: 'string' } }],
    ['texts', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }], ['list', { type: 'array', items: { type: 'object', properties: {} } }],
    ['json', {}], ['json', { anyOf: [{ type: 'string' }, { type: 'object' }] }],
  ])('is %s for %j', (kind, schema) => {
    expect(kindOf(schema)).toBe(kind);
  });

  it('takes its words from the schema, else from its name', () => {
    expect(fieldOf({ type: 'string', 'x-label': 'Base address', 'x-help': 'Without query.' }, 'baseUrl', true)).toMatchObject({ label: 'Base address', help: 'Without query.', isRequired: true });
    expect(fieldOf({ type: 'string' }, 'entityType', false)).toMatchObject({ label: 'Entity type', isRequired: false });
  });

  it('offers the variants of a oneOf by their constants, each with its own fields', () => {
    const variant = (type: string, more: object): object => ({ type: 'object', 'x-label': type.toUpperCase(), properties: { type: { const: type }, ...more }, required: ['type', ...Object.keys(more)] });
    const field = fieldOf({ type: 'object', discriminator: { propertyName: 'type' }, oneOf: [variant('none', {}), variant('bearer', { token: { type: 'string', 'x-secret': true } })] }, 'auth', false);
    expect(field).toMatchObject({ kind: 'variants', discriminator: 'type', variants: [{ value: 'none', label: 'NONE', fields: [] }, { value: 'bearer', fields: [{ name: 'token', kind: 'secret', isRequired: true }] }] });
  });
});

describe('the fields of a schema', () => {
  const schema = {
    type: 'object', required: ['baseUrl'],
    properties: {
      baseUrl: { type: 'string' }, slots: { type: 'integer', default: 8 },
      retry: { type: 'object', properties: { firstMs: { type: 'integer', default: 1 } } },
      rate: { type: 'object', required: ['perSecond'], properties: { perSecond: { type: 'number' } } },
    },
  };

  it('keep the order of the schema', () => {
    expect(fieldsOf(schema).map((field) => field.name)).toEqual(['baseUrl', 'slots', 'retry', 'rate']);
  });

  it('can be left alone where all of them have defaults', () => {
    expect(fieldsOf(schema).filter(isTuning).map((field) => field.name)).toEqual(['slots', 'retry']);
  });

  it('are added first where an empty group would lack something', () => {
    expect(fieldsOf(schema).filter(isAddable).map((field) => field.name)).toEqual(['rate']);
  });

  it('are added by themselves where an empty group means something: with all its defaults it is not the same as none', () => {
    const unchanged = fieldOf({ type: 'object', 'x-empty': true, properties: { tries: { type: 'integer', default: 3 } } }, 'unchanged', false);
    expect([isAddable(unchanged), isTuning(unchanged)]).toEqual([true, false]);
  });
});
