import { judgeAnswer, type Verdict } from '../../core/delivery/judge-answer.js';
import type { Attributes } from '../../core/message/value.js';
import type { CallOutcome, SendResult } from '../contract.js';
import { readExactJson } from '../place/exact-json.js';
import { flatten } from '../place/flatten.js';
import { textAt, type JsonPath } from '../place/json-path.js';
import { concealSecrets } from '../setting/secret-text.js';

type Judged = Pick<SendResult, 'outcome' | 'endpointFault' | 'retryAfterMs'>;

/** Bytes of an answer that are kept, and characters of the target's own words that an error repeats. */
const KEPT_BYTES = 65_536;
const KEPT_WORDS = 300;

/** Places where systems put their words about an error, most telling first. */
const WORDS: readonly JsonPath[] = [
  ['detail'], ['message'], ['error', 'message'], ['error', 'detail'], ['error_description'], ['errorMessages', 0], ['errors', 0, 'message'], ['errors', 0, 'detail'], ['errors', 0], ['error'], ['title'], ['description'],
];

/** Judges how a call ended: may it be repeated, was it refused, can nobody tell. `idempotent`: a repeat with the same key does no harm. */
export function judgeCall(outcome: CallOutcome, idempotent: boolean, nowMs: number): Judged {
  if (outcome.kind === 'failed') {
    // What cannot be written as a request cannot be written later either.
    if (outcome.reason === 'invalid-request') return { outcome: 'rejected', endpointFault: false, retryAfterMs: null };
    const judged = resultOf(judgeAnswer({ kind: 'failed', written: outcome.written }, idempotent, nowMs));
    return outcome.reason === 'aborted' ? { ...judged, endpointFault: false } : judged;
  }
  // A date is measured by the target's own clock where the answer tells it.
  const theirMs = Date.parse(outcome.headers['date'] ?? '');
  const end = { kind: 'answered', status: outcome.status, retryAfter: outcome.headers['retry-after'] ?? null } as const;
  return resultOf(judgeAnswer(end, idempotent, Number.isNaN(theirMs) ? nowMs : theirMs));
}

function resultOf(verdict: Verdict): Judged {
  switch (verdict.outcome) {
    case 'SENT': return { outcome: 'success', endpointFault: false, retryAfterMs: null };
    case 'RETRY': return { outcome: 'retryable', endpointFault: verdict.blamesEndpoint, retryAfterMs: verdict.notBeforeMs };
    case 'UNKNOWN': return { outcome: 'unknown', endpointFault: verdict.blamesEndpoint, retryAfterMs: verdict.notBeforeMs };
    case 'REJECTED': return { outcome: 'rejected', endpointFault: false, retryAfterMs: null };
    case 'CREDENTIALS': return { outcome: 'credentials', endpointFault: true, retryAfterMs: null };
  }
}

/** What is known of an answer before anyone asks for an id in it. */
export interface ReadAnswer {
  readonly document: unknown;
  readonly attributes: Attributes;
  readonly body: Uint8Array | null;
}

/** Reads an answer's body: JSON exactly, other text as the attribute `body`. Secrets that come back are masked. */
export function readAnswer(outcome: CallOutcome, secrets: readonly string[]): ReadAnswer {
  if (outcome.kind === 'failed' || outcome.body.byteLength === 0) return { document: undefined, attributes: {}, body: null };
  const bytes = concealSecrets(outcome.body, secrets);
  const body = bytes.byteLength > KEPT_BYTES ? bytes.subarray(0, KEPT_BYTES) : bytes;
  const text = new TextDecoder().decode(bytes);
  const document = parse(text);
  return { document, attributes: document === undefined ? flatten(text.slice(0, KEPT_BYTES)) : flatten(document), body };
}

function parse(text: string): unknown {
  if (!/^\s*[[{"\d-]/.test(text)) return undefined;
  try {
    return readExactJson(text);
  } catch {
    return undefined; // not JSON after all: it stays text
  }
}

export interface SendReading {
  readonly idempotent: boolean;
  readonly secrets: readonly string[];
  /** Where the answer names the ticket; null where nothing is looked for. */
  readonly ticketId: JsonPath | null;
  /** Whether a success that names no ticket leaves open what happened (a create). */
  readonly needsTicketId: boolean;
  /** Instant of the answer, in milliseconds, for a `Retry-After` that is a date. */
  readonly nowMs: number;
}

/** Makes the result of an attempt from how its call ended. */
export function sendResult(outcome: CallOutcome, reading: SendReading): SendResult {
  const judged = judgeCall(outcome, reading.idempotent, reading.nowMs);
  const answer = readAnswer(outcome, reading.secrets);
  const httpStatus = outcome.kind === 'answered' ? outcome.status : null;
  const common = { httpStatus, answer: answer.attributes, body: answer.body };
  if (judged.outcome !== 'success') return { ...common, ...judged, ticketId: null, error: errorOf(outcome, answer.document) };
  const ticketId = reading.ticketId === null ? null : textAt(answer.document, reading.ticketId);
  if (ticketId === null && reading.needsTicketId) {
    return { ...common, outcome: 'unknown', endpointFault: false, retryAfterMs: null, ticketId: null, error: `The target answered ${httpStatus} but named no ticket where one is expected.` };
  }
  return { ...common, ...judged, ticketId, error: null };
}

/** A result of something that was never sent because of what should have been sent. */
export const neverSent = (error: string): SendResult =>
  ({ outcome: 'rejected', httpStatus: null, ticketId: null, answer: {}, error, retryAfterMs: null, endpointFault: false, body: null });

function errorOf(outcome: CallOutcome, document: unknown): string {
  if (outcome.kind === 'failed') return outcome.message;
  const said = wordsOf(document);
  if (outcome.status >= 300 && outcome.status < 400) return `The target answered ${outcome.status}, a redirect, which is not followed.`;
  return said === null ? `The target answered ${outcome.status}.` : `The target answered ${outcome.status}: ${said}`;
}

/** The target's own words about an error, in the places where systems put them; null where there are none. */
export function wordsOf(document: unknown): string | null {
  for (const place of WORDS) {
    const found = textAt(document, place)?.replace(/\s+/g, ' ').trim();
    if (found !== undefined && found !== '') return found.length > KEPT_WORDS ? `${found.slice(0, KEPT_WORDS)}…` : found;
  }
  return null;
}
