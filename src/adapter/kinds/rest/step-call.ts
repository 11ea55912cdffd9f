import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type JudgedAnswer } from '../../answer/answer-rules.js';
import type { CallLimits, RenderedRequest } from '../../contract.js';
import type { AuthorizedHttp } from './authorized.js';
import type { CompiledRequest } from './compiled.js';

/** The way out of one delivery. */
export interface WayOut {
  readonly http: AuthorizedHttp;
  readonly limits: CallLimits;
  readonly signal: AbortSignal;
}

/** Sends a request and judges its answer; where its settings say so, again and again until the answer has what is waited for. */
export async function callStep({ http, limits, signal }: WayOut, request: RenderedRequest, step: CompiledRequest): Promise<JudgedAnswer> {
  const once = async (): Promise<JudgedAnswer> => judge(await http.call(request, limits, signal), step.answer, { isIdempotent: step.isIdempotent, secrets: http.secrets(), nowMs: Date.now() });
  let judged = await once();
  const { repeatUntil } = step;
  if (repeatUntil === null) return judged;
  for (let tries = 1; judged.result.outcome === 'success' && judged.view !== null && !repeatUntil.holds(judged.view); tries++) {
    if (tries >= repeatUntil.tries) return retryable(judged, `The step ${step.id} did not come to an end.`);
    try {
      await sleep(repeatUntil.everyMs, undefined, { signal });
    } catch {
      return retryable(judged, 'The call was given up by this process.');
    }
    judged = await once();
  }
  return judged;
}

const retryable = (judged: JudgedAnswer, error: string): JudgedAnswer => ({ ...judged, result: { ...judged.result, outcome: 'retryable', error } });

/** What the places of a step read from its answer; a place that is not there brings nothing. */
export function extractedBy(step: CompiledRequest, { view, document }: JudgedAnswer): Readonly<Record<string, unknown>> {
  if (view === null) return {};
  return Object.fromEntries(step.extract.map(([name, read]) => [name, read(view, document)]).filter(([, value]) => value !== undefined)) as Readonly<Record<string, unknown>>;
}
