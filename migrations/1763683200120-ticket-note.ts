import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** What a kind of endpoint wants to know of a ticket when it sends to it: of a mail thread its subject, its chain of ids, whom to answer. */
export class TicketNote1763683200120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE ticket_note (
      organization_id uuid NOT NULL, conversation_id uuid NOT NULL, endpoint text NOT NULL, entity_type text NOT NULL,
      note jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (conversation_id, endpoint, entity_type))`);
    for (const statement of organizationRows('ticket_note', { app: 'SELECT' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
