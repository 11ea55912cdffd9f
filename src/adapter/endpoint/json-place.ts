/** A JSON object as a document holds it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (pointer: string): string[] => pointer.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value at a JSON pointer (RFC 6901) into objects; undefined where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const key of keysOf(pointer)) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with another value at the pointer; undefined takes the key away. The object that holds it must exist, else nothing changes. */
export function withValueAt(document: JsonObject, pointer: string, value: unknown): JsonObject {
  const [key, ...rest] = keysOf(pointer);
  if (key === undefined) return document;
  if (rest.length === 0) {
    const { [key]: _, ...others } = document;
    // A key that is replaced stays where its author put it.
    if (value === undefined) return others;
    return Object.hasOwn(document, key) ? { ...document, [key]: value } : { ...others, [key]: value };
  }
  const inner = document[key];
  if (!isJsonObject(inner)) return document;
  return { ...document, [key]: withValueAt(inner, `/${rest.map((one) => one.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`, value) };
}

/** The pointer of the object that holds what the pointer names. */
export const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));

/** Whether two JSON values are equal, whatever the order of their keys. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((one, at) => isSameJson(one, right[at]));
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]));
}
