/** A rule document in the making: plain JSON, never changed in place. */
export type Draft = Readonly<Record<string, unknown>>;

/** Keys that tell of a version rather than of what the rule does. */
const LIFECYCLE: readonly string[] = ['ruleId', 'version', 'changeDescription', 'createdTime', 'createdBy', 'activatedTime', 'activatedBy', 'current', 'active'];

export const EMPTY_RULE: Draft = {
  name: '', action: 'ROUTE', priority: 0, enabled: true, sourceSystemId: '', sourceEntityType: '', targetSystemId: '', targetEntityType: '', targetCondition: 'ALL',
  entityConditions: [], conversationConditions: [], delayConditions: [], virtualAttributeMappings: [], mappings: [], conversationAttributeMappings: [], tests: [],
};

/** What of a stored document an editor changes. */
export const contentOf = (document: Draft): Draft => Object.fromEntries(Object.entries(document).filter(([key]) => !LIFECYCLE.includes(key)));

/** Steps of a JSON pointer. */
export const stepsOf = (pointer: string): readonly string[] => (pointer === '' ? [] : pointer.slice(1).split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')));

export function valueAt(value: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)] as unknown;
    return isDraft(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}

/** The document with another value at a place; undefined takes the key or the element away. What lies on the way and is missing is made. */
export function withValueAt(value: unknown, pointer: string, next: unknown): unknown {
  return write(value, stepsOf(pointer), next);
}

function write(value: unknown, [step, ...rest]: readonly string[], next: unknown): unknown {
  if (step === undefined) return next;
  if (Array.isArray(value)) {
    const at = Number(step);
    const inner = write(value[at], rest, next);
    return inner === undefined && rest.length === 0 ? value.filter((_, place) => place !== at) : at >= value.length ? [...(value as unknown[]), inner] : (value as unknown[]).with(at, inner);
  }
  const object = isDraft(value) ? value : {};
  const inner = write(object[step], rest, next);
  if (inner !== undefined || rest.length > 0) return { ...object, [step]: inner };
  const { [step]: _gone, ...others } = object;
  return others;
}

/** A list with one element elsewhere. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from < 0 || from >= list.length || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, list[from] as T);
}

export const isDraft = (value: unknown): value is Draft => typeof value === 'object' && value !== null && !Array.isArray(value);
export const listAt = (value: unknown, pointer: string): readonly unknown[] => { const found = valueAt(value, pointer); return Array.isArray(found) ? found as readonly unknown[] : []; };
export const textAt = (value: unknown, pointer: string): string => { const found = valueAt(value, pointer); return typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : ''; };

/** Whether two documents say the same, whatever the order of their keys. */
export const sameDocument = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/** JSON with sorted keys, for comparing. */
export const canonical = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (isDraft(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [two]) => (one < two ? -1 : 1))) : inner)) ?? '';
