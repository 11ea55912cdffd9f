import type { Conversation } from '../conversation/conversation.js';
import { entityKey } from './compile.js';

/** The targets that a conversation has a ticket in, or is about to: known ids, creates on their way, delayed creates. */
export class TargetsSeen {
  private readonly keys = new Set<string>();

  constructor(conversation: Conversation) {
    for (const { endpoint, entityType } of conversation.ticketIds) this.keys.add(entityKey(endpoint, entityType));
    for (const { endpoint, entityType } of conversation.pendingCreates) this.keys.add(entityKey(endpoint, entityType));
    for (const { endpoint, entityType, creates } of conversation.delayed) {
      if (creates) this.keys.add(entityKey(endpoint, entityType));
    }
  }

  has(targetKey: string): boolean {
    return this.keys.has(targetKey);
  }

  /** From now on a create for this target is on its way. */
  add(targetKey: string): void {
    this.keys.add(targetKey);
  }
}
