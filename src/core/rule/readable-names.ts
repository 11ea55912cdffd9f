/** A name, or the beginning of one, that every condition, template and table may read beside the message's own attributes. */
export interface ReadableName {
  readonly name: string;
  readonly meaning: string;
  /** Whether something must follow: the name of an attribute, counter or field. */
  readonly isPrefix: boolean;
  /** Where it has a value: everywhere, in answers of targets, while a rule iterates by value, or in mappings only. */
  readonly where: 'message' | 'answer' | 'item' | 'mapping';
}

const fixed = (name: string, meaning: string, where: ReadableName['where'] = 'message'): ReadableName => ({ name, meaning, where, isPrefix: false });
const prefix = (name: string, meaning: string, where: ReadableName['where'] = 'message'): ReadableName => ({ name, meaning, where, isPrefix: true });

/** Editor and documentation read this list; `expression.ts` resolves the names. */
export const READABLE_NAMES: readonly ReadableName[] = [
  fixed('sf:message:ticketId', 'Id of the ticket at the source'),
  fixed('sf:message:id', 'Id of the message'),
  fixed('sf:message:endpoint', 'The endpoint that it came from'),
  fixed('sf:message:entityType', 'Its entity type'),
  fixed('sf:message:messageType', 'Its message type; empty where it has none'),
  fixed('sf:message:receivedTime', 'When it was received'),
  fixed('sf:message:sender', 'Who sent it, where the source says so'),
  fixed('sf:now', 'The instant of this execution'),
  fixed('sf:conversation:id', 'Id of the conversation'),
  prefix('sf:conversation:', 'An attribute that the conversation remembers'),
  prefix('sf:conversation:counter:', 'A counter of the conversation; 0 until first incremented'),
  prefix('sf:ticketId:', 'The ticket id at another endpoint: endpoint, colon, entity type'),
  prefix('sf:virtual:', 'A virtual attribute of this rule', 'mapping'),
  fixed('sf:item', 'The value in hand while the rule iterates', 'item'),
  prefix('sf:item:', 'A field of the value in hand', 'item'),
  fixed('sf:response:status', 'SUCCESS or ERROR', 'answer'),
  fixed('sf:response:httpStatus', 'HTTP status of the answer', 'answer'),
  fixed('sf:response:error', 'What the target said was wrong', 'answer'),
  fixed('sf:response:ticketId', 'The ticket id in the answer', 'answer'),
  fixed('sf:response:operation', 'CREATE or UPDATE', 'answer'),
];
