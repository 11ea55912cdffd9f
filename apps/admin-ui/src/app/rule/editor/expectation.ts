import { type Draft, isDraft, listAt } from './document-edit';

/** What a test expects so that this decision passes: outcome, what is sent, what waits, what is remembered. Instants are left out; a test stands at its own `now`. */
export function expectationOf(decision: Draft): Draft {
  const { outcome, error, conversation } = decision;
  return {
    outcome,
    ...(typeof error === 'string' ? { error } : {}),
    outbound: listAt(decision, '/outbound').filter(isDraft).map(({ rule, endpoint, entityType, messageType, operation, attributes, attachments }) => ({ rule, endpoint, entityType, ...(messageType ? { messageType } : {}), operation, attributes, attachments })),
    delayed: listAt(decision, '/delayed').filter(isDraft).map(({ rule, endpoint, entityType }) => ({ rule, endpoint, entityType })),
    ...(isDraft(conversation) ? { conversation: { attributes: conversation['attributes'] ?? {}, counters: conversation['counters'] ?? {} } } : {}),
  };
}
