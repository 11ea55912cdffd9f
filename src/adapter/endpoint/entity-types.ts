import { fold, sameName } from '../../core/message/fold.js';
import { checkSettings, type SettingsProblem } from '../setting/check-settings.js';
import type { EntityType, JsonSchema, Reference } from '../contract.js';
import { isJsonObject } from './json-place.js';

const NAME = { type: 'string', minLength: 1, maxLength: 100, pattern: '\\S' } as const;

/** The part of an entity type that every kind has. */
export const ENTITY_TYPE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  name: { ...NAME, 'x-label': 'Name', 'x-help': 'As rules and inbound addresses name it; upper and lower case are the same.' },
  references: {
    type: 'array', maxItems: 50, 'x-label': 'References', 'x-help': 'Attributes that carry the ticket id of another endpoint.',
    items: { type: 'object', additionalProperties: false, required: ['attribute', 'endpoint', 'entityType'], properties: { attribute: NAME, endpoint: NAME, entityType: NAME } },
  },
};

const COMMON: JsonSchema = { type: 'object', required: ['name'], properties: ENTITY_TYPE_PROPERTIES };

/** Checks a list of entity types as documents write them; pointers of problems start at the list. */
export function checkEntityTypes(schema: JsonSchema, given: unknown): SettingsProblem[] {
  if (!Array.isArray(given)) return [{ pointer: '', detail: 'must be a list of entity types' }];
  const problems = given.flatMap((one, at) => checkOne(schema, one).map((problem) => ({ ...problem, pointer: `/${at}${problem.pointer}` })));
  if (problems.length > 0) return problems;
  const names = given.map((one) => fold((one as { readonly name: string }).name));
  return names.flatMap((name, at) => (names.indexOf(name) === at ? [] : [{ pointer: `/${at}/name`, detail: 'is the name of an earlier entity type' }]));
}

function checkOne(schema: JsonSchema, given: unknown): SettingsProblem[] {
  if (!isJsonObject(given)) return [{ pointer: '', detail: 'must be an object' }];
  return [...checkSettings(COMMON, given), ...checkSettings(schema, ownPart(given))];
}

/** What the kind itself says of an entity type. */
function ownPart(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { name: _name, references: _references, ...own } = given;
  return own;
}

/** Entity types as adapters see them, of a list that was checked. */
export function readEntityTypes(stored: readonly unknown[]): readonly EntityType[] {
  return stored.filter(isJsonObject).map((one) => ({
    name: String(one['name']),
    references: (one['references'] as readonly Reference[] | undefined) ?? [],
    settings: ownPart(one),
  }));
}

/** The entity type of that name. */
export const findEntityType = (entityTypes: readonly EntityType[], name: string): EntityType | undefined => entityTypes.find((one) => sameName(one.name, name));
