import type { JsonSchema } from '../contract.js';

/** Words whose value is a schema, a list of schemas, or schemas by name (JSON Schema 2020-12). */
const ONE = ['additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'];
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const BY_NAME = ['dependentSchemas', 'patternProperties', 'properties'];
/** Words that people read and no value is checked by. */
const REMARKS = new Set(['default', 'x-empty', 'x-file', 'x-help', 'x-label', 'x-multiline', 'x-order', 'x-secret']);
/** Below this a part is shorter than what a reference to it costs. */
const WORTH_SHARING = 120;

/**
 * The same schema for checking only: without what is meant for people, and with each part that occurs more than once written once, below `$defs`.
 * The schemas of settings are put together from a few parts, each many times in full; compiled as they are, the validator is thirty times as large.
 */
export function shareParts(schema: JsonSchema): JsonSchema {
  const bare = withoutRemarks(schema);
  const times = new Map<string, number>();
  const count = (part: JsonSchema): JsonSchema => {
    const text = JSON.stringify(part);
    times.set(text, (times.get(text) ?? 0) + 1);
    return times.get(text) === 1 ? mapParts(part, count) : part;
  };
  mapParts(bare, count);

  const parts: Record<string, JsonSchema> = {};
  const names = new Map<string, string>();
  const share = (part: JsonSchema): JsonSchema => {
    const text = JSON.stringify(part);
    if ((times.get(text) ?? 0) < 2 || text.length < WORTH_SHARING) return mapParts(part, share);
    const name = names.get(text) ?? `part${names.size}`;
    if (!names.has(text)) {
      names.set(text, name);
      parts[name] = mapParts(part, share);
    }
    return { $ref: `#/$defs/${name}` };
  };
  return { ...mapParts(bare, share), $defs: parts };
}

function withoutRemarks(schema: JsonSchema): JsonSchema {
  return mapParts(Object.fromEntries(Object.entries(schema).filter(([word]) => !REMARKS.has(word))), withoutRemarks);
}

/** The schema with each schema directly inside it replaced. */
function mapParts(schema: JsonSchema, replace: (part: JsonSchema) => JsonSchema): JsonSchema {
  const each = (part: unknown): unknown => (typeof part === 'object' && part !== null ? replace(part as JsonSchema) : part);
  return Object.fromEntries(Object.entries(schema).map(([word, value]) => {
    if (ONE.includes(word)) return [word, each(value)];
    if (LIST.includes(word)) return [word, (value as readonly unknown[]).map(each)];
    if (BY_NAME.includes(word)) return [word, Object.fromEntries(Object.entries(value as JsonSchema).map(([name, part]) => [name, each(part)]))];
    return [word, value];
  }));
}
