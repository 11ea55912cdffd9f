import type { InboundRequest } from '../../contract.js';

/** What was fetched for a thin request before it is read: answers by the ids of their steps, files by their addresses. */
export interface Completion {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, { readonly contentType: string; readonly contentBase64: string }>>;
  /** From when on what was fetched may be news, in milliseconds; absent where that is not asked. */
  readonly since?: number;
}

/** What a mapping reads: the body, or where it is completed the event beside each answer by its step's id. */
export const mappedDocument = (event: unknown, isCompleted: boolean, answers: Completion['answers'] = {}): unknown => (isCompleted ? { event, ...answers } : event);

/** What was fetched for a request; null where nothing was. */
export function completed(request: InboundRequest): Completion | null {
  if (request.completion === undefined || request.completion === null) return null;
  return JSON.parse(Buffer.from(request.completion).toString()) as Completion;
}
