import type { FieldProblem } from '../http/field-problems';
import type { Field } from './field';

/** Text in a field that means no value of its kind: kept so that it can be mended, never sent. */
export class Unreadable {
  constructor(readonly text: string, readonly detail: string) {}
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unreadable);

/** How the server shows a secret that is stored, and how it is told to keep it. */
export const isSecretMark = (value: unknown): boolean => isObject(value) && typeof value['$secret'] === 'string';

/** Pointer of a member. */
export const pointerTo = (pointer: string, key: string | number): string => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** An object with one member set, or without it where the value is undefined. */
export function withMember(object: unknown, key: string, value: unknown): JsonObject {
  const { [key]: _before, ...rest } = isObject(object) ? object : {};
  if (value === undefined) return rest;
  return isObject(object) && key in object ? { ...object, [key]: value } : { ...rest, [key]: value };
}

/** Every text that could not be read, with its place. */
export function unreadable(value: unknown, pointer = ''): readonly FieldProblem[] {
  if (value instanceof Unreadable) return [{ pointer, detail: value.detail }];
  if (Array.isArray(value)) return value.flatMap((item, at) => unreadable(item, pointerTo(pointer, at)));
  return isObject(value) ? Object.entries(value).flatMap(([key, member]) => unreadable(member, pointerTo(pointer, key))) : [];
}

/** What an added group, list item or variant starts with. */
export function emptyOf(field: Field): unknown {
  switch (field.kind) {
    case 'group': return Object.fromEntries(field.fields.filter((member) => member.isRequired && (member.kind === 'choice' || member.kind === 'group')).map((member) => [member.name, emptyOf(member)]));
    case 'variants': { const first = field.variants[0]; return first === undefined ? {} : { [field.discriminator]: first.value }; }
    case 'choice': return field.choices[0];
    case 'list': return [];
    case 'texts': case 'pairs': case 'json': case 'number': case 'toggle': case 'text': case 'secret': return undefined;
  }
}

/** A number, nothing for an empty text, or the text with what is wrong. */
export function readNumber(text: string): number | Unreadable | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : new Unreadable(text, 'must be a number');
}

/** A JSON value, nothing for an empty text, or the text with what is wrong. */
export function readJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return new Unreadable(text, 'is not JSON');
  }
}

/** One text stands for itself; several are a list. */
export function readTexts(lines: string, isAlwaysList: boolean): string | readonly string[] | undefined {
  const texts = lines.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (texts.length === 0) return undefined;
  return texts.length === 1 && !isAlwaysList ? texts[0] : texts;
}
