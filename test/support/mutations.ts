/** What a value may have become by accident or on purpose. */
const OTHERS: readonly unknown[] = [null, {}, [], -1, ''];

/** A document again and again, each time with one of its values put out of shape, in two ways that take turns. JSON, forms and XML are known. */
export function mutationsOf(text: string): string[] {
  if (text.startsWith('<')) return [...text.matchAll(/>([^<>]+)</g)].map(({ index, 1: value = '' }) => text.slice(0, index + 1) + text.slice(index + 1 + value.length));
  if (!/^[[{]/.test(text)) return [...new URLSearchParams(text).keys()].map((name) => without(text, name));
  // Ids beyond 2^53 are of no interest here.
  const document: unknown = JSON.parse(text);
  return placesOf(document).flatMap((place, index) => [index, index + 2].map((at) => JSON.stringify(replaced(document, place, OTHERS[at % OTHERS.length]))));
}

function without(form: string, name: string): string {
  const fields = new URLSearchParams(form);
  fields.delete(name);
  return fields.toString();
}

type Place = readonly string[];
const placesOf = (value: unknown): Place[] => (typeof value !== 'object' || value === null ? [[]] : [[], ...Object.entries(value).flatMap(([key, member]) => placesOf(member).map((place) => [key, ...place]))]);

function replaced(value: unknown, [key, ...rest]: Place, other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((member: unknown, index) => (String(index) === key ? replaced(member, rest, other) : member));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, other) };
}
