export interface EntityTypeFacts {
  readonly name: string;
  /** `create: POST /issues` */
  readonly operations: readonly string[];
  /** `correlation_id → acme_snc incident` */
  readonly references: readonly string[];
}

/** What an entity type's settings say, as far as every kind of adapter says it alike. */
export function entityTypeFacts(entityType: Readonly<Record<string, unknown>>): EntityTypeFacts {
  const operations = isObject(entityType['operations']) ? Object.entries(entityType['operations']) : [];
  const references = Array.isArray(entityType['references']) ? entityType['references'].filter(isObject) : [];
  return {
    name: textOf(entityType['name']),
    operations: operations.map(([name, operation]) => (isObject(operation) ? `${name}: ${textOf(operation['method'])} ${textOf(operation['path'])}`.trim() : name)),
    references: references.map((reference) => `${textOf(reference['attribute'])} → ${textOf(reference['endpoint'])} ${textOf(reference['entityType'])}`.trim()),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
