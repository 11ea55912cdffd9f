import type { SendResult } from '../contract.js';
import type { MessageView } from '../place/message-view.js';
import { compilePredicates, type PredicateSetting } from './predicate.js';

/** Whether an answer to a look-up, judged so, says for certain that there is no such ticket. */
export type Absence = (view: MessageView, outcome: SendResult['outcome']) => boolean;

/** Conditions for an absence. A system that is down or does not know us tells none, whatever its body looks like, unless a condition names that very status. */
export function compileAbsence(settings: readonly PredicateSetting[] | undefined): Absence {
  const any = compilePredicates(settings);
  const ofStatus = compilePredicates(settings?.filter(({ status }) => status !== undefined));
  return (view, outcome) => (outcome === 'success' || outcome === 'rejected' ? any : ofStatus)(view);
}
