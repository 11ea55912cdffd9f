import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** What operators order for executions that wait; carried out by whoever holds the conversation's route lane. */
export class DelayedActStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** The state of an execution; null where there is none. */
  async state(id: string): Promise<{ readonly state: string; readonly conversation: string; readonly rule: string } | null> {
    const rows = await this.manager.query<{ state: string; conversation: string; rule: string }[]>(
      'SELECT state, conversation_id AS conversation, rule_name AS rule FROM delayed_execution WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return rows[0] ?? null;
  }

  /** Orders and makes the conversation ready for it. Conversations are locked before what hangs on them, as everywhere. */
  async order(id: string, conversation: string, order: 'RELEASE' | 'CANCEL', by: string): Promise<void> {
    await this.manager.query(
      `UPDATE conversation SET poked = ready_at < 'infinity', ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END WHERE organization_id = $1 AND id = $2`,
      [this.organization, conversation]);
    await this.manager.query(`UPDATE delayed_execution SET ordered = $3, ordered_by = $4 WHERE organization_id = $1 AND id = $2 AND state = 'WAITING'`, [this.organization, id, order, by]);
  }
}
