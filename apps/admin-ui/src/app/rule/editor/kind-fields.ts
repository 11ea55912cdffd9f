import { type Field, fieldsOf } from '../../schema-form/field';
import { type Draft, isDraft } from './document-edit';

/** The fields of a kind (formatter, mapping, delay) as forms show them: meanings become help, values of a key may be a closed choice. */
export function kindFields(schema: Draft, { without = [], choices = {} }: { readonly without?: readonly string[]; readonly choices?: Readonly<Record<string, readonly string[]>> } = {}): readonly Field[] {
  const properties = isDraft(schema['properties']) ? schema['properties'] : {};
  const shown = Object.entries(properties).filter(([key]) => !without.includes(key)).map(([key, member]) => [key, withHelp(isDraft(member) ? member : {}, choices[key])]);
  return fieldsOf({ ...schema, properties: Object.fromEntries(shown) as Draft });
}

function withHelp(member: Draft, choice: readonly string[] | undefined): Draft {
  const { description, default: fallback, items, properties, ...rest } = member;
  return {
    ...rest,
    ...(typeof description === 'string' ? { 'x-help': sentence(description) } : {}),
    // A default of nothing is no default that a form could show.
    ...(fallback === undefined || fallback === null || (Array.isArray(fallback) && fallback.length === 0) ? {} : { default: fallback }),
    ...(choice === undefined || choice.length === 0 ? {} : { enum: choice }),
    ...(isDraft(items) ? { items: withHelp(items, undefined) } : {}),
    ...(isDraft(properties) ? { properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, withHelp(isDraft(inner) ? inner : {}, undefined)])) } : {}),
    ...(Array.isArray(rest['type']) ? { type: 'string' } : {}),
  };
}

const sentence = (text: string): string => text.replace(/[.]?$/, '.');
