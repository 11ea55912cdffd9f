import type { EntityManager } from '../../store/data-source.js';
import { MessageFeed, type MessageDetailRow } from '../../store/feed/message-feed.js';
import { MessageActStore } from '../../store/lane/message-act.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { canonicalOf, traceOf } from '../feed/message-view.js';

/** How a message is tried again. */
export type MessageRetry = 'executed' | 'routed' | 'normalized';

/** What was done to a message, for the audit log. */
export interface RetriedMessage {
  readonly how: MessageRetry;
  /** Why it had failed. */
  readonly reason: string | null;
}

/** Tries a failed message again, in the caller's transaction and under its conversation's lock; a Problem where it has not failed or is not kept any more. */
export async function retryMessage(organization: OrganizationId, manager: EntityManager, id: string, by: string): Promise<RetriedMessage> {
  const store = new MessageActStore(organization, manager);
  await store.lockConversationOf(id);
  const message = await new MessageFeed(organization, manager).find(id);
  if (message === null) throw Problem.missing(`message ${id}`);
  if (!(await store.take(id))) throw Problem.conflict('not-failed', `A message that is ${message.state} is not tried again.`);
  return { how: await tryAgain(organization, manager, message, by), reason: message.reason };
}

async function tryAgain(organization: OrganizationId, manager: EntityManager, message: MessageDetailRow, by: string): Promise<MessageRetry> {
  const store = new MessageActStore(organization, manager);
  const { id, conversationId } = message;
  if (conversationId === null) {
    const rawId = await store.rawId(id);
    if (rawId === null || !(await store.normalizeAgain(id, rawId))) throw Problem.conflict('request-gone', 'The request is not kept any more.');
    return 'normalized';
  }
  const failed = traceOf(message)?.failed ?? [];
  const canonical = canonicalOf(message, await new MessageFeed(organization, manager).attachments([id]));
  if (failed.length === 0 || canonical === null) {
    await store.routeAgain(id, conversationId);
    return 'routed';
  }
  const executions = failed.map(({ ruleId, ruleVersion, rule }) => ({ ruleId, ruleVersion, ruleName: rule }));
  await store.executeAgain({ id, conversation: conversationId, depth: message.depth, body: Buffer.from(JSON.stringify(canonical)) }, executions, by);
  return 'executed';
}
