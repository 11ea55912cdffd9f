import { sameName } from '../../../core/message/fold.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint, Inbound, InboundAnswer, InboundRequest, NormalizedMessage } from '../../contract.js';
import { compilePlaces, mapMessage, type CompiledPlaces } from '../../place/inbound-places.js';
import type { MessageView } from '../../place/message-view.js';
import { compilePlace, type PlaceReader, type PlaceSetting } from '../../place/place.js';
import { compilePredicate, type Predicate } from '../../answer/predicate.js';
import { xmlToJson } from '../../place/xml-document.js';
import { addressedBy, answerHeader } from './addressed.js';
import { withNamespaces } from './answer.js';
import { namespacesOf } from './compiled.js';
import { readEmbedded, type EmbeddedDocument } from './embedded.js';
import { alone, readEnvelope, type ReadEnvelope } from './envelope-reader.js';
import type { SoapVersion } from './names.js';
import { OPERATIONS, readService } from './service.js';
import { NOT_UNDERSTOOD, notUnderstoodHeader, soapAnswer } from './service-answer.js';
import { serviceProblem } from './service-validation.js';
import { serviceWsdl } from './service-wsdl.js';
import { soapEntityType, soapSettings, type SoapInbound, type SoapSettings } from './settings.js';
import { bodyAlone, signedId, verifySignedRequest } from './signed-request.js';
import { hasSecurity, nameOf, notUnderstood } from './understood.js';
import { verifyUsernameToken } from './username-token.js';

export const inbound: Inbound = {
  form: () => 'mapped',
  handshake: publish,
  verify: (request, endpoint) => {
    const { inboundSecurity, signedRequests } = soapSettings(endpoint);
    const envelope = wholeOf(request);
    // What is no envelope is refused for that, once it is known who sent it.
    if (!envelope.ok) return ok(undefined);
    const signed = signedRequests === undefined ? ok(undefined) : verifySignedRequest(envelope.value, signedRequests, Date.now());
    return inboundSecurity === undefined || !signed.ok ? signed : verifyUsernameToken(envelope.value, inboundSecurity, Date.now(), `${endpoint.organization} ${endpoint.id}`);
  },
  examine,
  normalize,
  answer: (told, request, endpoint) => {
    const given = wholeOf(request);
    const envelope = given.ok ? given.value : null;
    const version: SoapVersion = envelope?.version ?? (/^application\/soap\+xml/i.test(request.contentType) ? '1.2' : '1.1');
    const mapping = mappingOf(endpoint, request.entityType);
    const operation = mapping === undefined ? (OPERATIONS.find((one) => one === envelope?.content?.localName) ?? null) : null;
    const blocks = envelope === null || told.kind === 'accepted' || told.code !== NOT_UNDERSTOOD ? [] : notUnderstood(envelope, soapSettings(endpoint));
    return soapAnswer(told, version, { operation, custom: mapping?.answer, header: answerHeader(envelope === null ? null : addressedBy(envelope), told, operation) + notUnderstoodHeader(blocks, version) });
  },
  repeatKey: (request) => {
    const envelope = wholeOf(request);
    // The same message under a new timestamp has other bytes: its repeats are known by the event id, after acceptance.
    return !envelope.ok || hasSecurity(envelope.value) ? null : (addressedBy(envelope.value)?.messageId ?? null);
  },
};

/** What can be said of an envelope before it is accepted. */
function examine(request: InboundRequest, endpoint: ConnectedEndpoint): Result<void, Failure> {
  const envelope = wholeOf(request);
  if (!envelope.ok) return envelope;
  const settings = soapSettings(endpoint);
  const blocks = notUnderstood(envelope.value, settings);
  if (blocks.length > 0) return err(failure('invalid', NOT_UNDERSTOOD, `These header blocks must be understood, and are not: ${blocks.map(nameOf).join(', ')}.`));
  const isOurs = mappingOf(endpoint, request.entityType) === undefined;
  const problem = isOurs && settings.validateService === true && envelope.value.content !== null ? serviceProblem(envelope.value.content) : null;
  if (problem !== null) return err(failure('invalid', 'not-of-the-wsdl', problem));
  const read = normalize(request, endpoint);
  return read.ok ? ok(undefined) : read;
}

/** The WSDL of our own service, for whoever asks for it. */
function publish(request: InboundRequest, endpoint: ConnectedEndpoint): InboundAnswer | null {
  const query = new URLSearchParams(request.query);
  const asked = [...query.keys()].find((name) => name.toLowerCase() === 'wsdl');
  if (asked === undefined || request.body.byteLength > 0 || mappingOf(endpoint, request.entityType) !== undefined) return null;
  query.delete(asked);
  const scheme = /^https\b/.test(request.headers['x-forwarded-proto'] ?? '') ? 'https' : 'http';
  const address = soapSettings(endpoint).serviceAddress ?? `${scheme}://${request.headers['x-forwarded-host'] ?? request.headers['host'] ?? 'localhost'}${request.path ?? ''}`;
  const rest = query.toString();
  return { status: 200, contentType: 'text/xml; charset=utf-8', body: serviceWsdl(rest === '' ? address : `${address}?${rest}`) };
}

