import { waitMs } from './asked-wait.js';
import type { CallOutcome, SendResult } from '../contract.js';
import { flatten } from '../place/flatten.js';
import { MessageView } from '../place/message-view.js';
import { asWord, compilePlace, type PlaceReader, type PlaceSetting } from '../place/place.js';
import { compilePredicates, type Predicate, type PredicateSetting } from './predicate.js';
import { concealSecrets } from '../setting/secret-text.js';
import { sendResult, wordsOf } from './send-result.js';

/** How an answer is judged and read. Conditions are asked in the order credentials, retry, duplicate, not found, rejected, success; then the status decides. */
export interface AnswerSetting {
  readonly ticketId?: PlaceSetting;
  readonly error?: PlaceSetting;
  /** Until when the target wants to be left alone, where it does not say so by `Retry-After`. */
  readonly retryAfter?: PlaceSetting;
  /** Where it asks to wait, it does so for this ticket alone. */
  readonly ticketWaitsWhen?: readonly PredicateSetting[];
  readonly successWhen?: readonly PredicateSetting[];
  readonly rejectedWhen?: readonly PredicateSetting[];
  readonly retryWhen?: readonly PredicateSetting[];
  /** The target has it already: a success, whose ticket is looked up where the answer does not name it. */
  readonly duplicateWhen?: readonly PredicateSetting[];
  /** There is no such ticket any more. */
  readonly notFoundWhen?: readonly PredicateSetting[];
  /** The target does not take who we are, whatever the status says. */
  readonly credentialsWhen?: readonly PredicateSetting[];
}

/** Attribute of an answer that rules can tell by that the ticket is gone. */
export const TICKET_GONE = 'ticketGone';

const gone = (said: string | null): string => `The target has no such ticket any more${said === null ? '.' : `: ${said}`}`;

/** How an answer is judged and read, compiled. */
export interface AnswerRules {
  readonly ticketId: PlaceReader | null;
  readonly error: PlaceReader | null;
  readonly retryAfter: PlaceReader | null;
  readonly ticketWaitsWhen: Predicate;
  readonly retryWhen: Predicate;
  readonly duplicateWhen: Predicate;
  readonly notFoundWhen: Predicate;
  readonly rejectedWhen: Predicate;
  readonly credentialsWhen: Predicate;
  readonly successWhen: Predicate | null;
}

/** The rules of an answer: of each kind those of the first that has any, from the nearest to the most general. */
export function compileAnswer(given: readonly (AnswerSetting | undefined)[]): AnswerRules {
  const first = <K extends keyof AnswerSetting>(key: K): AnswerSetting[K] | undefined => given.find((one) => one?.[key] !== undefined)?.[key];
  const ticketId = first('ticketId');
  const error = first('error');
  const retryAfter = first('retryAfter');
  const success = first('successWhen');
  return {
    ticketId: ticketId === undefined ? null : compilePlace(ticketId), error: error === undefined ? null : compilePlace(error), retryAfter: retryAfter === undefined ? null : compilePlace(retryAfter), ticketWaitsWhen: compilePredicates(first('ticketWaitsWhen')),
    retryWhen: compilePredicates(first('retryWhen')), duplicateWhen: compilePredicates(first('duplicateWhen')), notFoundWhen: compilePredicates(first('notFoundWhen')), rejectedWhen: compilePredicates(first('rejectedWhen')), credentialsWhen: compilePredicates(first('credentialsWhen')),
    successWhen: success === undefined || success.length === 0 ? null : compilePredicates(success),
  };
}

/** A judged answer, and the view in which values are found. */
export interface JudgedAnswer {
  readonly result: SendResult;
  readonly view: MessageView | null;
  /** The part of the body that paths start at; undefined where it has no such form. */
  readonly document: unknown;
  readonly isDuplicate: boolean;
}

export interface Judging {
  readonly isIdempotent: boolean;
  readonly secrets: readonly string[];
  readonly nowMs: number;
}

