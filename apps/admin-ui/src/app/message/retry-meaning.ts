import type { MessageDetail } from '../api/models';
import { ACTS } from '../system/delivery-acts.text';

/** What trying a failed message again would do, in one or two sentences; undefined where it has not failed. */
export function retryMeaning({ state, conversationId, trace }: Pick<MessageDetail, 'state' | 'conversationId' | 'trace'>): string | undefined {
  if (state !== 'FAILED') return undefined;
  if (conversationId === null) return ACTS.retryRead;
  const failed = trace?.failed ?? [];
  return failed.length === 0 ? ACTS.retryRouted : ACTS.retryExecuted([...new Set(failed.map((execution) => execution.rule))]);
}