const read = new WeakMap<Uint8Array, Result<ReadEnvelope, Failure>>();

/** The envelope of a request as it came, read once for everything that is asked of it. */
function wholeOf({ body, contentType, headers, query }: InboundRequest): Result<ReadEnvelope, Failure> {
  const known = read.get(body);
  if (known !== undefined) return known;
  const made = readEnvelope({ body, contentType, headers, query, status: null });
  read.set(body, made);
  return made;
}

/** The envelope as mappings see it: of senders that sign, nothing but the Body that is signed. */
function envelopeOf(request: InboundRequest, { signedRequests }: SoapSettings): Result<ReadEnvelope, Failure> {
  const whole = wholeOf(request);
  return whole.ok && signedRequests !== undefined ? bodyAlone(whole.value) : whole;
}

function mappingOf(endpoint: ConnectedEndpoint, entityType: string): SoapInbound | undefined {
  const found = endpoint.entityTypes.find((one) => sameName(one.name, entityType));
  return found === undefined ? undefined : soapEntityType(found).inbound;
}

interface CompiledMapping {
  readonly places: CompiledPlaces;
  readonly when: Predicate | null;
  readonly embedded: PlaceReader | null;
}

const compiledMappings = new WeakMap<SoapInbound, CompiledMapping>();

function compiled(setting: SoapInbound, endpoint: ConnectedEndpoint): CompiledMapping {
  const known = compiledMappings.get(setting);
  if (known !== undefined) return known;
  const namespaces = namespacesOf(soapSettings(endpoint));
  const { when, embedded, answer: _answer, ...places } = setting;
  const made = {
    places: compilePlaces(knowing(places, namespaces)), when: when === undefined ? null : compilePredicate(withNamespaces(when, namespaces)),
    embedded: embedded === undefined ? null : compilePlace(withNamespaces(embedded, namespaces)),
  };
  compiledMappings.set(setting, made);
  return made;
}

/** Every XPath of a mapping knows the endpoint's prefixes, wherever it stands. */
function knowing<T>(setting: T, namespaces: Readonly<Record<string, string>>): T {
  if (Array.isArray(setting)) return setting.map((one: unknown) => knowing(one, namespaces)) as T;
  if (typeof setting !== 'object' || setting === null) return setting;
  if (typeof (setting as { xpath?: unknown }).xpath === 'string') return withNamespaces(setting as unknown as PlaceSetting, namespaces) as unknown as T;
  return Object.fromEntries(Object.entries(setting).map(([name, one]) => [name, knowing(one as unknown, namespaces)])) as T;
}

function normalize(request: InboundRequest, endpoint: ConnectedEndpoint): Result<readonly NormalizedMessage[], Failure> {
  const settings = soapSettings(endpoint);
  const envelope = envelopeOf(request, settings);
  if (!envelope.ok) return envelope;
  const setting = mappingOf(endpoint, request.entityType);
  const messageId = settings.signedRequests === undefined ? (addressedBy(envelope.value)?.messageId ?? null) : signedId(envelope.value);
  const taken = setting === undefined ? readService(envelope.value.content, request.entityType) : mapped(envelope.value, compiled(setting, endpoint), request.entityType);
  if (!taken.ok) return taken;
  return ok(taken.value === null ? [] : [{ ...taken.value, eventId: taken.value.eventId ?? messageId }]);
}

function mapped({ view, content }: ReadEnvelope, { places, when, embedded }: CompiledMapping, entityType: string): Result<NormalizedMessage | null, Failure> {
  const outer = content === null ? undefined : Object.values(xmlToJson(alone(content)!))[0];
  const inner = embedded === null ? ok({ view, document: outer }) : embeddedIn(view, outer, embedded);
  // What carries no document may be another kind of envelope, which the condition leaves out.
  if (!inner.ok) return when === null || when(view) ? inner : ok(null);
  if (when !== null && !when(inner.value.view)) return ok(null);
  return mapMessage(places, { ...inner.value, entityType });
}

/** The document that stands as a text in the envelope; what is around it is what places from the top see. */
function embeddedIn(view: MessageView, outer: unknown, place: PlaceReader): Result<EmbeddedDocument, Failure> {
  const found = place(view, outer);
  if (found === undefined || found === null || found === '') return err(failure('invalid', 'embedded-unreadable', 'The envelope carries no document where one is expected.'));
  const inner = readEmbedded(view, found);
  inner.view.top = outer;
  return inner.document === undefined ? err(failure('invalid', 'embedded-unreadable', 'What the envelope carries as a document is neither XML nor JSON.')) : ok(inner);
}
