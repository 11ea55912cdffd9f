import type { CallOutcome, LookupResult } from '../contract.js';
import { isAbsentAt, type JsonPath } from '../place/json-path.js';
import { readAnswer, sendResult } from './send-result.js';

/**
 * What a look-up found, read from how its call ended; `ticketId` is where the answer names the ticket. The absence of a
 * ticket must be certain: whoever takes another answer for it creates the ticket twice.
 */
export function lookupResult(outcome: CallOutcome, ticketId: JsonPath, secrets: readonly string[]): LookupResult {
  const result = sendResult(outcome, { idempotent: true, secrets, ticketId, needsTicketId: false, nowMs: Date.now() });
  if (result.outcome !== 'success') return { failed: result };
  if (result.ticketId !== null) return { found: result.ticketId };
  if (isAbsentAt(readAnswer(outcome, []).document, ticketId)) return { found: null };
  return { failed: { ...result, outcome: 'retryable', error: 'The look-up was answered with something that names neither a ticket nor its absence.', endpointFault: true } };
}
