import type { ListedDelayedExecution } from '../api/models';
import { DELAYS } from './work.text';

/** Why an execution waits, in words: the same for all that wait alike. */
export function delayWords({ rule, waitingFor }: Pick<ListedDelayedExecution, 'rule' | 'waitingFor'>): string {
  const reasons = new Set(waitingFor.map(({ type, attribute, endpoint }): string => {
    switch (type) {
      case 'Time': return DELAYS.time;
      case 'ConversationAttribute': return DELAYS.attribute(String(attribute));
      case 'TicketId': return DELAYS.ticket(String(endpoint));
      default: return DELAYS.order;
    }
  }));
  return DELAYS.waits(rule, reasons.size === 0 ? DELAYS.turn : [...reasons].join(DELAYS.and));
}
