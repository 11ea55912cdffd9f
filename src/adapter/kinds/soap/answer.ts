import { ok, type Result } from '../../../core/message/result.js';
import { compileAnswer, judgeView, withWait, type AnswerRules, type JudgedAnswer, type Judging } from '../../answer/answer-rules.js';
import type { CallOutcome, SendResult } from '../../contract.js';
import { flatten } from '../../place/flatten.js';
import { MessageView } from '../../place/message-view.js';
import { compilePlace, type PlaceReader, type PlaceSetting } from '../../place/place.js';
import type { PredicateSetting } from '../../answer/predicate.js';
import { concealSecrets } from '../../setting/secret-text.js';
import { sendResult } from '../../answer/send-result.js';
import { xmlToJson } from '../../place/xml-document.js';
import type { Answered } from '../../token/login.js';
import { readEmbedded } from './embedded.js';
import { decryptEnvelope } from './encryption.js';
import { alone, readEnvelope, type ReadEnvelope } from './envelope-reader.js';
import { judgedByFault, readFault } from './fault.js';
import type { SoapAnswer, SoapSettings } from './settings.js';
import { verifiedBody } from './signature.js';

export interface SoapAnswerRules extends AnswerRules {
  readonly embedded: PlaceReader | null;
}

type Namespaces = Readonly<Record<string, string>>;

/** A place or condition whose XPath knows the endpoint's prefixes. */
export function withNamespaces<T extends PlaceSetting | PredicateSetting>(setting: T, namespaces: Namespaces): T {
  return typeof setting === 'object' && setting.xpath !== undefined ? { ...setting, namespaces: { ...namespaces, ...setting.namespaces } } : setting;
}

export function compileSoapAnswer(given: readonly (SoapAnswer | undefined)[], namespaces: Namespaces): SoapAnswerRules {
  const known = given.map((one) => (one === undefined ? undefined : knowing(one, namespaces)));
  const embedded = known.find((one) => one?.embedded !== undefined)?.embedded;
  return { ...compileAnswer(known), embedded: embedded === undefined ? null : compilePlace(embedded) };
}

/** Every place and condition of an answer has an XPath that may need prefixes. */
const knowing = (answer: SoapAnswer, namespaces: Namespaces): SoapAnswer => Object.fromEntries(Object.entries(answer).map(([name, one]: [string, PlaceSetting | readonly PredicateSetting[]]) =>
  [name, Array.isArray(one) ? one.map((condition) => withNamespaces(condition as PredicateSetting, namespaces)) : withNamespaces(one as PlaceSetting, namespaces)]));

/** Judges how a call ended: by the conditions, then by the fault, then by the status. What was not signed as it must be is not believed. */
export function judgeSoap(outcome: CallOutcome, rules: SoapAnswerRules, judging: Judging, settings: Pick<SoapSettings, 'signedAnswers' | 'encryptedAnswers'>): JudgedAnswer {
  const { isIdempotent, secrets, nowMs } = judging;
  const base = sendResult(outcome, { idempotent: isIdempotent, secrets, ticketId: null, needsTicketId: false, nowMs });
  if (outcome.kind === 'failed') return { result: base, view: null, document: undefined, isDuplicate: false };
  const received = { body: concealSecrets(outcome.body, secrets), contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status };
  const unread = new MessageView(received);
  const believed = believedText(outcome, base, settings, nowMs);
  if (!believed.ok) return { result: { ...base, outcome: 'unknown', endpointFault: true, answer: {}, error: `The answer is not believed: ${believed.error}.` }, view: unread, document: undefined, isDuplicate: false };
  const envelope = readEnvelope(believed.value === null ? received : { ...received, body: concealSecrets(Buffer.from(believed.value), secrets), contentType: 'text/xml; charset=utf-8' });
  return withWait(envelope.ok ? judgeEnvelope(base, envelope.value, rules) : judgeView(withoutEnvelope(base, outcome.body.byteLength), unread, undefined, rules), rules, nowMs);
}

/** What of an answer is read instead of all that came: decrypted, and no more than what is signed. Null where it is read as it came. */
function believedText({ status, headers, body }: Answered, base: SendResult, { signedAnswers, encryptedAnswers }: Pick<SoapSettings, 'signedAnswers' | 'encryptedAnswers'>, nowMs: number): Result<string | null, string> {
  if (body.byteLength === 0 || (signedAnswers === undefined && encryptedAnswers === undefined)) return ok(null);
  const { text } = new MessageView({ body, contentType: headers['content-type'] ?? '', headers, status });
  const clear = encryptedAnswers === undefined ? ok(text) : decryptEnvelope(text, encryptedAnswers.key);
  // Who we are, or that there is too much of us, is often told by something that stands before the service.
  if (!clear.ok || signedAnswers === undefined || base.outcome === 'credentials' || status === 429 || status === 503) return clear.ok && clear.value === text ? ok(null) : clear;
  return verifiedBody(clear.value, signedAnswers.certificates, { nowMs, maxAgeSeconds: signedAnswers.maxAgeSeconds ?? 300 });
}

/** Something other than an envelope says nothing of what was done. A call of one way is answered with nothing at all. */
const withoutEnvelope = (base: SendResult, bytes: number): SendResult =>
  (base.outcome === 'success' && bytes > 0 ? { ...base, outcome: 'unknown', error: `The target answered ${base.httpStatus} with something that is no SOAP envelope.` } : base);

function judgeEnvelope(base: SendResult, envelope: ReadEnvelope, rules: SoapAnswerRules): JudgedAnswer {
  const fault = readFault(envelope);
  const document = envelope.content === null ? undefined : Object.values(xmlToJson(alone(envelope.content)!))[0];
  if (fault !== null) return judgeView(judgedByFault(base, fault), envelope.view, document, rules);
  const answer = document === undefined ? {} : flatten(document);
  const text = rules.embedded?.(envelope.view, document);
  if (text === undefined || text === null) return judgeView({ ...base, answer }, envelope.view, document, rules);
  const { view: inner, document: embedded } = readEmbedded(envelope.view, text);
  return judgeView({ ...base, answer: embedded === undefined ? answer : flatten(embedded) }, inner, embedded, rules);
}
