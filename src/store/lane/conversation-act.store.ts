import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** What operators do with conversations that stand still. */
export class ConversationActStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Why it stands still, under its lock; null: it does not; undefined: there is none. */
  async blockedReason(id: string): Promise<string | null | undefined> {
    const rows = await this.manager.query<{ blocked: string | null }[]>('SELECT blocked FROM conversation WHERE organization_id = $1 AND id = $2 FOR UPDATE', [this.organization, id]);
    return rows[0]?.blocked;
  }

  /** Lets it go on; what it did before does not count against it any more. It is looked at in any case: executions that came due while it stood still rang nobody. */
  async release(id: string): Promise<void> {
    await this.manager.query('DELETE FROM provisional_conversation WHERE organization_id = $1 AND conversation_id = $2', [this.organization, id]);
    await this.manager.query(
      'UPDATE conversation SET blocked = NULL, loops_after = now(), ready_at = now() WHERE organization_id = $1 AND id = $2', [this.organization, id]);
  }
}
