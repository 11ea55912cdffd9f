import { asText } from '../../core/message/as-text.js';
import type { Value } from '../../core/message/value.js';
import { compilePattern, type Pattern } from '../../core/rule/pattern.js';
import type { JsonSchema } from '../contract.js';
import { JSON_PATH_PATTERN, parseJsonPath, readJsonPath } from './json-path.js';
import type { MessageView } from './message-view.js';
import { textOfAdf } from '../rich-text/adf.js';
import { textOfWiki } from '../rich-text/wiki.js';
import { instantIn, textOfBase64, textOfHtml } from './place-form.js';
import { query } from './query.js';
import { compileXpath } from './xml-document.js';

/** Where a value stands in an answer or a request. A plain text is a path into the JSON (or the XML, or the form) of the body. */
export type PlaceSetting = string | PlaceFields;

export interface PlaceFields {
  readonly path?: string;
  readonly jmespath?: string;
  readonly xpath?: string;
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly header?: string;
  readonly query?: string;
  readonly status?: true;
  readonly text?: true;
  readonly value?: unknown;
  /** Paths and expressions start at the whole body, with what was fetched for it, also where one of its elements is in hand. */
  readonly root?: true;
  /** The value is base64; the text in it (UTF-8) is taken. */
  readonly base64?: true;
  /** The value is HTML; its text is taken. */
  readonly html?: true;
  /** The value is a document of Atlassian (ADF); its text is taken. A text stays as it is. */
  readonly adf?: true;
  /** The value is wiki markup of Jira; its text is taken. */
  readonly wiki?: true;
  /** The value is a time; where it names no zone it is one of this zone. It becomes ISO 8601 in UTC. */
  readonly zone?: string;
  /** RE2: the first group of what it finds in the value, or all of it. */
  readonly pattern?: string;
  /** Where to look instead where this place finds nothing, or blank text. */
  readonly else?: PlaceSetting;
}

/** Reads a value; `document` is the part of the body that paths start at. */
export type PlaceReader = (view: MessageView, document: unknown) => unknown;

const help = (label: string, text: string, extra: JsonSchema = {}): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 2_048, 'x-label': label, 'x-help': text, ...extra });

const fieldsWith = (more: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object', additionalProperties: false, minProperties: 1,
  properties: {
    path: help('Path', 'In the body: id, result.sys_id, [0].id, ["a.b"].c, items[-1].', { pattern: JSON_PATH_PATTERN }),
    jmespath: help('JMESPath', 'An expression over the body.', { format: 'jmespath' }),
    xpath: help('XPath', 'An XPath 1.0 expression over a body of XML.'),
    namespaces: { type: 'object', 'x-label': 'Namespaces', 'x-help': 'Prefixes of the XPath.', maxProperties: 20, additionalProperties: { type: 'string' } },
    header: help('Header', 'Name of a header.'),
    query: help('Query parameter', 'Of an inbound address.'),
    status: { const: true, 'x-label': 'Status', 'x-help': 'The status of the answer.' },
    text: { const: true, 'x-label': 'Whole text', 'x-help': 'The body as text.' },
    value: { 'x-label': 'Fixed value', 'x-help': 'The same always.' },
    root: { const: true, 'x-label': 'From the top', 'x-help': 'The path or expression starts at the whole body (with what was fetched for it), also where one element of a list is in hand.' },
    base64: { const: true, 'x-label': 'Base64', 'x-help': 'The value is base64: the text in it is taken.' },
    html: { const: true, 'x-label': 'HTML', 'x-help': 'The value is HTML: its text is taken.' },
    adf: { const: true, 'x-label': 'ADF', 'x-help': 'The value is a document of Atlassian: its text is taken. A text stays as it is.' },
    wiki: { const: true, 'x-label': 'Wiki markup', 'x-help': 'The value is wiki markup of Jira: its text is taken.' },
    zone: help('Zone', 'The value is a time, and this its zone where it names none: Europe/Helsinki.', { maxLength: 60 }),
    pattern: help('Pattern', 'RE2; takes its first group, or all that it finds.', { maxLength: 1_024, format: 're2' }),
    ...more,
  },
});

