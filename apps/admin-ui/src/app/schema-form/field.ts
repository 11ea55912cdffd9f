/** A JSON Schema as adapters write it: the part of draft 2020-12 that forms are made from, with `x-label`, `x-help`, `x-secret`, `x-multiline`, `x-empty` (an empty group means something), `x-file` (a file in base64). */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Named {
  /** Key in its object; empty for the items of a list. */
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly isRequired: boolean;
  readonly default: unknown;
}

export interface Variant {
  readonly value: string;
  readonly label: string;
  readonly fields: readonly Field[];
}

/** One field of a form, as the schema describes it. `json` takes what no other kind fits. */
export type Field =
  | (Named & { readonly kind: 'text'; readonly isMultiline: boolean })
  | (Named & { readonly kind: 'secret'; readonly isMultiline: boolean; /** Written as a file, which is kept in base64. */ readonly isFile: boolean })
  | (Named & { readonly kind: 'number' })
  | (Named & { readonly kind: 'toggle' })
  | (Named & { readonly kind: 'choice'; readonly choices: readonly string[] })
  | (Named & { readonly kind: 'texts'; readonly isAlwaysList: boolean })
  | (Named & { readonly kind: 'pairs' })
  /** `meansSomethingEmpty`: with all its defaults it is not the same as none. */
  | (Named & { readonly kind: 'group'; readonly fields: readonly Field[]; readonly meansSomethingEmpty: boolean })
  | (Named & { readonly kind: 'variants'; readonly discriminator: string; readonly variants: readonly Variant[] })
  | (Named & { readonly kind: 'list'; readonly item: Field; readonly most: number })
  | (Named & { readonly kind: 'json' });

/** Fields of an object schema, in the schema's order. */
export function fieldsOf(schema: JsonSchema): readonly Field[] {
  const required = new Set(isList(schema['required']) ? schema['required'] : []);
  return Object.entries(isSchema(schema['properties']) ? schema['properties'] : {})
    .filter(([, member]) => isSchema(member) && !('const' in member))
    .map(([name, member]) => fieldOf(member as JsonSchema, name, required.has(name)));
}

/** The field that a schema makes. Never fails: what is not understood is written as JSON. */
export function fieldOf(schema: JsonSchema, name: string, isRequired: boolean): Field {
  const named: Named = { name, label: textOf(schema['x-label']) ?? wordsOf(name), help: textOf(schema['x-help']), isRequired, default: schema['default'] };
  const isMultiline = schema['x-multiline'] === true;
  if (schema['x-secret'] === true) return { ...named, kind: 'secret', isMultiline, isFile: schema['x-file'] === true };
  if (isList(schema['enum'])) return { ...named, kind: 'choice', choices: schema['enum'].map(String) };
  const variants = variantsOf(schema);
  if (variants !== undefined) return { ...named, kind: 'variants', ...variants };
  if (isTextOrTexts(schema)) return { ...named, kind: 'texts', isAlwaysList: false };
  switch (schema['type']) {
    case 'string': return { ...named, kind: 'text', isMultiline };
    case 'integer': case 'number': return { ...named, kind: 'number' };
    case 'boolean': return { ...named, kind: 'toggle' };
    case 'object': return objectField(schema, named);
    case 'array': return arrayField(schema, named);
    default: return { ...named, kind: 'json' };
  }
}

function objectField(schema: JsonSchema, named: Named): Field {
  const free = schema['additionalProperties'];
  if (isSchema(schema['properties'])) return { ...named, kind: 'group', fields: fieldsOf(schema), meansSomethingEmpty: schema['x-empty'] === true };
  return isSchema(free) && free['type'] === 'string' ? { ...named, kind: 'pairs' } : { ...named, kind: 'json' };
}

function arrayField(schema: JsonSchema, named: Named): Field {
  const items = schema['items'];
  if (!isSchema(items)) return { ...named, kind: 'json' };
  if (items['type'] === 'string' && !isList(items['enum'])) return { ...named, kind: 'texts', isAlwaysList: true };
  return { ...named, kind: 'list', item: fieldOf(items, '', true), most: typeof schema['maxItems'] === 'number' ? schema['maxItems'] : Infinity };
}

/** `oneOf` whose members tell themselves apart by a constant. */
function variantsOf(schema: JsonSchema): { readonly discriminator: string; readonly variants: readonly Variant[] } | undefined {
  const members = schema['oneOf'];
  const mark = isSchema(schema['discriminator']) ? schema['discriminator']['propertyName'] : undefined;
  if (!isList(members) || typeof mark !== 'string') return undefined;
  const variants = members.filter(isSchema).map((member) => {
    const value = constantOf(member, mark);
    return { value, label: textOf(member['x-label']) ?? wordsOf(value), fields: fieldsOf(member) };
  });
  return { discriminator: mark, variants };
}

function constantOf(schema: JsonSchema, key: string): string {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const member = properties[key];
  return isSchema(member) ? String(member['const']) : '';
}

/** One text, or a list of them. */
function isTextOrTexts({ anyOf }: JsonSchema): boolean {
  if (!isList(anyOf) || anyOf.length !== 2) return false;
  const [one, many] = anyOf;
  return isSchema(one) && one['type'] === 'string' && isSchema(many) && many['type'] === 'array' && isSchema(many['items']) && many['items']['type'] === 'string';
}

/** Whether a field can be left alone: it has a default, or consists of such fields. */
export function isTuning(field: Field): boolean {
  if (field.isRequired) return false;
  return field.kind === 'group' ? !field.meansSomethingEmpty && field.fields.length > 0 && field.fields.every(isTuning) : field.default !== undefined;
}

/** Whether an optional group must be added before it can be filled: empty, it would lack what it requires, or means something. */
export const isAddable = (field: Field): boolean =>
  !field.isRequired && (field.kind === 'variants' || (field.kind === 'group' && (field.meansSomethingEmpty || field.fields.some((member) => member.isRequired))));

/** `entityType` → `Entity type` */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
