import type { Result } from '../../../core/message/result.js';
import { err, ok } from '../../../core/message/result.js';
import type { JsonSchema, RenderedRequest, SendResult } from '../../contract.js';
import { judge, type AnswerRules, type JudgedAnswer } from '../../answer/answer-rules.js';
import { compilePredicates, predicatesSchema, type Predicate, type PredicateSetting } from '../../answer/predicate.js';
import { neverSent } from '../../answer/send-result.js';
import { asWord, compilePlace, type PlaceReader, type PlaceSetting } from '../../place/place.js';
import { HEADER_NAME, object, place, text, whole } from '../../setting/setting-schema.js';
import { memberAt, type Inserted, type TemplateScope } from '../../template/body-template.js';
import type { CompiledRequest } from './compiled.js';
import { callStep, type WayOut } from './step-call.js';

/** A request that is made only if nobody has changed what it is about since it was read. */
export interface RestUnchanged {
  /** Where it is read; at the request's own path without it. */
  readonly path?: string;
  readonly version?: PlaceSetting;
  readonly header?: string;
  /** Which answers say that somebody was faster. */
  readonly when?: readonly PredicateSetting[];
  readonly tries?: number;
}

export const UNCHANGED_SCHEMA: JsonSchema = { ...object('Only if unchanged', {
  path: text('Path', 'Where the version is read, below the base address; the request\'s own path without it.', { pattern: '^/[^\\s#]*$' }),
  version: place('Version', 'Where the answer names it; the header ETag without it.'),
  header: text('Header', 'Of the request, that carries the version; If-Match without it. None is added where the request itself has {{version}}.', { pattern: HEADER_NAME }),
  when: predicatesSchema('Conflict when', 'What says that somebody changed it meanwhile; 412 without it.'),
  tries: whole('Tries', 'How often it is read and written before the delivery waits for its next attempt.', [1, 10], 3),
}, [], 'The version is read before the request and goes with it; where somebody was faster both are done anew. The request\'s templates read {{version}} and, as it was read, {{current.x}}.'), 'x-empty': true };

/** How a version is read and told, compiled. `read`: the request that reads it. */
export interface CompiledUnchanged {
  readonly read: CompiledRequest;
  readonly version: PlaceReader;
  /** Null where the request itself has the version. */
  readonly header: string | null;
  readonly isConflict: Predicate;
  readonly tries: number;
}

export function compileUnchanged(setting: RestUnchanged, request: unknown, read: CompiledRequest): CompiledUnchanged {
  const { version = { header: 'etag' }, header = 'If-Match', when = [{ status: [412] }], tries = 3 } = setting;
  return { read, version: compilePlace(version), header: /\{\{\s*version\b/.test(JSON.stringify(request)) ? null : header.toLowerCase(), isConflict: compilePredicates(when), tries };
}

/** How the two requests are made of what is known. */
export interface Rendering {
  readonly scope: TemplateScope;
  readonly rules: AnswerRules;
  readRequest(scope: TemplateScope): Result<RenderedRequest, SendResult>;
  request(scope: TemplateScope): Result<RenderedRequest, SendResult>;
}

/** Reads the version, then sends the request with it; anew where somebody was faster. The judged answer, or why the request was not made. */
export async function callUnchanged(way: WayOut, step: CompiledRequest, unchanged: CompiledUnchanged, rendering: Rendering): Promise<Result<JudgedAnswer, SendResult>> {
  for (let tries = 1; ; tries++) {
    const known = await read(way, unchanged, rendering);
    if (!known.ok) return known;
    const request = rendering.request(withCurrent(rendering.scope, known.value));
    if (!request.ok) return request;
    const { header } = unchanged;
    const judged = await callStep(way, header === null ? request.value : { ...request.value, headers: { ...request.value.headers, [header]: known.value.version } }, step);
    if (judged.view === null || !unchanged.isConflict(judged.view)) return ok(judged);
    if (tries >= unchanged.tries) return err({ ...judged.result, outcome: 'retryable', endpointFault: false, error: `Somebody else changed it each time meanwhile (${tries} tries).` });
  }
}

interface Current {
  readonly version: string;
  readonly document: unknown;
}

async function read({ http, limits, signal }: WayOut, { read: step, version: versionAt }: CompiledUnchanged, { scope, rules, readRequest }: Rendering): Promise<Result<Current, SendResult>> {
  const request = readRequest(scope);
  if (!request.ok) return request;
  const { result, view, document } = judge(await http.call(request.value, limits, signal), rules, { isIdempotent: true, secrets: http.secrets(), nowMs: Date.now() });
  if (result.outcome !== 'success' || view === null) return err({ ...result, error: `The version could not be read: ${result.error ?? ''}` });
  const version = asWord(versionAt(view, document));
  return version === null ? err({ ...neverSent(`The target names no version where one is read for the step ${step.id}.`), httpStatus: result.httpStatus, body: result.body }) : ok({ version, document });
}

/** What templates read of what is there now. */
function withCurrent(scope: TemplateScope, { version, document }: Current): TemplateScope {
  const current = document as Inserted | undefined;
  return {
    read: (name) => (name === 'version' ? version : name === 'current' ? current : name.startsWith('current.') ? memberAt(current, name.slice('current.'.length)) : scope.read(name)),
    document: () => ({ ...scope.document(), version, current }),
  };
}