const eitherOf = (label: string, text: string, fields: JsonSchema): JsonSchema => ({ 'x-label': label, 'x-help': text, anyOf: [{ type: 'string', minLength: 1, maxLength: 4_096, pattern: JSON_PATH_PATTERN }, fields] });

/** The fields of a place that is not merely a path. */
export const PLACE_FIELDS: JsonSchema = fieldsWith({ else: eitherOf('Else', 'Where to look instead where this finds nothing.', fieldsWith({})) });

/** The schema of a place. */
export const placeSchema = (label: string, text: string): JsonSchema => eitherOf(label, text, PLACE_FIELDS);

/** Makes a reader of a place, once. What cannot be read finds nothing. */
export function compilePlace(setting: PlaceSetting): PlaceReader {
  if (typeof setting === 'string') return byPath(setting);
  if (setting.else === undefined) return compileFields(setting);
  const [first, second] = [compileFields(setting), compilePlace(setting.else)];
  return (view, document) => {
    const found = first(view, document);
    return found === undefined || found === null || (typeof found === 'string' && found.trim() === '') ? second(view, document) : found;
  };
}

function compileFields(setting: PlaceFields): PlaceReader {
  const found = readerOf(setting);
  const read: PlaceReader = setting.root === true ? (view) => found(view, view.top ?? (view.document.ok ? view.document.value : undefined)) : found;
  const compiled = setting.pattern === undefined ? null : compilePattern(setting.pattern, { ignoreCase: false });
  if (compiled === null) return formed(setting, read);
  return formed(setting, compiled.ok ? (view, document) => matched(compiled.value, read(view, document)) : () => undefined);
}

/** What the form of a value asks for, one after the other: text in base64, text of HTML, of wiki markup, of a document, an instant of a time without zone. */
function formed({ base64, html, wiki, adf, zone }: PlaceFields, read: PlaceReader): PlaceReader {
  const makes = [base64 === true ? textOfBase64 : null, html === true ? textOfHtml : null, wiki === true ? textOfWiki : null].filter((make) => make !== null);
  const plain = makes.reduce<PlaceReader>((before, make) => (view, document) => ofText(make, before(view, document)), read);
  const texts: PlaceReader = adf === true ? (view, document) => ofDocument(plain(view, document)) : plain;
  return zone === undefined ? texts : (view, document) => ofText((text) => instantIn(zone, text), texts(view, document));
}

function readerOf(place: PlaceFields): PlaceReader {
  if (place.path !== undefined) return byPath(place.path);
  if (place.jmespath !== undefined) return (_view, document) => query(document, place.jmespath!);
  if (place.xpath !== undefined) {
    const compiled = compileXpath(place.xpath, place.namespaces ?? {});
    return compiled.ok ? (view) => (view.xml === null ? undefined : compiled.value(view.xml)) : () => undefined;
  }
  if (place.header !== undefined) {
    const name = place.header.toLowerCase();
    return (view) => view.received.headers[name];
  }
  if (place.query !== undefined) return (view) => new URLSearchParams(view.received.query ?? '').get(place.query!) ?? undefined;
  if (place.status === true) return (view) => view.received.status ?? undefined;
  return place.value === undefined ? (view) => view.text : () => place.value;
}

function byPath(text: string): PlaceReader {
  const path = parseJsonPath(text);
  return (_view, document) => readJsonPath(document, path);
}

const ofText = (make: (text: string) => string | undefined, value: unknown): unknown => (typeof value === 'string' ? make(value) : value);

const ofDocument = (value: unknown): unknown => (typeof value === 'object' && value !== null ? textOfAdf(value) : value);

function matched(pattern: Pattern, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = asText(value as Value).slice(0, pattern.maxLength);
  const found = pattern.find(text);
  return found === null ? undefined : (found[1] ?? found[0] ?? undefined);
}

/** An id or a word as text: text that is not blank, or a number. Anything else is null. */
export function asWord(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
