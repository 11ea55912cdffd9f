import { asText } from '../../core/message/as-text.js';
import type { Value } from '../../core/message/value.js';
import { holds, isQuery, query } from '../place/query.js';
import { applyFilters, parsePlaceholder, unknownFilters } from './template-filter.js';

/** What a placeholder may take the place of. */
export type Inserted = Value | Readonly<Record<string, unknown>> | readonly unknown[];

/** A value for a placeholder; undefined where there is none. */
export type Lookup = (name: string) => Inserted | undefined;

/** What a template may read: by name, and as a whole by JMESPath. */
export interface TemplateScope {
  readonly read: Lookup;
  /** Made only where an expression asks for it. */
  readonly document: () => Readonly<Record<string, unknown>>;
}

/** How an inserted text is made safe for where it stands: escaped in XML, as it is elsewhere. */
export type Escape = (text: string) => string;

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]+?)\s*\}\}$/;
/** Elements that one list of a template may come to. */
const MOST_ELEMENTS = 10_000;

/** Names that a template asks for, once each. */
export function placeholdersOf(template: string): readonly string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map((match) => parsePlaceholder(match[1] ?? '').name))];
}

/**
 * Fills a JSON template. A text that is one placeholder and nothing else takes the value with its type, and its member or
 * element is left out where there is no value; other texts take values as text. Names of members are not templates.
 * Objects with `$each`, `$if`, `$query`, `$merge` or `$literal` are loops, conditions, values by JMESPath (run through the filters of `$filter`), objects put together, and what is taken as it stands.
 */
export function fillTemplate(template: unknown, given: TemplateScope | Lookup): unknown {
  return fill(template, typeof given === 'function' ? { read: given, document: () => ({}) } : given);
}

/** Fills a text; values that are objects are inserted as JSON. */
export function fillText(template: string, scope: TemplateScope, escape: Escape = (text) => text): string {
  return template.replace(PLACEHOLDER, (_, inside: string) => escape(asInserted(valueOf(inside, scope))));
}

function fill(template: unknown, scope: TemplateScope): unknown {
  if (typeof template === 'string') {
    const whole = WHOLE.exec(template)?.[1];
    return whole === undefined ? fillText(template, scope) : valueOf(whole, scope);
  }
  if (Array.isArray(template)) return template.map((element) => fill(element, scope)).filter((element) => element !== undefined);
  if (typeof template !== 'object' || template === null) return template;
  return fillObject(template as Readonly<Record<string, unknown>>, scope);
}

function fillObject(template: Readonly<Record<string, unknown>>, scope: TemplateScope): unknown {
  if ('$literal' in template) return template['$literal'];
  if (typeof template['$query'] === 'string') {
    const found = query(scope.document(), template['$query']);
    return typeof template['$filter'] === 'string' ? applyFilters(found, parsePlaceholder(`value | ${template['$filter']}`)) : found;
  }
  if (typeof template['$if'] === 'string') return fill(template[holds(scope.document(), template['$if']) ? '$then' : '$else'], scope);
  if (typeof template['$each'] === 'string') return fillEach(template['$each'], template['$as'] ?? '{{item}}', scope);
  if (Array.isArray(template['$merge'])) {
    return Object.assign({}, ...template['$merge'].map((part) => fill(part, scope)).filter((part) => typeof part === 'object' && part !== null && !Array.isArray(part))) as unknown;
  }
  const filled: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(template)) {
    const value = fill(member, scope);
    if (value !== undefined) filled[key] = value;
  }
  return filled;
}

function fillEach(expression: string, element: unknown, scope: TemplateScope): unknown[] {
  return elementsOf(expression, scope).map((item, index) => fill(element, withItem(scope, item, index))).filter((one) => one !== undefined);
}

/** What a loop goes over: the elements of a list, or the one value that there is. */
export function elementsOf(expression: string, scope: TemplateScope): readonly unknown[] {
  const found = query(scope.document(), expression);
  const list = found === undefined ? [] : Array.isArray(found) ? (found as unknown[]) : [found];
  return list.slice(0, MOST_ELEMENTS);
}

/** The scope inside of a loop: `item`, its members, and `index` from 0. */
export function withItem(scope: TemplateScope, item: unknown, index: number): TemplateScope {
  return {
    read: (name) => {
      if (name === 'item') return item as Inserted | undefined;
      if (name === 'index') return index;
      return name.startsWith('item.') ? memberAt(item, name.slice('item.'.length)) : scope.read(name);
    },
    document: () => ({ ...scope.document(), item, index }),
  };
}

/** The value under a dotted name: also where the name itself, or a part of it, has dots. */
export function memberAt(value: unknown, name: string): Inserted | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return (value as Record<string, Inserted>)[name];
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const head = name.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = memberAt((value as Record<string, unknown>)[head], name.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueOf(inside: string, scope: TemplateScope): Inserted | undefined {
  const placeholder = parsePlaceholder(inside);
  const value = scope.read(placeholder.name);
  return placeholder.filters.length === 0 ? value : (applyFilters(value, placeholder) as Inserted | undefined);
}

function asInserted(value: Inserted | undefined): string {
  if (typeof value !== 'object' || value === null) return asText(value);
  const isFlat = Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null);
  return isFlat ? asText(value as Value) : JSON.stringify(value);
}

/** What is wrong with a template, a sentence each: filters that do not exist, expressions that cannot be read. */
export function templateProblems(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACEHOLDER)].flatMap((match) => unknownFilters(match[1] ?? '').map((name) => `there is no filter "${name}"`));
  if (Array.isArray(template)) return template.flatMap(templateProblems);
  if (typeof template !== 'object' || template === null || '$literal' in template) return [];
  return Object.entries(template).flatMap(([key, member]) => {
    if ((key === '$each' || key === '$if' || key === '$query') && (typeof member !== 'string' || !isQuery(member))) return [`${key} is no JMESPath expression`];
    if (key === '$filter') return typeof member === 'string' ? unknownFilters(`value | ${member}`).map((name) => `there is no filter "${name}"`) : ['$filter is no text'];
    return templateProblems(member);
  });
}
