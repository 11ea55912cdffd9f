import { readCanonicalBody, type BodyProblem } from '../../../core/message/canonical-body.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint, Inbound, InboundRequest, NormalizedMessage } from '../../contract.js';
import { compilePlaces, mapMessage, type CompiledPlaces } from '../../place/inbound-places.js';
import { isMultipartForm } from '../../place/multipart-form.js';
import { FORM_FILES } from '../../place/message-view.js';
import { compilePlace, type PlaceReader, type PlaceSetting } from '../../place/place.js';
import { compilePredicate, type Predicate } from '../../answer/predicate.js';
import { complete, completes, lacks } from './complete.js';
import { completed, mappedDocument } from './completion.js';
import { shakeHands } from './handshake.js';
import { inboundAnswer, waitMs } from './inbound-answer.js';
import { mended } from './inbound-mending.js';
import { mappingOf, sorted, viewOf } from './inbound-view.js';
import { newsSince, recentOf } from './recent.js';
import { repeatKey } from './repeat-key.js';
import { restSettings, type RestInbound } from './settings.js';
import { verify } from './verification.js';

/** Most messages that one request may carry. */
const MOST_MESSAGES = 1_000;

type Normalized = Result<readonly NormalizedMessage[], Failure>;

export const inbound: Inbound = {
  form: (endpoint, entityType) => {
    const { signature, verification, sorting } = restSettings(endpoint);
    return mappingOf(endpoint, entityType) === undefined && signature === undefined && verification === undefined && sorting === undefined ? 'canonical' : 'mapped';
  },
  verify: (request, endpoint) => verify(request, restSettings(endpoint), Date.now()),
  handshake: (request, endpoint) => shakeHands(request, restSettings(endpoint).handshake),
  completes,
  answer: (told, request, endpoint) => {
    const prepared = asRead(request, endpoint);
    return inboundAnswer(mappingOf(endpoint, prepared.entityType)?.answer, told, prepared);
  },
  waitsMs: (request, endpoint) => waitMs(mappingOf(endpoint, sorted(request, endpoint).entityType)?.answer),
  lacks: (request, endpoint) => lacks(asRead(request, endpoint), endpoint),
  complete: (request, endpoint, context) => complete(asRead(request, endpoint), endpoint, context),
  normalize: (request, endpoint) => {
    const readable = mended(sorted(request, endpoint), endpoint);
    return readable.ok ? normalize(readable.value, endpoint) : readable;
  },
  repeatKey,
};

/** A request as one of what it is about, its body mended as far as that can be. */
function asRead(request: InboundRequest, endpoint: ConnectedEndpoint): InboundRequest {
  const of = sorted(request, endpoint);
  const readable = mended(of, endpoint);
  return readable.ok ? readable.value : of;
}

interface CompiledMapping {
  readonly when: Predicate | null;
  readonly each: PlaceReader | null;
  readonly places: CompiledPlaces;
  /** Of a form, whose files are the message's where the settings say nothing of files. */
  readonly formPlaces: CompiledPlaces;
}

const compiledMappings = new WeakMap<RestInbound, CompiledMapping>();

function compiled(setting: RestInbound): CompiledMapping {
  const known = compiledMappings.get(setting);
  if (known !== undefined) return known;
  const made: CompiledMapping = {
    when: setting.when === undefined ? null : compilePredicate(setting.when), each: setting.each === undefined ? null : compilePlace(setting.each),
    places: compilePlaces(setting), formPlaces: compilePlaces(withFormFiles(setting)),
  };
  compiledMappings.set(setting, made);
  return made;
}

/** Of several messages nobody knows whose the files are. */
function withFormFiles(setting: RestInbound): RestInbound {
  if (setting.attachments !== undefined || setting.each !== undefined) return setting;
  const list = `${setting.complete === undefined ? '' : 'event'}["${FORM_FILES}"]`;
  return { ...setting, attachments: { list, name: 'name', contentType: 'contentType', content: 'contentBase64' } };
}

function normalize(request: InboundRequest, endpoint: ConnectedEndpoint): Normalized {
  const setting = mappingOf(endpoint, request.entityType);
  if (setting === undefined) return canonical(request);
  const mapping = compiled(setting);
  const view = viewOf(request);
  if (!view.document.ok) return view.document;
  if (mapping.when !== null && !mapping.when(view)) return ok([]);
  const completion = completed(request);
  // What is tried out as it would be after its completion stands as it is.
  const isWhole = completion === null && lacks(request, endpoint);
  const document = isWhole ? view.document.value : mappedDocument(view.document.value, setting.complete !== undefined, completion?.answers);
  view.top = document;
  const found = mapping.each === null ? [document] : mapping.each(view, document);
  // In XML one element is no list; the sender means a list of one.
  const elements = !Array.isArray(found) && typeof found === 'object' && found !== null && /^\s*</.test(view.text) ? [found] : found;
  if (!Array.isArray(elements)) return err(failure('invalid', 'list-missing', `The body has no list at ${shown(setting.each)}.`));
  if (elements.length > MOST_MESSAGES) return err(failure('invalid', 'too-many-messages', `The request carries more than ${MOST_MESSAGES} messages.`));
  const places = isMultipartForm(request.contentType) ? mapping.formPlaces : mapping.places;
  const messages: NormalizedMessage[] = [];
  for (const element of recentOf(elements as unknown[], setting.recent, { view, document, sinceMs: newsSince(request, completion) })) {
    const message = mapMessage(places, { view, document: element, entityType: request.entityType, fetched: (url) => completion?.files[url] });
    if (!message.ok) return message;
    messages.push(message.value);
  }
  return ok(messages);
}

const shown = (place: PlaceSetting | undefined): string => (typeof place === 'string' ? place : JSON.stringify(place ?? ''));

/** The canonical body; before acceptance it is checked by the same reader, which has a pointer for each error. */
function canonical(request: InboundRequest): Normalized {
  const read = readCanonicalBody(request.body);
  if (!read.ok) return err(failure('invalid', 'body-unreadable', sentenceOf(read.error)));
  const { attachments, ...body } = read.value;
  return ok([{ ...body, entityType: request.entityType, eventId: null, attachments: attachments.map((one) => ({ id: '', name: one.name, contentType: one.contentType, size: one.size, content: Buffer.from(one.contentBase64, 'base64') })) }]);
}

function sentenceOf([first, ...others]: readonly BodyProblem[]): string {
  const where = first === undefined || first.path === '' ? 'The body' : first.path;
  return `${where} should be ${first?.expected ?? 'another'}, found ${first?.found ?? 'something else'}${others.length > 0 ? ` (and ${others.length} more problems)` : ''}.`;
}
