import { sameValue } from '../../message/same-value.js';
import type { OperatorDefinition, Subject } from './operator.js';
import type { Scope } from '../scope.js';

/**
 * Against the last known value from the same ticket. What the message does not carry has not changed, unless it was
 * never seen at all. Neither operator holds in a response message: an answer has no earlier state of its own.
 */
function changedSince(subject: Subject, scope: Scope): boolean {
  const known = scope.previous?.getFolded(subject.foldedName);
  if (known === undefined) return true;
  const current = subject.read(scope);
  return current !== undefined && !sameValue(known, current);
}

export const changed: OperatorDefinition = {
  operator: 'CHANGED',
  meaning: 'differs from the last known value of the same ticket, or was never seen before',
  takesValues: false,
  compile: (subject) => (scope) => scope.message.response === null && changedSince(subject, scope),
};

export const notChanged: OperatorDefinition = {
  operator: 'NOT_CHANGED',
  meaning: 'is still the last known value of the same ticket',
  takesValues: false,
  compile: (subject) => (scope) => scope.message.response === null && !changedSince(subject, scope),
};
