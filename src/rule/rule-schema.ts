import { ruleShape } from '../core/rule/document.js';
import type { JsonSchema } from '../core/shape/shape.js';
import { addSchema, type NamedSchema } from '../web/index.js';

/** Lists whose elements have a name of their own in the API's description: they occur often, and are large. */
const NAMED_ELEMENTS: Readonly<Record<string, string>> = {
  entityConditions: 'RuleCondition', conversationConditions: 'RuleCondition', delayConditions: 'RuleDelay', sourceFormatters: 'RuleFormatter',
  virtualAttributeMappings: 'RuleMapping', mappings: 'RuleMapping', conversationAttributeMappings: 'RuleMapping',
};

const reference = (name: string): { readonly $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** A rule document as the API describes it, made of the same definition that reads it. */
export const RULE_SCHEMA = reference('RuleDocument');

addSchema('RuleDocument', { ...openApi(ruleShape.schema), additionalProperties: true });

/** OpenAPI 3.0 knows one type per schema. */
function openApi(schema: JsonSchema): NamedSchema {
  const { type, items, properties, anyOf, default: fallback, enum: words, required, ...rest } = schema;
  return {
    ...rest,
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof type === 'object' ? { oneOf: type.map((one) => ({ type: one })) } : {}),
    ...(items === undefined ? {} : { items: openApi(items) }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, member(key, one)])) }),
    ...(anyOf === undefined ? {} : { oneOf: anyOf.map(openApi) }),
    ...(words === undefined ? {} : { enum: [...words] }),
    ...(required === undefined || required.length === 0 ? {} : { required: [...required] }),
    ...(fallback === null ? { nullable: true } : {}),
    ...(fallback === undefined || fallback === null ? {} : { default: fallback }),
  };
}

function member(key: string, schema: JsonSchema): NamedSchema {
  const name = NAMED_ELEMENTS[key];
  if (name === undefined || schema.items === undefined) return openApi(schema);
  addSchema(name, openApi(schema.items));
  const { items: _, ...list } = schema;
  return { ...openApi(list), items: reference(name) };
}
