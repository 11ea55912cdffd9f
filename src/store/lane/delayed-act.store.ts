import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** An execution that waits, or has waited. */
export interface WaitingExecution {
  readonly state: string;
  readonly conversation: string;
  readonly rule: string;
}

export type DelayedOrder = 'RELEASE' | 'CANCEL';

/** What operators order for executions that wait; carried out by whoever holds the conversation's route lane. */
export class DelayedActStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** An execution under its conversation's lock; null where there is none. Conversations are locked before what hangs on them, as everywhere; one that it is moved to meanwhile is followed. */
  async lock(id: string): Promise<WaitingExecution | null> {
    for (let seen = await this.find(id); ;) {
      if (seen === null) return null;
      await this.manager.query('SELECT FROM conversation WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE', [this.organization, seen.conversation]);
      const now = await this.find(id);
      if (now === null || now.conversation === seen.conversation) return now;
      seen = now;
    }
  }

  /** Locks the conversations of many executions, by ascending id as everywhere, before any of them is acted on. */
  async lockConversationsOf(ids: readonly string[]): Promise<void> {
    await this.manager.query(
      `SELECT 1 FROM conversation c WHERE c.organization_id = $1 AND c.id IN (SELECT conversation_id FROM delayed_execution WHERE organization_id = $1 AND id = ANY($2::uuid[])) ORDER BY c.id FOR NO KEY UPDATE`, [this.organization, ids]);
  }

  /** Orders and makes the conversation ready for it; the caller has locked it. */
  async order(id: string, conversation: string, order: DelayedOrder, by: string): Promise<void> {
    await this.manager.query(
      `UPDATE conversation SET poked = ready_at < 'infinity', ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END WHERE organization_id = $1 AND id = $2`,
      [this.organization, conversation]);
    await this.manager.query(`UPDATE delayed_execution SET ordered = $3, ordered_by = $4 WHERE organization_id = $1 AND id = $2 AND state = 'WAITING'`, [this.organization, id, order, by]);
  }

  private async find(id: string): Promise<WaitingExecution | null> {
    const rows = await this.manager.query<WaitingExecution[]>(
      'SELECT state, conversation_id AS conversation, rule_name AS rule FROM delayed_execution WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return rows[0] ?? null;
  }
}