/** Judges how a call ended: by the conditions on status and body first, then by the status. The ticket id is read from a success. */
export function judge(outcome: CallOutcome, rules: AnswerRules, { isIdempotent, secrets, nowMs }: Judging): JudgedAnswer {
  const base = sendResult(outcome, { idempotent: isIdempotent, secrets, ticketId: null, needsTicketId: false, nowMs });
  if (outcome.kind === 'failed') return { result: base, view: null, document: undefined, isDuplicate: false };
  const view = new MessageView({ body: concealSecrets(outcome.body, secrets), contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status });
  const read = outcome.body.byteLength === 0 ? undefined : view.document;
  const document = read?.ok === true ? read.value : undefined;
  return withWait(judgeView({ ...base, ...(isXml(document, base) ? { answer: flatten(document) } : {}) }, view, document, rules), rules, nowMs);
}

/** Adds how long the target wants to be left alone, and whether it means this ticket alone. */
export function withWait(judged: JudgedAnswer, rules: AnswerRules, nowMs: number): JudgedAnswer {
  const waiting = wishOf(judged, rules, nowMs);
  const { result, view } = waiting;
  if (view === null || result.outcome !== 'retryable' || !rules.ticketWaitsWhen(view)) return waiting;
  return { ...waiting, result: { ...result, isOfTicket: true, endpointFault: false } };
}

/** A limit is told by these, and by 403 only where the conditions know it for one. */
function wishOf(judged: JudgedAnswer, rules: AnswerRules, nowMs: number): JudgedAnswer {
  const { result, view, document } = judged;
  if (view === null || result.outcome !== 'retryable' || result.retryAfterMs !== null || ![403, 429, 503].includes(result.httpStatus ?? 0)) return judged;
  return { ...judged, result: { ...result, retryAfterMs: waitMs(view.received.headers, asWord(rules.retryAfter?.(view, document)), nowMs) } };
}

/** What the conditions make of an answer that was judged by its status, or by its form, before. */
export function judgeView(base: SendResult, view: MessageView, document: unknown, rules: AnswerRules): JudgedAnswer {
  const result = byConditions(base, view, document, rules);
  const isDuplicate = rules.duplicateWhen(view) && !rules.retryWhen(view);
  const ticketId = result.outcome === 'success' ? asWord(rules.ticketId?.(view, document)) : null;
  return { result: { ...result, ticketId }, view, document, isDuplicate };
}

/** An answer of XML has been taken for text so far. */
const isXml = (document: unknown, base: SendResult): boolean => document !== undefined && Object.keys(base.answer).length === 1 && typeof base.answer['body'] === 'string';

function byConditions(base: SendResult, view: MessageView, document: unknown, rules: AnswerRules): SendResult {
  const said = (): string | null => asWord(rules.error?.(view, document))?.replace(/\s+/g, ' ').trim().slice(0, 300) ?? wordsOf(document);
  const words = (): string => said() ?? base.error ?? `The target answered ${base.httpStatus}.`;
  if (rules.credentialsWhen(view)) return { ...base, outcome: 'credentials', error: words(), endpointFault: true, retryAfterMs: null };
  if (rules.retryWhen(view)) return { ...base, outcome: 'retryable', error: words(), endpointFault: false };
  if (rules.duplicateWhen(view)) return { ...base, outcome: 'success', error: null, endpointFault: false, retryAfterMs: null };
  if (rules.notFoundWhen(view)) return { ...base, outcome: 'rejected', answer: { ...base.answer, [TICKET_GONE]: true }, error: gone(said()), endpointFault: false, retryAfterMs: null };
  if (rules.rejectedWhen(view)) return { ...base, outcome: 'rejected', error: words(), endpointFault: false, retryAfterMs: null };
  if (rules.successWhen?.(view) === true) return { ...base, outcome: 'success', error: null, endpointFault: false, retryAfterMs: null };
  if (rules.successWhen !== null && base.outcome === 'success') return { ...base, outcome: 'rejected', error: words() };
  const told = base.error !== null && rules.error !== null ? said() : null;
  return told === null ? base : { ...base, error: `The target answered ${base.httpStatus}: ${told}` };
}
