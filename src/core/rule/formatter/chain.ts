import { elementAsText, isMultiValue } from '../../message/as-text.js';
import { isBlank } from '../../message/is-blank.js';
import type { FlatObject, Scalar, Value } from '../../message/value.js';
import { describeFound, type Place } from '../../shape/place.js';
import { isObject, type Shape } from '../../shape/shape.js';
import { allOrNull } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { type Format, type Formatted, Refusal } from './formatter.js';
import { findFormatter, FORMATTERS } from './formatters.js';

/** A mapping's formatters in order: value in, value out, or why not. */
export type FormatterChain = (value: Value | undefined, scope: Scope) => Value | undefined | Refusal;

interface Link {
  readonly type: string;
  readonly seesBlank: boolean;
  readonly format: Format;
}

const WORDS = FORMATTERS.map((entry) => entry.type).join(', ');

/** One formatter document; its own definition checks the rest of its keys. */
export const formatterShape: Shape<unknown> = {
  schema: {
    anyOf: FORMATTERS.map((entry) => ({
      ...entry.schema,
      properties: { type: { type: 'string', enum: [entry.type] }, ...entry.schema.properties },
    })),
  },
  read: (raw, place) => {
    const type = isObject(raw) ? raw['type'] : undefined;
    const definition = typeof type === 'string' ? findFormatter(type) : undefined;
    if (definition !== undefined) definition.check(raw, place);
    else if (isObject(raw)) place.at('type').refuse(`a formatter: ${WORDS}`, describeFound(type));
    else place.refuse('a formatter', describeFound(raw));
    return raw;
  },
};

/** Compiles a list of formatter documents that passed the check; null where one has a problem. */
export function compileFormatters(documents: readonly unknown[], place: Place): FormatterChain | null {
  const links = allOrNull(documents.map((document, at) => compileLink(document, place.at(at))));
  if (links === null) return null;
  return (value, scope) => links.reduce<Value | undefined | Refusal>((current, link) => applyTo(current, link, scope), value);
}

function compileLink(document: unknown, place: Place): Link | null {
  const type = isObject(document) ? document['type'] : undefined;
  const definition = typeof type === 'string' ? findFormatter(type) : undefined;
  const format = definition?.compile(document, place) ?? null;
  return definition === undefined || format === null
    ? null
    : { type: definition.type, seesBlank: definition.seesBlank, format };
}

function applyTo(value: Value | undefined | Refusal, link: Link, scope: Scope): Value | undefined | Refusal {
  if (value === undefined || value instanceof Refusal) return value;
  if (!isMultiValue(value)) return applyToElement(value, link, scope);
  const elements: (Scalar | FlatObject)[] = [];
  for (const element of value) {
    const formatted = applyToElement(element, link, scope);
    if (formatted instanceof Refusal) return formatted;
    if (isMultiValue(formatted)) elements.push(...formatted);
    else if (formatted !== undefined) elements.push(formatted);
  }
  // A list of which no element is left is absent, as a single value would be.
  return elements.length === 0 && value.length > 0 ? undefined : elements;
}

function applyToElement(element: Scalar | FlatObject, link: Link, scope: Scope): Value | undefined | Refusal {
  if (typeof element === 'object' && element !== null) {
    return refused(link, JSON.stringify(element), 'has fields of its own and is no text');
  }
  if (!link.seesBlank && isBlank(element)) return element;
  const text = elementAsText(element);
  const formatted: Formatted = link.format(text, scope);
  return formatted instanceof Refusal ? refused(link, JSON.stringify(text), formatted.reason) : formatted;
}

function refused(link: Link, value: string, reason: string): Refusal {
  const shown = value.length > 200 ? `${value.slice(0, 200)}…` : value;
  return new Refusal(`${link.type}: ${shown} ${reason}`);
}
