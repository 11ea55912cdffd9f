import { asText } from '../../../core/message/as-text.js';
import type { Value } from '../../../core/message/value.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { fillTemplate, fillText, type TemplateScope } from '../../template/body-template.js';
import type { CarriedAttachment } from '../../contract.js';
import { FILTERS } from '../../template/template-filter.js';
import type { BodyForm, RestRequest, Searched } from './settings.js';
import { multipart, type FormPart } from './wire.js';

/** A body as it goes over the wire; null where there is none. */
export interface WrittenBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface BodySource {
  readonly scope: TemplateScope;
  /** What is written where the settings give no body. */
  readonly fallback: () => unknown;
  /** The files of a multipart form, or the one of a binary body. */
  readonly files: readonly CarriedAttachment[];
  /** Tells bodies of several parts apart; the same for the same request. */
  readonly boundary: string;
}

const BODILESS = new Set(['GET', 'HEAD', 'DELETE']);
const OCTETS = 'application/octet-stream';

const isMember = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes the body of a request in the form that its settings say. */
export function writeBody(request: RestRequest, source: BodySource): Result<WrittenBody | null, Failure> {
  const form: BodyForm = request.form ?? 'json';
  const written = form === 'json' ? json(request, source) : write(form, request, source);
  if (!written.ok || written.value === null || request.contentType === undefined) return written;
  return ok({ ...written.value, contentType: request.contentType });
}

/** Writes the body of a request that only asks: a look-up, a poll, a test; null where it has none. */
export function writeAsked({ form = 'json', body }: Searched, scope: TemplateScope): WrittenBody | null {
  if (body === undefined) return null;
  const written = writeBody({ method: 'POST', path: '/', form, body }, { scope, fallback: () => undefined, files: [], boundary: '' });
  return written.ok ? written.value : null;
}

function json(request: RestRequest, { scope, fallback }: BodySource): Result<WrittenBody | null, Failure> {
  if (request.body === undefined && BODILESS.has(request.method)) return ok(null);
  const document = request.body === undefined ? fallback() : fillTemplate(request.body, scope);
  return ok(document === undefined ? null : { contentType: 'application/json', body: Buffer.from(JSON.stringify(document)) });
}

function write(form: Exclude<BodyForm, 'json'>, request: RestRequest, source: BodySource): Result<WrittenBody | null, Failure> {
  const { scope, files, boundary } = source;
  switch (form) {
    case 'none': return ok(null);
    case 'xml': return text(request.body, (template) => ({ contentType: 'application/xml; charset=utf-8', body: Buffer.from(fillText(template, scope, (value) => String(FILTERS['xml']!.apply(value, [])))) }));
    case 'text': return text(request.body, (template) => ({ contentType: 'text/plain; charset=utf-8', body: Buffer.from(fillText(template, scope)) }));
    case 'binary': {
      const [file] = files;
      if (file === undefined) return err(failure('invalid', 'no-file', 'A binary body is a file, and there is none.'));
      return ok({ contentType: /^[\x21-\x7e]+(?:;[\x20-\x7e]*)?$/.test(file.contentType) ? file.contentType : OCTETS, body: file.content });
    }
    case 'form': {
      const fields = fieldsOf(request, source);
      return ok({ contentType: 'application/x-www-form-urlencoded', body: Buffer.from(new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString()) });
    }
    case 'multipart': return ok(multipart(partsOf(request, source), boundary));
  }
}

function text(template: unknown, make: (template: string) => WrittenBody): Result<WrittenBody, Failure> {
  return typeof template === 'string' ? ok(make(template)) : err(failure('invalid', 'body-missing', 'A body of text needs a text as its template.'));
}

/** The members of a body as fields: lists repeat the field, objects are JSON. */
function fieldsOf(request: RestRequest, { scope, fallback }: BodySource): (readonly [string, string])[] {
  const document = request.body === undefined ? fallback() : fillTemplate(request.body, scope);
  if (!isMember(document)) return [];
  return Object.entries(document).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, fieldText(one)] as const));
}

const fieldText = (value: unknown): string => (isMember(value) || Array.isArray(value) ? JSON.stringify(value) : asText(value as Value)).toWellFormed();

/** Fields first, files last: readers that stream want to know whose the files are. */
function partsOf(request: RestRequest, source: BodySource): FormPart[] {
  const { scope, fallback, files } = source;
  const head: FormPart[] = request.jsonPart === undefined
    ? (request.body === undefined && files.length > 0 && request.field === undefined ? [] : fieldsOf(request, source)).map(([field, value]) => ({ field, content: Buffer.from(value) }))
    : [{ field: request.jsonPart, contentType: 'application/json', content: Buffer.from(JSON.stringify(request.body === undefined ? fallback() : fillTemplate(request.body, scope))) }];
  const field = request.field ?? 'file';
  return [...head, ...files.map((file, index): FormPart => ({ field: field.replaceAll('{{index}}', String(index)), name: file.name, contentType: file.contentType, content: file.content }))];
}
