import type { Recorded } from '../../store/endpoint/sample.store.js';
import { Problem } from '../../web/index.js';
import type { Adapter, ConnectedEndpoint, InboundRequest } from '../contract.js';
import type { ReadAnswerDto, ReadRequestDto } from './trial.dto.js';

/** An endpoint whose settings are tried: the one that is stored, or one that may be. */
export interface TriedEndpoint {
  readonly adapter: Adapter;
  readonly endpoint: ConnectedEndpoint;
}

type RecordedAnswer = Extract<Recorded, { kind: 'answer' }>;
type RecordedRequest = Extract<Recorded, { kind: 'request' }>;

/** What the settings make of an answer that was recorded. */
export function readRecordedAnswer({ adapter, endpoint }: TriedEndpoint, { status, headers, entityType, operation, step }: Omit<RecordedAnswer, 'kind'>, body: Uint8Array): ReadAnswerDto {
  const { readAnswer } = adapter.outbound;
  if (readAnswer === undefined) throw Problem.conflict('not-supported', `Answers to endpoints of the kind ${adapter.manifest.kind} are not set but built in.`);
  const read = readAnswer({ kind: 'answered', status, headers, body }, { entityType, operation, ...(step === undefined ? {} : { step }) }, endpoint);
  return { outcome: read.outcome, ticketId: read.ticketId, error: read.error, retryAfterMs: read.retryAfterMs, attributes: { ...read.answer } };
}

/** What the settings make of a request that was recorded; `arrivedMs`: when it counts as accepted. */
export async function readRecordedRequest({ adapter, endpoint }: TriedEndpoint, recorded: Omit<RecordedRequest, 'kind'>, body: Uint8Array, arrivedMs: number): Promise<ReadRequestDto> {
  const request: InboundRequest = { ...recorded, body };
  const verified = adapter.inbound.verify(request, endpoint);
  const opened = await adapter.inbound.open?.(request, endpoint, arrivedMs);
  const read = adapter.inbound.normalize(request, endpoint, opened);
  const messages = read.ok ? read.value.map(({ attachments, ...message }) => ({ ...message, attachments: attachments.map(({ name, contentType, size }) => ({ name, contentType, size })) })) : [];
  return { ok: read.ok, error: read.ok ? null : read.error.message, signature: verified.ok ? null : verified.error.message, messages };
}
