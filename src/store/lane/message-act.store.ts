import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { newId } from '../pipeline/uuid.js';

/** A rule whose execution failed, to be executed again. */
export interface FailedExecution {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleName: string;
}

/** What operators do with messages that failed; one organization, one transaction. */
export class MessageActStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Locks the conversation that a message is in, so that whoever routes it sees all of the act or nothing. One that it is moved to meanwhile is followed. */
  async lockConversationOf(id: string): Promise<void> {
    for (let at = await this.conversationOf(id); at !== null;) {
      await this.manager.query('SELECT 1 FROM conversation WHERE organization_id = $1 AND id = $2 FOR UPDATE', [this.organization, at]);
      const now = await this.conversationOf(id);
      if (now === at) return;
      at = now;
    }
  }

  /** Locks the conversations of many messages, by ascending id as everywhere, before any of them is acted on. */
  async lockConversationsOf(ids: readonly string[]): Promise<void> {
    await this.manager.query(
      'SELECT 1 FROM conversation c WHERE c.id IN (SELECT conversation_id FROM message WHERE organization_id = $1 AND id = ANY($2::uuid[])) ORDER BY c.id FOR UPDATE', [this.organization, ids]);
  }

  /** Null where there is none. */
  async state(id: string): Promise<string | null> {
    return (await this.manager.query<{ state: string }[]>('SELECT state FROM message WHERE organization_id = $1 AND id = $2', [this.organization, id]))[0]?.state ?? null;
  }

  /** Takes a failed message out of that state; of two who try, one does. */
  async take(id: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>(`UPDATE message SET state = 'RECEIVED' WHERE organization_id = $1 AND id = $2 AND state = 'FAILED'`, [this.organization, id]);
    await this.manager.query('DELETE FROM failed_message WHERE organization_id = $1 AND message_id = $2', [this.organization, id]);
    return count === 1;
  }

  /** The failed executions wait for their conversation with the order to be released: then they are executed as any release is. */
  async executeAgain(message: { readonly id: string; readonly conversation: string; readonly depth: number; readonly body: Buffer }, failed: readonly FailedExecution[], by: string): Promise<void> {
    for (const { ruleId, ruleVersion, ruleName } of failed) {
      await this.manager.query(
        `INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, waiting_for, depth, message, ordered, ordered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '[]', $8, $9, 'RELEASE', $10)`,
        [this.organization, newId(), message.conversation, message.id, ruleId, ruleVersion, ruleName, message.depth, message.body, by]);
    }
    await this.manager.query(`UPDATE message SET state = 'DELAYED', reason = NULL WHERE organization_id = $1 AND id = $2`, [this.organization, message.id]);
    await this.manager.query(
      `UPDATE conversation SET poked = ready_at < 'infinity', ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END WHERE organization_id = $1 AND id = $2`,
      [this.organization, message.conversation]);
  }

  /** The message takes a new place at the end of its conversation's lane. */
  async routeAgain(id: string, conversation: string): Promise<void> {
    await this.manager.query(
      `WITH lane AS (UPDATE conversation SET last_seq = last_seq + 1, poked = ready_at < 'infinity', ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END
         WHERE organization_id = $1 AND id = $3 RETURNING last_seq)
       UPDATE message m SET seq = lane.last_seq, state = 'RECEIVED', reason = NULL, finished_at = NULL FROM lane WHERE m.organization_id = $1 AND m.id = $2`, [this.organization, id, conversation]);
  }

  /** The request takes a new place at the end of its endpoint's receive lane; the message that could not be made of it goes. Answers whether it is still kept. */
  async normalizeAgain(id: string, rawId: string): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `WITH request AS (SELECT endpoint FROM raw_request WHERE organization_id = $1 AND id = $2),
       lane AS (UPDATE receive_lane t SET last_seq = t.last_seq + 1, ready_at = CASE WHEN t.ready_at = 'infinity' THEN now() ELSE t.ready_at END FROM request
         WHERE t.organization_id = $1 AND t.endpoint = request.endpoint RETURNING t.last_seq)
       UPDATE raw_request r SET seq = lane.last_seq FROM lane WHERE r.organization_id = $1 AND r.id = $2 RETURNING r.id`, [this.organization, rawId]);
    if ((rows[0] as unknown[]).length === 0) return false;
    await this.manager.query('DELETE FROM message WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return true;
  }

  private async conversationOf(id: string): Promise<string | null> {
    return (await this.manager.query<{ conversation: string | null }[]>('SELECT conversation_id AS conversation FROM message WHERE organization_id = $1 AND id = $2', [this.organization, id]))[0]?.conversation ?? null;
  }

  async rawId(id: string): Promise<string | null> {
    const rows = await this.manager.query<{ raw: string | null }[]>('SELECT raw_id AS raw FROM message WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return rows[0]?.raw ?? null;
  }
}
