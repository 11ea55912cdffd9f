import { compilePattern } from '../../core/rule/pattern.js';
import type { JsonSchema } from '../contract.js';
import type { MessageView } from '../place/message-view.js';
import { holds } from '../place/query.js';
import { compileXpath } from '../place/xml-document.js';

/** A condition on an answer or a request; all its members must hold. */
export interface PredicateSetting {
  readonly status?: readonly (number | string)[];
  readonly body?: string;
  readonly xpath?: string;
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly text?: string;
}

export type Predicate = (view: MessageView) => boolean;

export const PREDICATE_SCHEMA: JsonSchema = {
  type: 'object', additionalProperties: false, minProperties: 1, 'x-label': 'Condition', 'x-help': 'All that it names must hold.',
  properties: {
    status: {
      type: 'array', minItems: 1, maxItems: 50, 'x-label': 'Status', 'x-help': 'Any of these: 409, "4xx", "500-599".',
      items: { anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, { type: 'string', pattern: '^(?:[1-5]xx|[1-5]\\d\\d-[1-5]\\d\\d)$' }] },
    },
    body: { type: 'string', minLength: 1, maxLength: 2_048, format: 'jmespath', 'x-label': 'Body', 'x-help': 'A JMESPath expression over the body that must be true: error.code == \'LOCKED\'.' },
    xpath: { type: 'string', minLength: 1, maxLength: 2_048, 'x-label': 'XPath', 'x-help': 'An XPath that must find something, or be true.' },
    namespaces: { type: 'object', 'x-label': 'Namespaces', 'x-help': 'Prefixes of the XPath.', maxProperties: 20, additionalProperties: { type: 'string' } },
    header: { type: 'object', 'x-label': 'Headers', 'x-help': 'Name and RE2 pattern that must be found in its value.', maxProperties: 10, additionalProperties: { type: 'string', maxLength: 1_024, format: 're2' } },
    text: { type: 'string', minLength: 1, maxLength: 1_024, format: 're2', 'x-label': 'Text', 'x-help': 'An RE2 pattern that must be found in the body.' },
  },
};

/** Any of several conditions; the schema of a list of them. */
export const predicatesSchema = (label: string, help: string): JsonSchema => ({ type: 'array', maxItems: 20, 'x-label': label, 'x-help': help, items: PREDICATE_SCHEMA });

/** Whether any of these holds; none where there are none. */
export function compilePredicates(settings: readonly PredicateSetting[] | undefined): Predicate {
  const compiled = (settings ?? []).map(compilePredicate);
  return (view) => compiled.some((holdsFor) => holdsFor(view));
}

export function compilePredicate(setting: PredicateSetting): Predicate {
  const parts: Predicate[] = [];
  if (setting.status !== undefined) parts.push(statusIn(setting.status));
  if (setting.header !== undefined) for (const [name, pattern] of Object.entries(setting.header)) parts.push(headerFits(name.toLowerCase(), pattern));
  if (setting.body !== undefined) parts.push((view) => view.document.ok && holds(view.document.value, setting.body!));
  if (setting.xpath !== undefined) parts.push(xpathHolds(setting.xpath, setting.namespaces ?? {}));
  if (setting.text !== undefined) parts.push(textFits(setting.text));
  return (view) => parts.every((part) => part(view));
}

function statusIn(list: readonly (number | string)[]): Predicate {
  const ranges = list.map((one): readonly [number, number] => {
    if (typeof one === 'number') return [one, one];
    if (one.endsWith('xx')) return [Number(one[0]) * 100, Number(one[0]) * 100 + 99];
    const [from = '', to = ''] = one.split('-');
    return [Number(from), Number(to)];
  });
  return ({ received: { status } }) => status !== null && ranges.some(([from, to]) => status >= from && status <= to);
}

function headerFits(name: string, source: string): Predicate {
  const compiled = compilePattern(source, { ignoreCase: true });
  return (view) => {
    const value = view.received.headers[name];
    return value !== undefined && compiled.ok && compiled.value.test(value);
  };
}

function xpathHolds(expression: string, namespaces: Readonly<Record<string, string>>): Predicate {
  // An element that is found counts, also an empty one.
  const compiled = compileXpath(`boolean(${expression})`, namespaces);
  return (view) => compiled.ok && view.xml !== null && compiled.value(view.xml) === true;
}

function textFits(source: string): Predicate {
  const compiled = compilePattern(source, { ignoreCase: true });
  return (view) => compiled.ok && compiled.value.test(view.text.slice(0, 65_536));
}
